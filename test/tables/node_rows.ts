// What each part of a plan for a node follows from. Rules: Nodes, "Node heartbeats" (a lease renewed every 10 s, a status at
// least every 5 min); Node Status, "Conditions"; Taints of the node controller; design, promises 6, 8 and 10.
import { type Covering, type Impossible, within } from "./cells.ts";
import type { ChangeDimensions, EventDimensions, LeaseDimensions, TurnDimensions } from "./node_cells.ts";

const mute = "failed, silent";
const present = [
  "in sync",
  "foreign",
  "not ready",
  "drifted",
  "cordoned",
  "cordoned by us",
  "another",
] as const;
const known = ["in sync", "foreign", "not ready", "drifted", "cordoned", "cordoned by us"] as const;
const audible = ["off", "unasked", "answered", "failed", "failed, ignored"] as const;
const healthy = ["off", "answered", "failed, ignored"] as const;

export interface LeaseRow extends Covering<LeaseDimensions> {
  readonly do?: "RenewLease" | "CreateLease";
  readonly wake?: number;
}

const lease = within<LeaseDimensions, LeaseRow>;

export const leaseRows: readonly LeaseRow[] = [
  // a node that is not there needs none, and one whose back end does not answer is to be taken for dead
  { of: { object: "absent" } },
  { of: { object: ["unknown", ...present], ping: mute } },
  ...lease({ object: ["unknown", ...known], ping: audible }, [
    { of: { lease: "fresh" }, wake: 10 },
    { of: { lease: "due" }, do: "RenewLease" },
    { of: { lease: "in flight" } },
    { of: { lease: "failed" }, wake: 6 },
  ]),
  { of: { object: known, ping: audible, lease: "missing" }, do: "CreateLease" },
  // it is not created before it is known that there is a node for it
  { of: { object: "unknown", ping: audible, lease: "missing" }, do: "RenewLease" },
  // its lease was another node's: it is told its owner at once
  ...lease({ object: "another", ping: audible }, [
    { of: { lease: ["fresh", "due", "failed"] }, do: "RenewLease" },
    { of: { lease: "in flight" } },
    { of: { lease: "missing" }, do: "CreateLease" },
  ]),
];

export interface ChangeRow extends Covering<ChangeDimensions> {
  /** What the node needs, the most urgent first; or why nothing is looked at. */
  readonly changes: readonly string[] | string;
}

const change = within<ChangeDimensions, ChangeRow>;

const unreachable = "conditions: condition Ready=False ProviderUnreachable";
const shutDown = "conditions: condition Ready=False NodeShutdown";
const heals = "conditions: condition Ready=True KubeletReady";
const heartbeat = "conditions: heartbeat";
const cordon = "spec: cordon";

/** What differs beside the conditions, by object and lifecycle. */
const others = [
  { of: { object: ["in sync", "another"], lifecycle: "running" }, rest: [] },
  { of: { object: ["in sync", "another"], lifecycle: ["draining", "drained"] }, rest: [cordon] },
  // nothing of ours is there by our own account: it is noted as ours
  { of: { object: "foreign", lifecycle: "running" }, rest: ["metadata: ownership"] },
  { of: { object: "foreign", lifecycle: ["draining", "drained"] }, rest: [cordon, "metadata: ownership"] },
  { of: { object: "not ready", lifecycle: "running" }, rest: [] },
  { of: { object: "not ready", lifecycle: ["draining", "drained"] }, rest: [cordon] },
  { of: { object: "drifted", lifecycle: "running" }, rest: ["status: capacity memory=8Gi"] },
  {
    of: { object: "drifted", lifecycle: ["draining", "drained"] },
    rest: ["status: capacity memory=8Gi", cordon],
  },
  // what somebody else has cordoned is left to them
  { of: { object: "cordoned" }, rest: [] },
  { of: { object: "cordoned by us", lifecycle: "running" }, rest: ["spec: uncordon"] },
  { of: { object: "cordoned by us", lifecycle: ["draining", "drained"] }, rest: [] },
] as const;

