import type { Pod } from "../kubernetes/pod.ts";
import type { ContainerTerminated, ContainerWaiting } from "../pod/observed.ts";
import type { Millis } from "../time.ts";
import type { ContainersMemory } from "./memory.ts";
import type { Planned } from "./order.ts";
import { type ContainerPolicy, crashLoopMs } from "./policy.ts";
import { type ContainerView, viewAs, viewKnown } from "./view.ts";

/** A duration in the way of Go, as the kubelet prints it: `10s`, `2m40s`, `5m0s`. */
export const goDuration = (ms: Millis): string => {
  const seconds = ms / 1000;
  const h = Math.floor(seconds / 3600);
  const m = Math.floor(seconds / 60) % 60;
  const s = `${seconds % 60}s`;
  return h > 0 ? `${h}h${m}m${s}` : m > 0 ? `${m}m${s}` : s;
};

/** A pod as the kubelet's messages name it. */
const podText = ({ metadata: { name, namespace, uid } }: Pod): string => `${name}_${namespace ?? ""}(${uid})`;

const crashLoop = (pod: Pod, container: string, delay: Millis): ContainerWaiting => ({
  _tag: "Waiting",
  reason: "CrashLoopBackOff",
  message: `back-off ${goDuration(delay)} restarting failed container=${container} pod=${podText(pod)}`,
});

/** What is to be told of each container that has ended since `before` and waits for its restart, in the kubelet's words. */
export const newBackoffs = (
  pod: Pod,
  before: ContainersMemory,
  after: ContainersMemory,
  policy: ContainerPolicy,
): readonly string[] =>
  before === after
    ? []
    : Object.entries(after).flatMap(([name, { end }]) =>
      end === undefined || end === before[name]?.end || crashLoopMs(policy, end.level) === 0
        ? []
        : [`Back-off restarting failed container ${name} in pod ${podText(pod)}`]
    );

/**
 * What the status shows of a container that waits for its start: why the last attempt failed; `CrashLoopBackOff` while
 * (and until) a delayed restart; the end itself when the restart is at once.
 */
export const viewCourse = (
  pod: Pod,
  { known, course }: Planned,
  made: boolean,
  policy: ContainerPolicy,
): ContainerView => {
  const { instance, container } = known;
  if (course._tag !== "Due" && course._tag !== "Refused") return viewKnown(pod, known, made);
  const last = instance._tag === "Ended" ? instance.end : known.last;
  if (course.fault !== undefined) {
    const reason = course._tag === "Refused" ? "CreateContainerConfigError" : "RunContainerError";
    return viewAs(known, { _tag: "Waiting", reason, message: course.fault.fault.message }, last);
  }
  if (course._tag === "Refused" || instance._tag !== "Ended" || course.end === undefined) {
    return viewKnown(pod, known, made);
  }
  const end: ContainerTerminated = {
    ...instance.end,
    finishedAt: instance.end.finishedAt ?? course.end.finishedAt,
    id: instance.end.id ?? known.seen?.id,
  };
  const delay = crashLoopMs(policy, course.end.level);
  if (delay > 0) return viewAs(known, crashLoop(pod, container.name, delay), end);
  // Not the end itself: with a policy of Never it would look final, and it is not.
  if (course.replacing) return viewAs(known, { _tag: "Waiting", reason: "ContainerCreating" }, end);
  return viewAs(known, end, known.last);
};
