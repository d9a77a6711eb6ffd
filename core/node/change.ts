import type { NodeAction } from "../action.ts";
import type { Node, NodeCondition } from "../kubernetes/node.ts";
import { formatTime, type Now } from "../time.ts";
import type { NodeDescription } from "./description.ts";
import { leftovers, type Owned, ownedAnnotation, parseOwned, taintName } from "./owned.ts";

/**
 * What is written, and refused, on its own, so that one refusal does not hold back the rest: a quantity that is none
 * must not keep Ready from changing, and a node identity may cordon itself, but never change its taints, nor labels
 * that NodeRestriction keeps for others.
 */
export type Aspect = "create" | "conditions" | "status" | "spec" | "taints" | "metadata";

/** One aspect of the node that is not as it is to be, and the write that mends it. */
export interface Change {
  readonly aspect: Aspect;
  readonly action: NodeAction;
  /** Names every difference: equal text for equal differences, without times. */
  readonly drift: string;
  /** A hash of all that is wanted of the aspect, without times. */
  readonly wanted: string;
  /** Only the heartbeat is due: nobody undid anything. */
  readonly routine: boolean;
}

/** What of one aspect differs, before it is known whether and with which ownership it is written. */
export interface Draft {
  readonly aspect: Aspect;
  /** Empty: it is as it is to be. */
  readonly drift: readonly string[];
  readonly wanted: unknown;
  /** `metadata`: the ownership to be written along, or empty. */
  readonly action: (metadata: object) => NodeAction;
}

/** What is to be, beside what is. */
export interface Comparison {
  readonly desired: NodeDescription;
  readonly conditions: readonly NodeCondition[];
  readonly node: Node;
  /** What we own by our own annotation, and what we are to own. */
  readonly before: Owned;
  readonly wanted: Owned;
  /** What we set earlier and no longer want. */
  readonly left: Owned;
  /** The time as the API writes it. */
  readonly time: string;
}

const typesOf = (items: readonly { readonly type: string }[]): readonly string[] => [
  ...new Set(items.map((item) => item.type)),
];

/** What a description makes ours. */
export const ownedBy = (
  desired: NodeDescription,
  conditions: readonly NodeCondition[],
  cordoned: boolean,
): Owned => ({
  labels: Object.keys(desired.labels),
  annotations: Object.keys(desired.annotations).filter((key) => key !== ownedAnnotation),
  taints: desired.taints.map(taintName),
  spec: cordoned ? ["unschedulable"] : [],
  conditions: typesOf(conditions),
  addresses: typesOf(desired.addresses),
  capacity: Object.keys(desired.capacity),
  allocatable: Object.keys(desired.allocatable ?? desired.capacity),
  declaredFeatures: desired.declaredFeatures ?? [],
});

/** The node is not to get new pods. */
export const wantsCordon = (desired: NodeDescription): boolean =>
  (desired.lifecycle ?? "running") !== "running";

export const compare = (
  desired: NodeDescription,
  conditions: readonly NodeCondition[],
  node: Node,
  now: Now,
): Comparison => {
  const before = parseOwned(node);
  // a node that somebody else cordoned stays cordoned when we run again
  const ours = node.spec.unschedulable !== true || before.spec.includes("unschedulable");
  const wanted = ownedBy(desired, conditions, wantsCordon(desired) && ours);
  return {
    desired,
    conditions,
    node,
    before,
    wanted,
    left: leftovers(node, before, wanted),
    time: formatTime(now.wall),
  };
};

type Values = Readonly<Record<string, string>>;

/** A merge patch of a map: what differs, and `null` for what is to go. */
export const mapPatch = (
  want: Values,
  have: Values | undefined,
  gone: readonly string[],
  same: (a: string, b: string) => boolean = (a, b) => a === b,
): Readonly<Record<string, string | null>> => {
  const patch: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(want)) {
    const now = have?.[key];
    if (now === undefined || !same(now, value)) patch[key] = value;
  }
  for (const key of gone) patch[key] = null;
  return patch;
};

/** `label a=b`, `label -c`: what a map's patch does, for people and for comparing. */
export const describePatch = (
  what: string,
  patch: Readonly<Record<string, string | null>>,
): readonly string[] =>
  Object.entries(patch).map(([key, value]) => value === null ? `${what} -${key}` : `${what} ${key}=${value}`);
