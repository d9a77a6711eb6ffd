import type { RuntimeAction } from "../action.ts";
import type { Fault } from "../fault.ts";
import type { Container } from "../kubernetes/container.ts";
import type { Pod } from "../kubernetes/pod.ts";
import type { Millis, Now } from "../time.ts";

/** The end of an instance that is to be followed by another. */
export interface RememberedEnd {
  /** Of the instance that ended. */
  readonly restartCount: number;
  /** Restarts in a row before this end: the delay follows from it. */
  readonly level: number;
  /** Unix time of the end, or of the first sight of it. */
  readonly finishedAt: Millis;
  /** When the next instance may start, on the `mono` clock. */
  readonly dueAt: Millis;
}

/** A start that did not succeed. */
export interface RememberedFault {
  readonly restartCount: number;
  readonly fault: Fault;
  /** In a row, for this instance. */
  readonly attempts: number;
  /** When it was told, on the `mono` clock. */
  readonly at: Millis;
  /** Which spec was tried: a changed one is tried at once. */
  readonly spec: string;
}

export interface ContainerMemory {
  readonly end?: RememberedEnd;
  readonly fault?: RememberedFault;
  /** The instance whose start the back end accepted. */
  readonly started?: number;
  /** The instance that was stopped because the spec names another image. */
  readonly replaced?: number;
}

/** By container name. Losable: with less of it restarts may come later (never beyond the cap), never earlier. */
export type ContainersMemory = Readonly<Record<string, ContainerMemory>>;

export const emptyContainersMemory: ContainersMemory = {};

/** The memory with some of a container's fields replaced. */
export const remember = (
  memory: ContainersMemory,
  container: string,
  fields: ContainerMemory,
): ContainersMemory => ({ ...memory, [container]: { ...memory[container], ...fields } });

/** Names what of the spec a start depended on. Pods of servers before 1.33 have no generation, but an image. */
export const specOf = (pod: Pod, container: Container): string =>
  `${pod.metadata.generation ?? ""}/${container.image ?? ""}`;

/** What was asked for: a `StartContainer` action, or just these fields of it. */
export type StartAttempt = Pick<
  Extract<RuntimeAction, { _tag: "StartContainer" }>,
  "container" | "restartCount"
>;

/** The back end accepted a start: its faults before are forgotten. */
export const recordStarted = (memory: ContainersMemory, start: StartAttempt): ContainersMemory =>
  remember(memory, start.container.name, { started: start.restartCount, fault: undefined });

/**
 * A start failed. `pod` is the pod as it was when the start was asked for (the action's `intent.pod`), so that a spec
 * that changed meanwhile is tried at once.
 */
export const recordStartFault = (
  memory: ContainersMemory,
  start: StartAttempt,
  pod: Pod,
  fault: Fault,
  now: Now,
): ContainersMemory => {
  const { container, restartCount } = start;
  const spec = specOf(pod, container);
  const before = memory[container.name]?.fault;
  const again = before !== undefined && before.restartCount === restartCount && before.spec === spec;
  const attempts = again ? before.attempts + 1 : 1;
  return remember(memory, container.name, { fault: { restartCount, fault, attempts, at: now.mono, spec } });
};
