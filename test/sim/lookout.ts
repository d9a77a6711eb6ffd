import type { LogFields } from "../../adapters/ports.ts";
import type { PodEntry, State } from "../../core/state.ts";
import { forEachEntry, type Table } from "../../core/table.ts";
import type { Agent } from "./agent.ts";
import { isActionTag, isFaultTag, nodePattern, podPattern } from "./mark_list.ts";
import type { Marks } from "./marks.ts";

/** Sees what an agent does, and why. */
export interface Lookout {
  onLog(message: string, fields: LogFields | undefined): void;
  /** To be called after each moment. */
  look(agent: Agent): void;
}

export const makeLookout = (marks: Marks): Lookout => {
  const seen = new Set<string>();
  let last: State | undefined;
  let pods: Table<PodEntry> | undefined;
  let nodeWhy = "";
  const seePod = (why: string): void => {
    if (seen.has(why)) return;
    seen.add(why);
    const pattern = podPattern(why);
    if (pattern !== undefined) marks.hit(`pod: ${pattern}`);
  };
  return {
    onLog: (message, fields) => {
      if (isActionTag(message)) marks.hit(`action: ${message}`);
      const { fault, why } = fields ?? {};
      if (typeof fault === "string" && isFaultTag(fault)) marks.hit(`fault: ${fault}`);
      if (typeof why === "string") seePod(why);
    },
    look: ({ node }) => {
      const state = node.state();
      if (state === last) return;
      last = state;
      if (state.node.why !== nodeWhy) {
        nodeWhy = state.node.why;
        const pattern = nodePattern(nodeWhy);
        if (pattern !== undefined) marks.hit(`node: ${pattern}`);
      }
      if (state.pods === pods) return;
      pods = state.pods;
      forEachEntry(pods, (_uid, { why }) => seePod(why));
    },
  };
};
