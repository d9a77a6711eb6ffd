import type { Container } from "../kubernetes/container.ts";
import type { Pod } from "../kubernetes/pod.ts";
import { isLive, type ObservedPod } from "../pod/observed.ts";
import type { Millis, Now } from "../time.ts";
import { courseOf, type Look } from "./course.ts";
import { type KnownContainer, knownContainers } from "./known.ts";
import { type ContainersMemory, remember } from "./memory.ts";
import { type Order, orderOf, type Planned } from "./order.ts";
import { type ContainerPolicy, defaultContainerPolicy } from "./policy.ts";
import { planStop } from "./stop.ts";
import { type ContainerView, initialized, viewKnown } from "./view.ts";
import { viewCourse } from "./waiting.ts";
import type { ContainersWhy, StopWhy } from "./why.ts";

/** An instance to be started. Its identity is the pod's UID, the container's name and `restartCount`. */
export interface ContainerStart {
  readonly container: Container;
  readonly restartCount: number;
}

/** A container to be stopped, and why. */
export interface ContainerStop {
  readonly container: string;
  readonly why: StopWhy;
}

export interface ContainersPlan {
  /** At most one: containers are started one after another. */
  readonly start: readonly ContainerStart[];
  readonly stop: readonly ContainerStop[];
  readonly memory: ContainersMemory;
  /** On the `mono` clock; `undefined`: only a new fact can change anything. */
  readonly wakeAt: Millis | undefined;
  /** Nothing runs and nothing will be started any more. */
  readonly finished: boolean;
  /** One for each init container and container, in the order of the spec. */
  readonly view: readonly ContainerView[];
  /** For logs and tables: a stable, short reason. */
  readonly why: ContainersWhy;
}

/** A running container whose image the spec has changed. Init containers are left to end, as the kubelet does. */
const isReplaceable = ({ init, sidecar, instance, outdated }: KnownContainer): boolean =>
  (!init || sidecar) && instance._tag === "Running" && outdated;

/** The image was changed back before the container was stopped. */
const isSpared = (
  { container, instance, outdated }: KnownContainer,
  inFlight: ReadonlySet<string>,
): boolean => instance._tag === "Running" && !outdated && !inFlight.has(container.name);

const rememberAll = (
  memory: ContainersMemory,
  planned: readonly Planned[],
  inFlight: ReadonlySet<string>,
): ContainersMemory => {
  let next = memory;
  for (const { known, course } of planned) {
    const { name } = known.container;
    const replaced = next[name]?.replaced;
    if (course._tag === "Due" && course.end !== undefined && next[name]?.end !== course.end) {
      next = remember(next, name, { end: course.end });
    }
    if (isReplaceable(known) && replaced !== known.restartCount) {
      next = remember(next, name, { replaced: known.restartCount });
    } else if (replaced !== undefined && isSpared(known, inFlight)) {
      next = remember(next, name, { replaced: undefined });
    }
  }
  return next;
};

/** What may start now, and when to look again for those that may not yet. */
const turns = (
  order: Order,
  inFlight: ReadonlySet<string>,
  now: Now,
): { readonly ready: readonly ContainerStart[]; readonly wakeAt: Millis | undefined } => {
  const ready: ContainerStart[] = [];
  let wakeAt: Millis | undefined;
  for (const { known, course } of order.open) {
    if (course._tag !== "Due" || inFlight.has(known.container.name)) continue;
    if (course.at <= now.mono) ready.push({ container: known.container, restartCount: course.restartCount });
    else wakeAt = Math.min(wakeAt ?? course.at, course.at);
  }
  return { ready, wakeAt };
};

const names = (planned: readonly Planned[], tag: Planned["course"]["_tag"]): string =>
  planned.filter(({ course }) => course._tag === tag).map(({ known }) => known.container.name).join(", ");

const reason = (
  planned: readonly Planned[],
  order: Order,
  start: ContainerStart | undefined,
  stop: readonly ContainerStop[],
  busy: KnownContainer | undefined,
  finished: boolean,
): ContainersWhy => {
  if (order.done !== undefined) return finished ? `finished: ${order.done}` : `finishing: ${order.done}`;
  if (start !== undefined) {
    return start.restartCount === 0
      ? `start ${start.container.name}`
      : `restart ${start.container.name} (${start.restartCount})`;
  }
  const [first] = stop;
  if (first !== undefined) return `stop ${first.container}: image changed`;
  if (busy !== undefined) return `starting ${busy.container.name}`;
  const refused = names(planned, "Refused");
  if (refused !== "") return `refused until the spec changes: ${refused}`;
  const backing = names(order.open, "Due");
  if (backing !== "") return `back-off: ${backing}`;
  return order.waitsFor === undefined ? "runs" : `waits for init container ${order.waitsFor}`;
};

/**
 * What the containers of a pod that is to run need next: init containers in order, restarts by policy with back-off,
 * containers whose image changed stopped and started again. For pods that are not deleted, not terminal and within
 * their deadline.
 *
 * `observed` is what the back end holds (`undefined`: positively nothing), never a guess. A container whose name is in
 * `inFlight` has an operation under way: it is neither started nor stopped, and while one that does not run is in it, no
 * other is started. Restart counts never go down; an instance that the back end or the pod's status says ran is never
 * started again. Level-triggered and idempotent: the same input gives the same plan.
 */
export const planContainers = (
  pod: Pod,
  observed: ObservedPod | undefined,
  memory: ContainersMemory,
  inFlight: ReadonlySet<string>,
  now: Now,
  policy: ContainerPolicy = defaultContainerPolicy,
): ContainersPlan => {
  const facts = knownContainers(pod, observed);
  const look: Look = { pod, begun: facts.begun, now, policy };
  const planned = facts.all.map((known): Planned => ({
    known,
    course: courseOf(look, known, memory[known.container.name] ?? {}),
  }));
  const order = orderOf(planned, facts.begun);
  const busy = facts.all.find(({ container, instance }) =>
    instance._tag !== "Running" && inFlight.has(container.name)
  );
  const { ready, wakeAt } = turns(order, inFlight, now);
  const start = busy === undefined ? ready.slice(0, 1) : [];
  const { done } = order;
  const stop: readonly ContainerStop[] = done !== undefined
    ? planStop(pod, observed, inFlight).map((container) => ({ container, why: done }))
    : facts.all.filter((known) => isReplaceable(known) && !inFlight.has(known.container.name))
      .map(({ container }) => ({ container: container.name, why: "image changed" }));
  const live = (observed?.containers ?? []).some(isLive);
  const finished = done !== undefined && !live && inFlight.size === 0;
  const made = initialized(facts);
  return {
    start,
    stop,
    memory: rememberAll(memory, planned, inFlight),
    wakeAt,
    finished,
    view: planned.map((each) =>
      done === undefined ? viewCourse(pod, each, made, policy) : viewKnown(pod, each.known, made)
    ),
    why: reason(planned, order, start[0], stop, busy, finished),
  };
};
