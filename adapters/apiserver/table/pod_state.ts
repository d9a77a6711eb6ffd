import { type Millis, type Now, parseTime } from "../../../core/time.ts";
import { at, isObject, numberAt, objectAt, objectsAt, textAt } from "../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { humanDuration } from "./age.ts";

// The words of kubectl's STATUS column follow from phase, conditions and container states, the last word of those that
// have something to say: the same as the API server's printer says.

/** What a row tells of a pod's containers. */
export interface PodState {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}

interface Restarts {
  readonly count: number;
  /** Unix milliseconds of the last end before a restart. */
  readonly last: Millis | undefined;
}

const none: Restarts = { count: 0, last: undefined };

const later = (a: Millis | undefined, b: Millis | undefined): Millis | undefined =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

const restartsOf = (status: JsonObject): Restarts => ({
  count: numberAt(status, "restartCount") ?? 0,
  last: parseTime(textAt(status, "lastState", "terminated", "finishedAt")),
});

const sum = (restarts: readonly Restarts[]): Restarts =>
  restarts.reduce((all, one) => ({ count: all.count + one.count, last: later(all.last, one.last) }), none);

const endText = (terminated: JsonObject): string => {
  const reason = textAt(terminated, "reason"), signal = numberAt(terminated, "signal") ?? 0;
  if (reason !== "") return reason;
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${numberAt(terminated, "exitCode") ?? 0}`;
};

const hasCondition = (pod: ApiObject, type: string): boolean =>
  objectsAt(pod, "status", "conditions").some((one) =>
    textAt(one, "type") === type && textAt(one, "status") === "True"
  );

interface Initializing {
  /** What is not done yet, when there is. */
  readonly reason: string | undefined;
  readonly ready: number;
  /** Of all that were looked at, and of those that go on beside the containers. */
  readonly restarts: Restarts;
  readonly sidecarRestarts: Restarts;
}

const waitingText = (status: JsonObject, index: number, count: number): string => {
  const terminated = at(status, "state", "terminated");
  if (isObject(terminated)) return `Init:${endText(terminated)}`;
  const reason = textAt(status, "state", "waiting", "reason");
  return reason !== "" && reason !== "PodInitializing" ? `Init:${reason}` : `Init:${index}/${count}`;
};

const initializing = (pod: ApiObject): Initializing => {
  const containers = objectsAt(pod, "spec", "initContainers");
  const sidecars = new Set(
    containers.filter((one) => textAt(one, "restartPolicy") === "Always").map((one) => textAt(one, "name")),
  );
  const seen: Restarts[] = [], beside: Restarts[] = [];
  let ready = 0;
  let reason: string | undefined;
  for (const [index, status] of objectsAt(pod, "status", "initContainerStatuses").entries()) {
    const isSidecar = sidecars.has(textAt(status, "name"));
    seen.push(restartsOf(status));
    if (isSidecar) beside.push(restartsOf(status));
    const terminated = at(status, "state", "terminated");
    if (isObject(terminated) && (numberAt(terminated, "exitCode") ?? 0) === 0) continue;
    if (isSidecar && at(status, "started") === true) {
      if (at(status, "ready") === true) ready++;
      continue;
    }
    reason = waitingText(status, index, containers.length);
    break;
  }
  return { reason, ready, restarts: sum(seen), sidecarRestarts: sum(beside) };
};

interface Running {
  readonly reason: string;
  readonly ready: number;
}

/** The containers from the last to the first: the first one's word is the last. */
const running = (pod: ApiObject, phase: string): Running => {
  let reason = phase, failed = "", ready = 0;
  for (const status of objectsAt(pod, "status", "containerStatuses").toReversed()) {
    const waiting = textAt(status, "state", "waiting", "reason");
    const terminated = at(status, "state", "terminated");
    if (waiting !== "") reason = waiting;
    else if (isObject(terminated)) {
      reason = endText(terminated);
      if ((numberAt(terminated, "exitCode") ?? 0) !== 0) failed = reason;
    } else if (at(status, "ready") === true && isObject(at(status, "state", "running"))) ready++;
  }
  if (reason !== "Completed") return { reason, ready };
  if (ready > 0 && hasCondition(pod, "Ready")) return { reason: "Running", ready };
  return { reason: failed !== "" ? failed : ready > 0 ? "NotReady" : reason, ready };
};

/** Why a pod that is being deleted is shown as such. */
const leaving = (pod: ApiObject): string | undefined => {
  const { phase, reason } = objectAt(pod, "status");
  if (pod.metadata.deletionTimestamp === undefined) return undefined;
  if (reason === "NodeLost") return "Unknown";
  return phase === "Succeeded" || phase === "Failed" ? undefined : "Terminating";
};

const phaseText = (pod: ApiObject): string => {
  const gated = objectsAt(pod, "status", "conditions").some((one) =>
    textAt(one, "type") === "PodScheduled" && textAt(one, "reason") === "SchedulingGated"
  );
  return gated ? "SchedulingGated" : textAt(pod, "status", "reason") || textAt(pod, "status", "phase");
};

const restartsText = ({ count, last }: Restarts, now: Now): string =>
  count !== 0 && last !== undefined ? `${count} (${humanDuration(now.wall - last)} ago)` : `${count}`;

/** READY, STATUS and RESTARTS of a pod. */
export const podState = (pod: ApiObject, now: Now): PodState => {
  const init = initializing(pod);
  const isRunning = init.reason === undefined || hasCondition(pod, "Initialized");
  const main = isRunning ? running(pod, init.reason ?? phaseText(pod)) : { reason: init.reason, ready: 0 };
  const restarts = isRunning
    ? sum([init.sidecarRestarts, ...objectsAt(pod, "status", "containerStatuses").map(restartsOf)])
    : init.restarts;
  const sidecars = objectsAt(pod, "spec", "initContainers").filter((one) =>
    textAt(one, "restartPolicy") === "Always"
  );
  const total = objectsAt(pod, "spec", "containers").length + sidecars.length;
  return {
    ready: `${init.ready + main.ready}/${total}`,
    status: leaving(pod) ?? main.reason ?? "",
    restarts: restartsText(restarts, now),
  };
};
