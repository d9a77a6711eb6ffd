import type { EmitEvent } from "../action.ts";
import type { Uid } from "../kubernetes/meta.ts";
import type { Node } from "../kubernetes/node.ts";
import type { Millis } from "../time.ts";
import { type Attempts, emptyAttempts } from "./attempt.ts";
import type { Change } from "./change.ts";
import type { NodeDescription } from "./description.ts";
import { emptyLeaseMemory, type LeaseMemory } from "./lease.ts";
import { emptyPingMemory, type Health, type PingMemory } from "./ping.ts";

/** The write of the node that has not been answered, and the object that it was made from. */
export interface NodeWrite {
  readonly change: Pick<Change, "aspect" | "drift" | "wanted" | "routine">;
  readonly version: string;
}

/** A write was answered: what we see may be older than that, until it changes or until then (`mono`). */
export interface Echo {
  readonly version: string;
  readonly until: Millis;
}

/** What was compared and needed no write: values that are the same still need none, so that nothing is compared anew. */
export interface InSync {
  readonly desired: NodeDescription;
  readonly node: Node;
  readonly health: Health;
}

/** What `reconcileNode` remembers. Losable: without it the node still converges, at worst with a write too many. */
export interface NodeMemory {
  /** @ignore */
  readonly lease: LeaseMemory;
  /** @ignore */
  readonly ping: PingMemory;
  /** @ignore */
  readonly write: NodeWrite | undefined;
  /** @ignore */
  readonly echo: Echo | undefined;
  /** @ignore */
  readonly inSync: InSync | undefined;
  /** @ignore */
  readonly attempts: Attempts;
  /** Created, and not seen since. */
  readonly created: boolean;
  /** Of the node when it was last seen. */
  readonly uid: Uid | undefined;
  /** When `lastHeartbeatTime` was written (`mono`). */
  readonly heartbeatAt: Millis | undefined;
  /** The status of Ready as it was last decided. */
  readonly ready: string | undefined;
  /** To be told with the next plan. At most one an aspect. */
  readonly warnings: readonly Pick<EmitEvent, "reason" | "message">[];
}

/** Nothing remembered: an agent that was just started. */
export const emptyNodeMemory: NodeMemory = {
  lease: emptyLeaseMemory,
  ping: emptyPingMemory,
  write: undefined,
  echo: undefined,
  inSync: undefined,
  attempts: emptyAttempts,
  created: false,
  uid: undefined,
  heartbeatAt: undefined,
  ready: undefined,
  warnings: [],
};
