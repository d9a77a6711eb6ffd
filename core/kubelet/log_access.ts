import type { ContainerStatus } from "../kubernetes/pod_status.ts";
import type { Pod } from "../kubernetes/pod.ts";
import type { Refusal } from "./log_options.ts";

const quote = (text: string): string => JSON.stringify(text);

const nameOf = (container: unknown): unknown => (container as { name?: unknown } | null)?.name;

/** Init and ephemeral containers count as known, as in the kubelet. */
const isKnown = (pod: Pod, container: string): boolean =>
  [pod.spec.containers, pod.spec.initContainers ?? [], pod.spec.ephemeralContainers ?? []]
    .some((list) => list.some((each) => nameOf(each) === container));

const statusOf = (pod: Pod, container: string): ContainerStatus | undefined =>
  [...pod.status.containerStatuses ?? [], ...pod.status.initContainerStatuses ?? []]
    .find((status) => status.name === container);

const waitingFor = (reason: string | undefined): string => {
  switch (reason) {
    case undefined:
    case "":
      return "no logs yet";
    case "ErrImagePull":
      return "image can't be pulled";
    case "ImagePullBackOff":
      return "trying and failing to pull image";
    default:
      return reason;
  }
};

/**
 * Whether a container of a pod (`undefined`: the node has none of that name) has a log to read, by its status in the API:
 * 404 for an unknown pod or container, 400 when no instance has started yet, and 400 for `previous` without an
 * earlier one (kubelet `validateContainerLogStatus`, whose texts people search for). `undefined`: there is one.
 */
export const refuseLogs = (
  pod: Pod | undefined,
  podName: string,
  container: string,
  previous: boolean,
): Refusal | undefined => {
  if (pod === undefined) return { status: 404, message: `pod ${quote(podName)} does not exist` };
  const where = `container ${quote(container)} in pod ${quote(podName)}`;
  if (!isKnown(pod, container)) {
    return { status: 404, message: `container ${quote(container)} not found in pod ${quote(podName)}` };
  }
  const status = statusOf(pod, container);
  if (status === undefined) return { status: 400, message: `${where} is not available` };
  const ended = status.lastState?.terminated !== undefined;
  if (previous) {
    return ended ? undefined : { status: 400, message: `previous terminated ${where} not found` };
  }
  const { running, terminated, waiting } = status.state ?? {};
  if (running !== undefined || terminated !== undefined || ended) return undefined;
  return { status: 400, message: `${where} is waiting to start: ${waitingFor(waiting?.reason)}` };
};

/**
 * Whether `previous` means an instance before the back end's newest one. While a container waits to be restarted, its
 * newest instance is the one that ended last: the kubelet shows that one with `previous` and without.
 */
export const wantsEarlier = (pod: Pod, container: string, previous: boolean): boolean => {
  const status = statusOf(pod, container);
  const betweenInstances = status?.state?.waiting !== undefined && status.lastState?.terminated !== undefined;
  return previous && !betweenInstances;
};
