import fc from "fast-check";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import type { ContainerTerminated, ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";
import { epoch } from "./moment.ts";
import { ourMark } from "./observed.ts";
import { maybe } from "./record.ts";

const momentsOfInstance = 4;
const instanceMs = 100_000;

const endOf = (instance: number): ContainerTerminated => ({
  _tag: "Terminated",
  exitCode: instance % 3,
  startedAt: epoch + instance * instanceMs,
  finishedAt: epoch + instance * instanceMs + instanceMs / 2,
});

/**
 * What a back end tells of a container at this moment of its life: each instance is made, runs, ends, and waits for the
 * next one; a higher moment is later.
 */
export const observedAt = (name: string, moment: number): ObservedContainer => {
  const instance = Math.floor(moment / momentsOfInstance);
  const before: Pick<ObservedContainer, "name" | "restartCount" | "last"> = {
    name,
    restartCount: instance,
    ...(instance === 0 ? {} : { last: endOf(instance - 1) }),
  };
  switch (moment % momentsOfInstance) {
    case 0:
      return { ...before, state: { _tag: "Waiting", reason: "Pulling" } };
    case 1:
      return { ...before, state: { _tag: "Running", startedAt: epoch + instance * instanceMs } };
    case 2:
      return { ...before, state: endOf(instance) };
    default:
      return { ...before, state: { _tag: "Waiting", reason: "CrashLoopBackOff" }, last: endOf(instance) };
  }
};

/** A moment in the life of a container: of the first four instances. */
export const anyMoment: fc.Arbitrary<number> = fc.integer({ min: 0, max: 15 });

/** What a back end truthfully tells of one pod at some time: any two of these are of one life of each container. */
export const anyTruthOf = (
  ref: ObjectRef,
  containers: readonly string[],
): fc.Arbitrary<ObservedPod> =>
  fc.tuple(...containers.map(() => maybe(anyMoment))).map((moments) => ({
    ...ref,
    owner: ourMark,
    containers: containers.flatMap((name, index) => {
      const moment = moments[index];
      return moment === undefined ? [] : [observedAt(name, moment)];
    }),
  }));
