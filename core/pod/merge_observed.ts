import type { Millis } from "../time.ts";
import type { ContainerState, ObservedContainer, ObservedPod } from "./observed.ts";

const rank = (container: ObservedContainer): number => {
  switch (container.state._tag) {
    case "Waiting":
      return 0;
    case "Running":
      return 1;
    case "Terminated":
      return 2;
  }
};

/** A wait for the restart of just this instance, told under that instance's restart count. */
const follows = ({ state, last }: ObservedContainer, before: ContainerState): boolean => {
  if (state._tag !== "Waiting" || last === undefined) return false;
  return before._tag === "Terminated"
    ? last.exitCode === before.exitCode && last.finishedAt === before.finishedAt
    : before._tag === "Running" && last.startedAt === before.startedAt;
};

const endedAt = ({ last }: ObservedContainer): Millis => last?.finishedAt ?? -Infinity;

/**
 * The newer of two facts about one container, whatever the order in which they came: instances only ever follow one
 * another, and an instance only waits, runs, ends, and waits for its restart, in this order. News that came late do
 * not undo what is known.
 */
export const laterContainer = (known: ObservedContainer, told: ObservedContainer): ObservedContainer => {
  if (known.restartCount !== told.restartCount) return known.restartCount > told.restartCount ? known : told;
  if (follows(told, known.state)) return told;
  if (follows(known, told.state)) return known;
  const bothWait = known.state._tag === "Waiting" && told.state._tag === "Waiting";
  if (bothWait) return endedAt(known) > endedAt(told) ? known : told;
  return rank(known) > rank(told) ? known : told;
};

/**
 * What is known of a pod after it was told of again. `complete`: a list, in which a container that is not named is not
 * there; in a single piece of news it may only be older than what is known.
 */
export const mergeObserved = (known: ObservedPod, told: ObservedPod, complete: boolean): ObservedPod => {
  const containers = told.containers.map((container) => {
    const before = known.containers.find((each) => each.name === container.name);
    return before === undefined ? container : laterContainer(before, container);
  });
  const missing = complete
    ? []
    : known.containers.filter((container) => !told.containers.some((each) => each.name === container.name));
  return { ...told, containers: [...containers, ...missing] };
};
