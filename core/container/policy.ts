import { type Backoff, backoffMs, faultBackoff } from "../backoff.ts";
import type { Container, ContainerRestartRule } from "../kubernetes/container.ts";
import { type Pod, restartPolicyOf } from "../kubernetes/pod.ts";
import type { Millis } from "../time.ts";

/** The delays of the life of containers. */
export interface ContainerPolicy {
  /** CrashLoopBackOff: before the second restart in a row, the third, … The first one is at once. */
  readonly crashLoop: Backoff;
  /** An instance that ran this long ends the row: the next restart is at once again. */
  readonly resetAfterMs: Millis;
  /** Repetitions of a start that did not succeed. */
  readonly startFault: Backoff;
}

/** The kubelet's: at once, then 10 s doubling to 300 s, reset after 10 min of running (Pod lifecycle). */
export const defaultContainerPolicy: ContainerPolicy = {
  crashLoop: { baseMs: 10_000, capMs: 300_000, jitter: 0 },
  resetAfterMs: 600_000,
  startFault: faultBackoff,
};

/** The delay between an end and the restart that follows it. `level`: restarts in a row before it. */
export const crashLoopMs = (policy: ContainerPolicy, level: number): Millis =>
  level <= 0 ? 0 : backoffMs(policy.crashLoop, level, "");

/** An init container that runs beside the others (`restartPolicy: Always`). Only meaningful of init containers. */
export const isSidecar = (container: Container): boolean => container.restartPolicy === "Always";

/** The container's own `restartPolicy` (1.34 and later) where it has one, else the pod's. */
export const containerRestartPolicy = (
  pod: Pod,
  container: Container | undefined,
): "Always" | "OnFailure" | "Never" => {
  const own = container?.restartPolicy;
  return own === "Always" || own === "OnFailure" || own === "Never" ? own : restartPolicyOf(pod);
};

const matches = ({ exitCodes }: ContainerRestartRule, exitCode: number): boolean => {
  const named = exitCodes?.values?.includes(exitCode) ?? false;
  return exitCodes?.operator === "In" ? named : exitCodes?.operator === "NotIn" && !named;
};

/**
 * Whether another instance is wanted after one that ended with this exit code: by the first of the container's
 * `restartPolicyRules` that is about it, else by the policy.
 */
export const restartsAfter = (
  pod: Pod,
  container: Container | undefined,
  init: boolean,
  exitCode: number,
): boolean => {
  const rule = container?.restartPolicyRules?.find((each) => matches(each, exitCode));
  if (rule?.action === "Restart") return true;
  switch (containerRestartPolicy(pod, container)) {
    case "Always":
      return !init || exitCode !== 0 || (container !== undefined && isSidecar(container));
    case "OnFailure":
      return exitCode !== 0;
    case "Never":
      return false;
  }
};
