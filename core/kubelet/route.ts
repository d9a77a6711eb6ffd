/** One container of a pod, by the names that the API server puts into a path. */
export interface ContainerPath {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What of the kubelet's API is named by a path. `Unsupported`: the kubelet has it, this node does not yet. */
export type Route =
  | { readonly _tag: "Healthz"; readonly check: string | undefined }
  | { readonly _tag: "Pods" }
  | { readonly _tag: "RunningPods" }
  | ({ readonly _tag: "ContainerLogs" } & ContainerPath)
  | {
    readonly _tag: "Unsupported";
    readonly what: string;
    readonly methods: readonly string[];
    /** Its real answer is `101 Switching Protocols`. */
    readonly upgrades: boolean;
  }
  | { readonly _tag: "NotFound" };

/** The methods of a route; anything else is answered with 405 and these in `Allow`. */
export const methodsOf = (route: Exclude<Route, { readonly _tag: "NotFound" }>): readonly string[] => {
  switch (route._tag) {
    case "Healthz":
      return ["GET", "HEAD"];
    case "Pods":
    case "RunningPods":
    case "ContainerLogs":
      return ["GET"];
    case "Unsupported":
      return route.methods;
  }
};

const notFound: Route = { _tag: "NotFound" };

/** The segments of a path, still percent-encoded; one slash at the end does not count. */
export const segmentsOf = (path: string): readonly string[] => path.replace(/\/$/, "").split("/").slice(1);

const decode = (segment: string): string | undefined => {
  try {
    const text = decodeURIComponent(segment);
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
};

const containerLogs = (rest: readonly string[]): Route => {
  const [namespace, pod, container] = rest.map(decode);
  return rest.length !== 3 || namespace === undefined || pod === undefined || container === undefined
    ? notFound
    : { _tag: "ContainerLogs", namespace, pod, container };
};

const unsupported = (what: string, methods: readonly string[], upgrades = false): Route => ({
  _tag: "Unsupported",
  what,
  methods,
  upgrades,
});

const metrics: ReadonlySet<string> = new Set(["resource", "cadvisor", "probes", "slis"]);

const unsupportedRoute = (first: string, rest: readonly string[]): Route => {
  const count = rest.length;
  switch (first) {
    case "exec":
    case "attach":
      return count === 3 || count === 4 ? unsupported(first, ["GET", "POST"], true) : notFound;
    case "portForward":
      return count === 2 || count === 3 ? unsupported("port-forward", ["GET", "POST"], true) : notFound;
    case "run":
      return count === 3 || count === 4 ? unsupported(first, ["POST"]) : notFound;
    case "checkpoint":
      return count === 3 ? unsupported(first, ["POST"]) : notFound;
    case "stats":
      return count === 1 && rest[0] === "summary" ? unsupported("/stats/summary", ["GET", "POST"]) : notFound;
    case "metrics":
      if (count === 0) return unsupported("/metrics", ["GET"]);
      return count === 1 && metrics.has(rest[0] ?? "")
        ? unsupported(`/metrics/${rest[0]}`, ["GET"])
        : notFound;
    case "configz":
      return count === 0 ? unsupported("/configz", ["GET"]) : notFound;
    case "logs":
      return unsupported("/logs/ (files of the node)", ["GET"]);
    default:
      return notFound;
  }
};

/**
 * Reads the path of a request to the kubelet, as `URL.pathname` gives it (percent-encoded, `..` resolved). The first
 * segment counts as it is written: encoded in another way it is not found, so what authorization reads is what is served.
 */
export const routeOf = (path: string): Route => {
  const [first = "", ...rest] = segmentsOf(path);
  switch (first) {
    case "healthz":
      return rest.length > 1 ? notFound : { _tag: "Healthz", check: rest[0] };
    case "pods":
      return rest.length === 0 ? { _tag: "Pods" } : notFound;
    case "runningpods":
      return rest.length === 0 ? { _tag: "RunningPods" } : notFound;
    case "containerLogs":
      return containerLogs(rest);
    default:
      return unsupportedRoute(first, rest);
  }
};