const isAlive = (lifecycle: unknown): boolean => lifecycle !== "drained";

export const changeRows: readonly ChangeRow[] = [
  { of: { object: "unknown" }, changes: "the node has not been read yet" },
  {
    of: { object: ["absent", ...present], ping: "unasked" },
    changes: "the first ping has not been answered",
  },
  { of: { object: ["absent", ...present], ping: mute }, changes: "silent: the back end does not answer" },
  ...change({ object: "absent", ping: [...healthy, "failed"] }, [
    { of: { lifecycle: "running" }, changes: ["create: register"] },
    { of: { lifecycle: ["draining", "drained"] }, changes: [] },
  ]),
  ...others.flatMap(({ of, rest }): readonly ChangeRow[] => {
    const lifecycles = "lifecycle" in of
      ? [of.lifecycle].flat()
      : ["running", "draining", "drained"] as const;
    return lifecycles.flatMap((lifecycle) => {
      const sick = [of.object].flat().includes("not ready");
      const here = { ...of, lifecycle };
      if (!isAlive(lifecycle)) {
        // a node that was shut down is not Ready, whatever its back end says
        return change(here, [{ of: { ping: [...healthy, "failed"] }, changes: [shutDown, ...rest] }]);
      }
      return change(here, [
        { of: { ping: "failed" }, changes: [unreachable, ...rest] },
        { of: { ping: healthy, heartbeat: "fresh" }, changes: sick ? [heals, ...rest] : rest },
        { of: { ping: healthy, heartbeat: "due" }, changes: [sick ? heals : heartbeat, ...rest] },
      ]);
    });
  }),
];

export const impossibleChanges: readonly Impossible<ChangeDimensions>[] = [{
  of: { object: "another", heartbeat: "due" },
  because: "a node that is new to us shows when its own heartbeat was written",
}];

export interface TurnRow extends Covering<TurnDimensions> {
  /** Which of the changes is written now. */
  readonly turn?: 0 | 1;
  /** Why none is; `held`: with the most urgent change. */
  readonly why?: "in sync" | "a write is in flight" | "waiting for the watch" | "held";
  /** `retry`: by the aspect of the most urgent change. */
  readonly wake?: number | "retry";
}

export const impossibleTurns: readonly Impossible<TurnDimensions>[] = [{
  of: { changes: "none", write: ["conflict", "gone", "refused", "denied", "throttled", "failed"] },
  because: "nothing was written where nothing differed",
}];

export const turnRows: readonly TurnRow[] = [
  { of: { write: "in flight" }, why: "a write is in flight" },
  { of: { changes: "none", write: ["none", "answered"] }, why: "in sync" },
  { of: { changes: ["one", "more"], write: ["none", "gone"] }, turn: 0 },
  // what is seen is older than what was written, for a moment
  { of: { changes: ["one", "more"], write: "answered" }, why: "waiting for the watch", wake: 7 },
  { of: { changes: ["one", "more"], write: "conflict" }, why: "waiting for the watch", wake: 6.9 },
  // one refusal does not hold back the rest
  { of: { changes: "more", write: ["refused", "denied", "throttled", "failed"] }, turn: 1 },
  { of: { changes: "one", write: ["denied", "failed"] }, why: "held", wake: "retry" },
  { of: { changes: "one", write: "throttled" }, why: "held", wake: 7.9 },
  // it is tried again when something changes, or in five minutes
  { of: { changes: "one", write: "refused" }, why: "held", wake: 304.9 },
];

export interface EventRow extends Covering<EventDimensions> {
  readonly event?: "NodeNotReady";
}

/** A node that was Ready and is not any more is worth an Event, once; a shutdown that was asked for is not. */
export const eventRows: readonly EventRow[] = [
  { of: { object: ["unknown", "absent"] } },
  { of: { object: present, lifecycle: ["running", "draining"], ping: "failed" }, event: "NodeNotReady" },
  { of: { object: present, lifecycle: "drained", ping: "failed" } },
  { of: { object: present }, except: [{ ping: "failed" }] },
];
