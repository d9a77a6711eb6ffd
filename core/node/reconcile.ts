import type { EmitEvent, NodeAction, Plan } from "../action.ts";
import type { Node } from "../kubernetes/node.ts";
import type { Seen } from "../seen.ts";
import { earlier, type Millis, type Now, parseTime } from "../time.ts";
import { mayWriteAt } from "./attempt.ts";
import { type Change, compare, wantsCordon } from "./change.ts";
import { changesOf } from "./changes.ts";
import { createChange } from "./create.ts";
import type { NodeDescription } from "./description.ts";
import { planLease } from "./lease.ts";
import type { InSync, NodeMemory } from "./memory.ts";
import { type Health, healthOf, planPing } from "./ping.ts";
import { defaultNodePolicy, type NodePolicy } from "./policy.ts";
import { readyCondition, wantedConditions } from "./ready.ts";
import type { NodeWhy } from "./why.ts";

/** Which object we look at: a write's echo has come when this is another. */
const versionOf = (observed: Seen<Node>): string =>
  observed._tag === "Present"
    ? `${observed.value.metadata.uid}/${observed.value.metadata.resourceVersion ?? ""}`
    : observed._tag;

/** When the heartbeat that the API shows was written, on our clock; wall clocks jump, so never in the future. */
const heartbeatIn = (node: Node, now: Now, policy: NodePolicy): Millis => {
  const ready = node.status.conditions?.find((condition) => condition.type === "Ready");
  const age = now.wall - (parseTime(ready?.lastHeartbeatTime ?? undefined) ?? 0);
  return now.mono - Math.min(Math.max(age, 0), policy.statusPeriodMs);
};

/** Folds what is observed into the memory. */
const notice = (memory: NodeMemory, observed: Seen<Node>, now: Now, policy: NodePolicy): NodeMemory => {
  const echo = memory.echo?.version === versionOf(observed) ? memory.echo : undefined;
  if (observed._tag !== "Present") return echo === memory.echo ? memory : { ...memory, echo };
  const { uid } = observed.value.metadata;
  if (memory.uid === uid && memory.heartbeatAt !== undefined) return { ...memory, echo, created: false };
  const heartbeatAt = heartbeatIn(observed.value, now, policy);
  if (memory.uid === uid) return { ...memory, echo, created: false, heartbeatAt };
  return {
    ...memory,
    echo,
    created: false,
    uid,
    heartbeatAt,
    // a node that is new to us: what happened to an older one of this name says nothing, and its lease is due
    attempts: memory.attempts.create === undefined ? {} : { create: memory.attempts.create },
    lease: { ...memory.lease, nextAt: undefined },
  };
};

/** Nothing is written any more, Events neither: the control plane is to find out by itself. */
const isSilent = (health: Health, policy: NodePolicy): boolean =>
  health._tag === "Failing" && policy.onPingFailure === "silent";

interface WritePlan {
  readonly change: Change | undefined;
  readonly wakeAt: Millis | undefined;
  readonly why: NodeWhy;
  readonly inSync?: InSync;
}

const idle = (why: NodeWhy, wakeAt?: Millis): WritePlan => ({ change: undefined, wakeAt, why });

const wantedChanges = (
  desired: NodeDescription,
  observed: Seen<Node>,
  heartbeatDue: boolean,
  health: Health,
  now: Now,
): readonly Change[] => {
  switch (observed._tag) {
    case "Unknown":
      return [];
    case "Absent":
      return wantsCordon(desired) ? [] : [createChange(desired, wantedConditions(desired, health), now)];
    case "Present": {
      const conditions = wantedConditions(desired, health);
      return changesOf(compare(desired, conditions, observed.value, now), heartbeatDue);
    }
  }
};

/** Needs no write, unless the heartbeat is due: the very same values did not when they were compared. */
const isStill = (inSync: InSync, desired: NodeDescription, observed: Seen<Node>, health: Health): boolean =>
  observed._tag === "Present" && inSync.node === observed.value && inSync.desired === desired &&
  inSync.health === health;

