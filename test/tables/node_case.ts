// Rows of reconcileNode that are no cell of a product: each with all that it is given.
import type { Node } from "../../core/kubernetes/node.ts";
import type { NodeDescription } from "../../core/node/description.ts";
import type { NodeMemory } from "../../core/node/memory.ts";
import type { NodePolicy } from "../../core/node/policy.ts";
import type { Seen } from "../../core/seen.ts";
import { withoutReady } from "./node_given.ts";

/** A row. At 5 s, of a settled memory, where it does not say otherwise. */
export interface NodeCase {
  readonly name: string;
  readonly desired?: NodeDescription;
  readonly observed: Seen<Node>;
  readonly memory?: NodeMemory;
  readonly policy?: Partial<NodePolicy>;
  /** `Tag`, or `Tag reason` of an event. */
  readonly actions: readonly string[];
  readonly wakeAt: number | undefined;
  readonly why: string | RegExp;
  /** Looked for in the body of the last request. */
  readonly body?: unknown;
}

/** When they are looked at, and when all of it was written before. */
export const time = "2026-01-01T00:00:05Z";
export const before = "2026-01-01T00:00:00Z";

/** The conditions with another Ready. */
export const ready = (status: string): object => ({
  conditions: [...withoutReady, { type: "Ready", status }],
});
