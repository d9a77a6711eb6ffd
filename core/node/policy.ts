import * as E from "fp-ts/lib/Either.js";
import type { Millis } from "../time.ts";

/** What a back end that does not answer does to the node. */
export type OnPingFailure =
  /** The node says `Ready: False`, reason `ProviderUnreachable`; its lease goes on. */
  | "notReady"
  /** Nothing is written any more, the lease neither: the control plane finds out after its grace period. */
  | "silent"
  /** The node does not care. */
  | "ignore";

/** How a node is kept. All durations in milliseconds, but for the lease's, which the API wants in whole seconds. */
export interface NodePolicy {
  /** `spec.leaseDurationSeconds`. */
  readonly leaseDurationSeconds: number;
  readonly leaseRenewMs: Millis;
  /** How old `lastHeartbeatTime` may become when nothing else has to be written. */
  readonly statusPeriodMs: Millis;
  /** The back end can be pinged; then nothing is registered or written before the first answer. */
  readonly ping: boolean;
  /** From the end of one ping to the start of the next. */
  readonly pingPeriodMs: Millis;
  /** A ping that has not been answered for so long has failed. The one who pings gives up on it then, too. */
  readonly pingTimeoutMs: Millis;
  readonly onPingFailure: OnPingFailure;
  /** Normal events too, not only warnings. */
  readonly normalEvents: boolean;
  /** When a write that was refused for what it says is tried again, if nothing changes before. */
  readonly refusedRetryMs: Millis;
  /** How long we wait for the watch to show what we wrote before we believe that somebody undid it. */
  readonly echoHoldMs: Millis;
}

/** A lease of 40 s renewed every 10 s and a status at least every 5 min, as the kubelet; no ping. */
export const defaultNodePolicy: NodePolicy = {
  leaseDurationSeconds: 40,
  leaseRenewMs: 10_000,
  statusPeriodMs: 300_000,
  ping: false,
  pingPeriodMs: 10_000,
  pingTimeoutMs: 5_000,
  onPingFailure: "notReady",
  normalEvents: false,
  refusedRetryMs: 300_000,
  echoHoldMs: 2_000,
};

const durations: readonly (keyof NodePolicy)[] = [
  "leaseRenewMs",
  "statusPeriodMs",
  "pingPeriodMs",
  "pingTimeoutMs",
  "refusedRetryMs",
  "echoHoldMs",
];

/**
 * The default policy with changes. Left, with a message for a person: a duration that is not above zero, a lease
 * duration that is not in whole seconds, or a lease that would end before it is renewed.
 */
export const nodePolicy = (changes: Partial<NodePolicy>): E.Either<string, NodePolicy> => {
  const policy: NodePolicy = { ...defaultNodePolicy, ...changes };
  const { leaseDurationSeconds, leaseRenewMs } = policy;
  if (!Number.isInteger(leaseDurationSeconds) || leaseDurationSeconds <= 0) {
    return E.left(
      `leaseDurationSeconds is ${leaseDurationSeconds}: give a whole number of seconds above 0, for example 40`,
    );
  }
  for (const name of durations) {
    const value = Number(policy[name]);
    if (!(value > 0) || value === Infinity) {
      return E.left(`${name} is ${policy[name]}: give a number of milliseconds above 0`);
    }
  }
  if (leaseRenewMs >= leaseDurationSeconds * 1000) {
    return E.left(
      `leaseRenewMs is ${leaseRenewMs}, but the lease lasts only ${leaseDurationSeconds} s: renew it earlier, ` +
        `best every ${leaseDurationSeconds * 250} ms`,
    );
  }
  return E.right(policy);
};