/** The one write that may go out now: the most urgent of those that are wanted and not held back. */
const planWrite = (
  desired: NodeDescription,
  observed: Seen<Node>,
  memory: NodeMemory,
  health: Health,
  now: Now,
  policy: NodePolicy,
): WritePlan => {
  if (observed._tag === "Unknown") return idle("the node has not been read yet");
  if (memory.write !== undefined) return idle("a write is in flight");
  if (health._tag === "Unasked") return idle("the first ping has not been answered");
  if (isSilent(health, policy)) {
    return idle("silent: the back end does not answer");
  }
  const heartbeatAt = observed._tag === "Present"
    ? (memory.heartbeatAt ?? now.mono) + policy.statusPeriodMs
    : undefined;
  const heartbeatDue = heartbeatAt !== undefined && now.mono >= heartbeatAt;
  const { inSync } = memory;
  if (inSync !== undefined && !heartbeatDue && isStill(inSync, desired, observed, health)) {
    return { ...idle("in sync", heartbeatAt), inSync };
  }
  const changes = wantedChanges(desired, observed, heartbeatDue, health, now);
  const next = heartbeatDue ? undefined : heartbeatAt;
  const [held] = changes;
  if (held === undefined) {
    return observed._tag === "Absent"
      ? idle("stopping: not registered")
      : { ...idle("in sync", next), inSync: { desired, node: observed.value, health } };
  }
  if (memory.echo !== undefined && now.mono < memory.echo.until) {
    return idle("waiting for the watch", earlier(memory.echo.until, next));
  }
  const due = changes.map((change) => mayWriteAt(memory.attempts[change.aspect], change, now));
  const change = changes.find((_change, index) => (due[index] ?? now.mono) <= now.mono);
  if (change !== undefined) return { change, wakeAt: next, why: `${change.aspect}: ${change.drift}` };
  return idle(`held back: ${held.aspect}: ${held.drift}`, due.reduce(earlier, next));
};

type Told = Pick<EmitEvent, "type" | "reason" | "message">;

/** What is worth an Event: how Ready changed, and what was refused. */
const eventsOf = (
  desired: NodeDescription,
  observed: Seen<Node>,
  memory: NodeMemory,
  health: Health,
  policy: NodePolicy,
): { readonly events: readonly Told[]; readonly ready: string | undefined } => {
  const warnings = memory.warnings.map((warning): Told => ({ type: "Warning", ...warning }));
  if (observed._tag !== "Present" || health._tag === "Unasked" || isSilent(health, policy)) {
    return { events: warnings, ready: memory.ready };
  }
  const { status, message } = readyCondition(desired, health);
  const normal = (reason: string, text: string): readonly Told[] =>
    policy.normalEvents ? [{ type: "Normal", reason, message: text }] : [];
  const starting = memory.ready === undefined ? normal("Starting", "the virtual kubelet has started") : [];
  if (memory.ready === status) return { events: warnings, ready: status };
  const told: readonly Told[] = status === "True"
    ? normal("NodeReady", `node ${desired.name} is ready`)
    : desired.lifecycle === "drained"
    ? normal("NodeShutdown", message ?? "")
    : [{
      type: "Warning",
      reason: "NodeNotReady",
      message: `node ${desired.name} is not ready: ${message ?? ""}`,
    }];
  return { events: [...warnings, ...starting, ...told], ready: status };
};

/**
 * What to do about a node and its lease. Level-triggered: it follows from what is desired and observed; `memory`
 * holds requests in flight and back-off, and may be lost at any time. Guarantees: nothing is created before the node
 * was seen absent; at most one write of the node, one of the lease and one ping are in flight; the lease comes first.
 */
export const reconcileNode = (
  desired: NodeDescription,
  observed: Seen<Node>,
  memory: NodeMemory,
  now: Now,
  policy: NodePolicy = defaultNodePolicy,
): Plan<NodeMemory, NodeAction, NodeWhy> => {
  const noticed = notice(memory, observed, now, policy);
  const ping = planPing(noticed.ping, now, policy);
  const health = healthOf(ping.memory, policy);
  const registered = observed._tag === "Present" || noticed.created;
  const silent = policy.onPingFailure === "silent" && health._tag !== "Healthy";
  const leased = (registered || observed._tag === "Unknown") && !silent;
  const owner = { name: desired.name, uid: observed._tag === "Present" ? noticed.uid : undefined };
  const lease = leased
    ? planLease(owner, registered, noticed.lease, now, policy)
    : { actions: [], memory: noticed.lease, wakeAt: undefined };
  const write = planWrite(desired, observed, noticed, health, now, policy);
  const { events, ready } = eventsOf(desired, observed, noticed, health, policy);
  const about = { kind: "Node", ref: { namespace: "", name: desired.name, uid: noticed.uid ?? "" } } as const;
  return {
    actions: [
      ...lease.actions,
      ...ping.actions,
      ...(write.change === undefined ? [] : [write.change.action]),
      ...events.map((event): EmitEvent => ({ _tag: "EmitEvent", about, ...event })),
    ],
    memory: {
      ...noticed,
      lease: lease.memory,
      ping: ping.memory,
      write: write.change === undefined ? noticed.write : inFlight(write.change, observed),
      inSync: write.inSync,
      ready,
      warnings: [],
    },
    wakeAt: earlier(earlier(lease.wakeAt, ping.wakeAt), write.wakeAt),
    why: write.why,
  };
};

const inFlight = ({ aspect, drift, wanted, routine }: Change, observed: Seen<Node>): NodeMemory["write"] => ({
  change: { aspect, drift, wanted, routine },
  version: versionOf(observed),
});
