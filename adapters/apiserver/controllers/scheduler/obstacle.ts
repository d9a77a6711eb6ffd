import { listAt, objectsAt, textAt } from "../../kinds/fields.ts";
import type { ApiObject } from "../../object.ts";
import { keyOf, objectAt } from "../../objects.ts";
import { objectsOf, type ServerState } from "../../state.ts";
import { type Term, termsAt } from "./node_selector.ts";

const requiredKey = "requiredDuringSchedulingIgnoredDuringExecution";

/** What a pod may require and this scheduler does not look at: such a pod waits and says so. */
const unsupported: readonly (readonly [string, (pod: ApiObject) => boolean])[] = [
  [
    "required pod affinity",
    (pod) => listAt(pod, "spec", "affinity", "podAffinity", requiredKey).length > 0,
  ],
  [
    "required pod anti-affinity",
    (pod) => listAt(pod, "spec", "affinity", "podAntiAffinity", requiredKey).length > 0,
  ],
  [
    "topology spread constraints with whenUnsatisfiable: DoNotSchedule",
    (pod) =>
      objectsAt(pod, "spec", "topologySpreadConstraints")
        .some((constraint) => textAt(constraint, "whenUnsatisfiable") === "DoNotSchedule"),
  ],
  ["resource claims", (pod) => listAt(pod, "spec", "resourceClaims").length > 0],
];

const unsupportedBy = (pod: ApiObject): string | undefined => {
  const names = unsupported.filter(([, asks]) => asks(pod)).map(([name]) => name);
  return names.length === 0
    ? undefined
    : `the scheduler of the in-memory API server does not know ${names.join(" and ")}. ` +
      "Take it out of the pod, name a node in spec.nodeName, or use a cluster with kube-scheduler.";
};

/** A claim that a pod uses: by name, or made for it. */
interface ClaimUse {
  readonly name: string;
  readonly isMade: boolean;
}

const claimsOf = (pod: ApiObject): readonly ClaimUse[] =>
  objectsAt(pod, "spec", "volumes").flatMap((volume): readonly ClaimUse[] => {
    if (volume["ephemeral"] !== undefined) {
      return [{ name: `${pod.metadata.name}-${textAt(volume, "name")}`, isMade: true }];
    }
    const name = textAt(volume, "persistentVolumeClaim", "claimName");
    return name === "" ? [] : [{ name, isMade: false }];
  });

export interface Volumes {
  /** Why the pod cannot run anywhere. */
  readonly obstacle?: string;
  /** For each volume that is bound to some nodes: terms of which one has to hold. */
  readonly terms: readonly (readonly Term[])[];
}

const volumesOf = (pod: ApiObject, state: ServerState): Volumes => {
  const terms: (readonly Term[])[] = [];
  for (const { name, isMade } of claimsOf(pod)) {
    const claim = objectAt(objectsOf(state, "persistentvolumeclaims"), keyOf(pod.metadata.namespace, name));
    if (claim === undefined) {
      const missing = isMade
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
        : `persistentvolumeclaim "${name}" not found`;
      return { obstacle: `${missing}. not found`, terms };
    }
    if (claim.metadata.deletionTimestamp !== undefined) {
      return { obstacle: `persistentvolumeclaim "${name}" is being deleted. not found`, terms };
    }
    if (textAt(claim, "spec", "volumeName") === "" || textAt(claim, "status", "phase") !== "Bound") {
      return { obstacle: "pod has unbound immediate PersistentVolumeClaims. not found", terms };
    }
    const volume = objectAt(objectsOf(state, "persistentvolumes"), textAt(claim, "spec", "volumeName"));
    const required = termsAt(volume, "spec", "nodeAffinity", "required", "nodeSelectorTerms");
    if (required.length > 0) terms.push(required);
  }
  return { terms };
};

/** What stands in a pod's way wherever it would run, and what its volumes ask of nodes. */
export const obstaclesOf = (pod: ApiObject, state: ServerState): Volumes => {
  const obstacle = unsupportedBy(pod);
  return obstacle === undefined ? volumesOf(pod, state) : { obstacle, terms: [] };
};
