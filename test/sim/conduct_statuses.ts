import { type Pod, restartPolicyOf } from "../../core/kubernetes/pod.ts";
import type { ContainerStatus, PodStatus } from "../../core/kubernetes/pod_status.ts";
import type { Judge } from "./judge.ts";

/** How far the instance is that a status tells of: it runs, and then it has ended. Waiting tells of none. */
const stageOf = ({ state }: ContainerStatus): number | undefined =>
  state?.running !== undefined ? 1 : state?.terminated !== undefined ? 2 : undefined;

const isOlder = (before: ContainerStatus, after: ContainerStatus): boolean => {
  if (after.restartCount !== before.restartCount) return after.restartCount < before.restartCount;
  return (stageOf(after) ?? 2) < (stageOf(before) ?? 0);
};

const allOf = (status: PodStatus): readonly ContainerStatus[] => [
  ...status.initContainerStatuses ?? [],
  ...status.containerStatuses ?? [],
];

const exitsOf = (status: PodStatus): readonly (number | undefined)[] =>
  (status.containerStatuses ?? []).map(({ state }) => state?.terminated?.exitCode);

/** A pod that nobody has deleted, and whose end nothing else explains, has ended as its restart policy wants it. */
const unfounded = (pod: Pod, status: PodStatus): string | undefined => {
  const exits = exitsOf(status);
  if (status.phase === "Succeeded" && exits.some((code) => code !== 0)) return "Succeeded, with failures";
  if (pod.metadata.deletionTimestamp !== undefined || status.reason !== undefined) return undefined;
  const policy = restartPolicyOf(pod);
  if (status.phase !== "Succeeded" && status.phase !== "Failed") return undefined;
  if (policy === "Always") return `${status.phase}, although it is always to be started again`;
  return status.phase === "Failed" && policy === "OnFailure"
    ? "Failed, although what fails is to be started again"
    : undefined;
};

/** What one agent says of its pods: never older than what it has said before, and consistent in itself. What is returned is called when it was written. */
export const judgeStatuses = (judge: Judge): (pod: Pod, status: PodStatus) => () => void => {
  const said = new Map<string, PodStatus>();
  const phases = new Map<string, PodStatus["phase"]>();
  return (pod, status) => {
    const { uid, name } = pod.metadata;
    const before = said.get(uid);
    // an end that was told of stays what it is, whatever an older object shows
    const wrong = phases.get(uid) === status.phase ? undefined : unfounded(pod, status);
    phases.set(uid, status.phase);
    if (wrong !== undefined) judge.fail(`promise 6: says that ${name} ${uid} is ${wrong}`);
    return () => {
      said.set(uid, status);
      // of two agents each says what it has heard, and may hear it later than the other
      if (judge.wasLost(uid) || judge.isDoubled()) return;
      // what was made from an old object is not taken by the server
      for (const container of before === undefined ? [] : allOf(before)) {
        const after = allOf(status).find((each) => each.name === container.name);
        if (after === undefined || !isOlder(container, after)) continue;
        judge.fail(`promise 6: has taken back what it has said of ${container.name} of ${name} ${uid}`);
      }
    };
  };
};
