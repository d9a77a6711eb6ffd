import type { ApiError } from "../api_error.ts";

/** A kind of every distribution that this server knows by name only. */
export interface AbsentKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
}

const of = (group: string, version: string, namespaced: boolean, names: string): readonly AbsentKind[] =>
  names.split(" ").map((name) => {
    const [kind = "", short] = name.split(":");
    const plural = `${kind.toLowerCase().replace(/(s|ss)$/, "$1e").replace(/y$/, "ie")}s`;
    return { group, version, kind, plural, namespaced, shortNames: short === undefined ? [] : [short] };
  });

/** What people ask for first. Their controllers are what makes a distribution. */
export const absentKinds: readonly AbsentKind[] = [
  ...of("apps", "v1", true, "Deployment:deploy ReplicaSet:rs StatefulSet:sts DaemonSet:ds"),
  ...of("batch", "v1", true, "Job CronJob:cj"),
  ...of("", "v1", true, "ReplicationController:rc ResourceQuota:quota LimitRange:limits"),
  ...of("autoscaling", "v2", true, "HorizontalPodAutoscaler:hpa"),
  ...of("networking.k8s.io", "v1", true, "Ingress:ing NetworkPolicy:netpol"),
  ...of("policy", "v1", true, "PodDisruptionBudget:pdb"),
  ...of("storage.k8s.io", "v1", false, "StorageClass:sc"),
  ...of("scheduling.k8s.io", "v1", false, "PriorityClass:pc"),
  ...of("apiextensions.k8s.io", "v1", false, "CustomResourceDefinition:crd"),
];

const workloads: ReadonlySet<string> = new Set(["apps", "batch"]);

const advice = ({ group, kind }: AbsentKind): string =>
  workloads.has(group) || kind === "ReplicationController"
    ? "create the Pods yourself, or use a real cluster"
    : "leave it out, or use a real cluster";

/**
 * The answer to any request for such a kind. It is a 404, as for what is not installed, so that no client waits for it;
 * the message is what kubectl shows.
 */
export const absentError = (absent: AbsentKind): ApiError => {
  const { group, kind, plural } = absent;
  return {
    code: 404,
    reason: "NotFound",
    message:
      `this is an in-memory API server for nodes and pods, not a Kubernetes distribution: it has no ${kind} ` +
      `(${plural}${group === "" ? "" : `.${group}`}) and no controller that would carry it out; ${
        advice(absent)
      }`,
    details: { ...(group === "" ? {} : { group }), kind: plural },
  };
};

/** Why a resource is not served, where there is more to say than that. */
export const absentResource = (group: string, version: string, plural: string): ApiError | undefined => {
  const found = absentKinds.find((kind) => kind.group === group && kind.plural === plural);
  return found === undefined || found.version !== version ? undefined : absentError(found);
};
