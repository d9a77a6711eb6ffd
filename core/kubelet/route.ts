/** One container of a pod, by the names that the API server puts into a path. */
export interface ContainerPath {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** A pod, by name and, in some paths, by UID. */
export interface PodPath {
  readonly namespace: string;
  readonly pod: string;
  readonly uid?: string;
}

/** What is answered with `101 Switching Protocols`. */
export type StreamRoute =
  | ({ readonly _tag: "Exec" } & PodPath & ContainerPath)
  | ({ readonly _tag: "Attach" } & PodPath & ContainerPath)
  | ({ readonly _tag: "PortForward" } & PodPath);

/** What of the kubelet's API is named by a path. `Unsupported`: the kubelet has it, this node does not. */
export type Route =
  | { readonly _tag: "Healthz"; readonly check: string | undefined }
  | { readonly _tag: "Pods" }
  | { readonly _tag: "RunningPods" }
  | { readonly _tag: "Configz" }
  | ({ readonly _tag: "ContainerLogs" } & ContainerPath)
  | ({ readonly _tag: "Run" } & PodPath & ContainerPath)
  | StreamRoute
  | { readonly _tag: "Unsupported"; readonly what: string; readonly methods: readonly string[] }
  | { readonly _tag: "NotFound" };

/** Whether a route is one that switches protocols. */
export const isStreamRoute = (route: Route): route is StreamRoute =>
  route._tag === "Exec" || route._tag === "Attach" || route._tag === "PortForward";

/** The methods of a route; anything else is answered with 405 and these in `Allow`. */
export const methodsOf = (route: Exclude<Route, { readonly _tag: "NotFound" }>): readonly string[] => {
  switch (route._tag) {
    case "Healthz":
      return ["GET", "HEAD"];
    case "Pods":
    case "RunningPods":
    case "Configz":
    case "ContainerLogs":
      return ["GET"];
    case "Run":
      return ["POST"];
    case "Exec":
    case "Attach":
    case "PortForward":
      return ["GET", "POST"];
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

/** `{namespace}/{pod}/{container}` or `{namespace}/{pod}/{uid}/{container}`. */
const inContainer = (_tag: "Exec" | "Attach" | "Run", rest: readonly string[]): Route => {
  const [namespace, pod, ...others] = rest.map(decode);
  const [uid, container] = others.length === 1 ? [undefined, others[0]] : others;
  if (namespace === undefined || pod === undefined || container === undefined) return notFound;
  if (rest.length !== 3 && (rest.length !== 4 || uid === undefined)) return notFound;
  return { _tag, namespace, pod, container, ...(uid === undefined ? {} : { uid }) };
};

/** `{namespace}/{pod}` or `{namespace}/{pod}/{uid}`. */
const portForward = (rest: readonly string[]): Route => {
  const [namespace, pod, uid] = rest.map(decode);
  if (namespace === undefined || pod === undefined) return notFound;
  if (rest.length !== 2 && (rest.length !== 3 || uid === undefined)) return notFound;
  return { _tag: "PortForward", namespace, pod, ...(uid === undefined ? {} : { uid }) };
};

const unsupported = (what: string, methods: readonly string[]): Route => ({
  _tag: "Unsupported",
  what,
  methods,
});

const metrics: ReadonlySet<string> = new Set(["resource", "cadvisor", "probes", "slis"]);

const unsupportedRoute = (first: string, rest: readonly string[]): Route => {
  const count = rest.length;
  switch (first) {
    case "checkpoint":
      return count === 3 ? unsupported(first, ["POST"]) : notFound;
    case "stats":
      return count === 1 && rest[0] === "summary" ? unsupported("/stats/summary", ["GET", "POST"]) : notFound;
    case "metrics":
      if (count === 0) return unsupported("/metrics", ["GET"]);
      return count === 1 && metrics.has(rest[0] ?? "")
        ? unsupported(`/metrics/${rest[0]}`, ["GET"])
        : notFound;
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
    case "exec":
      return inContainer("Exec", rest);
    case "attach":
      return inContainer("Attach", rest);
    case "run":
      return inContainer("Run", rest);
    case "portForward":
      return portForward(rest);
    case "configz":
      return rest.length === 0 ? { _tag: "Configz" } : notFound;
    default:
      return unsupportedRoute(first, rest);
  }
};
