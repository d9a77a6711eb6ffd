import type { NodeAction, Plan } from "../action.ts";
import { type Backoff, backoffMs } from "../backoff.ts";
import type { Fault } from "../fault.ts";
import type { Uid } from "../kubernetes/meta.ts";
import { createLease, leaseNamespace, patchLease } from "../kubernetes/request.ts";
import { formatMicroTime, type Millis, type Now } from "../time.ts";
import type { NodePolicy } from "./policy.ts";

/** What is remembered of the lease. Times are `mono`. */
export interface LeaseMemory {
  /** The renewal that has not been answered. */
  readonly sentAt: Millis | undefined;
  /** `undefined`: at once. */
  readonly nextAt: Millis | undefined;
  /** The last renewal found no lease. */
  readonly missing: boolean;
  readonly failures: number;
}

export const emptyLeaseMemory: LeaseMemory = {
  sentAt: undefined,
  nextAt: undefined,
  missing: false,
  failures: 0,
};

/** As the kubelet: a lease must not wait long, whatever the fault. */
const leaseBackoff: Backoff = { baseMs: 200, capMs: 7_000, jitter: 0 };

interface LeaseOwner {
  readonly name: string;
  /** Unknown until the watch has shown the node; the renewal after that tells the lease. */
  readonly uid: Uid | undefined;
}

const body = (owner: LeaseOwner, now: Now, policy: NodePolicy): {
  readonly metadata?: unknown;
  readonly spec: unknown;
} => ({
  ...(owner.uid === undefined ? {} : {
    metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: owner.name, uid: owner.uid }] },
  }),
  spec: {
    holderIdentity: owner.name,
    leaseDurationSeconds: policy.leaseDurationSeconds,
    renewTime: formatMicroTime(now.wall),
  },
});

const renewLease = (owner: LeaseOwner, now: Now, policy: NodePolicy): NodeAction => ({
  _tag: "RenewLease",
  request: patchLease(owner.name, body(owner, now, policy), policy.leaseRenewMs),
});

const newLease = (owner: LeaseOwner, now: Now, policy: NodePolicy): NodeAction => {
  const { metadata, spec } = body(owner, now, policy);
  return {
    _tag: "CreateLease",
    request: createLease({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: owner.name, namespace: leaseNamespace, ...metadata as object },
      spec,
    }, policy.leaseRenewMs),
  };
};

export type LeasePlan = Omit<Plan<LeaseMemory, NodeAction>, "why">;

/**
 * Renews when it is time, one request at a time; a lease that is missing is created only for a node that is there. What
 * is not answered within a period is given up, as the kubelet does: with a lease of four periods, one connection that
 * has died unnoticed must not cost the node.
 */
export const planLease = (
  owner: LeaseOwner,
  registered: boolean,
  memory: LeaseMemory,
  now: Now,
  policy: NodePolicy,
): LeasePlan => {
  if (memory.sentAt !== undefined) return { actions: [], memory, wakeAt: undefined };
  if (memory.nextAt !== undefined && now.mono < memory.nextAt) {
    return { actions: [], memory, wakeAt: memory.nextAt };
  }
  const action = memory.missing && registered ? newLease(owner, now, policy) : renewLease(owner, now, policy);
  return { actions: [action], memory: { ...memory, sentAt: now.mono }, wakeAt: undefined };
};

/** The next renewal counts from when this one was sent. */
export const leaseDone = (memory: LeaseMemory, now: Now, policy: NodePolicy): LeaseMemory => ({
  ...emptyLeaseMemory,
  nextAt: (memory.sentAt ?? now.mono) + policy.leaseRenewMs,
});

/**
 * A lease that turns out to be missing is created at once; all else backs off. A `Retry-After` is honoured up to a
 * whole period: with a longer one the node would be taken for dead.
 */
export const leaseFailed = (
  memory: LeaseMemory,
  fault: Fault,
  now: Now,
  policy: NodePolicy,
): LeaseMemory => {
  const failures = memory.failures + 1;
  const missing = fault._tag === "NotFound";
  const atOnce = missing && !memory.missing;
  const asked = fault._tag === "Throttled" ? Math.min(fault.retryAfterMs ?? 0, policy.leaseRenewMs) : 0;
  const delay = atOnce ? 0 : Math.max(asked, backoffMs(leaseBackoff, failures, ""));
  return { sentAt: undefined, nextAt: now.mono + delay, missing, failures };
};
