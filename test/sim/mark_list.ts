import type { Action } from "../../core/action.ts";
import { containersWhys } from "../../core/container/why.ts";
import type { FaultTag } from "../../core/fault.ts";
import { nodeWhys } from "../../core/node/why.ts";
import { podWhys } from "../../core/pod/why.ts";
import { edges } from "./edges.ts";

/** What the simulation can do to the ways between agent, API server and back end, and to all three. */
const faults = [
  "api: 401",
  "api: 403",
  "api: 404",
  "api: 409",
  "api: 410",
  "api: 422",
  "api: 429",
  "api: 429 Retry-After",
  "api: 500",
  "api: 503",
  "api: 504",
  "api: not JSON",
  "api: refused",
  "api: done, answer lost",
  "api: down",
  "api: restarts and forgets its history",
  "api: credentials expire",
  "list: cut short",
  "list: in pages",
  "list: continue token expired",
  "list: of the past",
  "watch: told twice",
  "watch: cut into pieces",
  "watch: stalls",
  "watch: breaks",
  "watch: ends",
  "watch: 410 as an event",
  "watch: an event of an unknown type",
  "watch: a line that is no event",
  "watch: resumed from the past",
  "object: fields of the future",
  "object: cannot be read",
  "lease: stolen",
  "lease: deleted",
  "node: deleted",
  "back end: Unavailable",
  "back end: Throttled",
  "back end: Throttled Retry-After",
  "back end: Conflict",
  "back end: Unauthorized",
  "back end: refuses the pod",
  "back end: refuses a field",
  "back end: warns of a field",
  "back end: done, answer lost",
  "back end: done, said to have failed",
  "back end: hangs",
  "back end: list fails",
  "back end: list is partial",
  "back end: list names pods of others",
  "back end: news lost",
  "back end: news told twice",
  "back end: news told late again",
  "back end: watch breaks",
  "back end: ignores SIGTERM",
  "back end: stops long after the grace",
  "back end: restarts a container",
  "back end: loses a pod",
  "back end: gives a pod up",
  "back end: away, remembers all",
  "back end: away, forgets all",
  "back end: says something else of the node",
  "agent: killed",
  "agent: killed while it asks",
  "agent: stopped and started",
  "agent: drained and started",
  "agent: two at once",
  "agent: stands still",
  "agent: wall clock steps back",
  "agent: wall clock steps forward",
] as const;

/** What users, controllers and administrators do. */
const acts = [
  "user: create",
  "user: delete",
  "user: delete sooner",
  "user: delete by force",
  "user: delete and create again",
  "user: delete and create again in a gap",
  "user: replace what has ended",
  "user: label",
  "user: annotate",
  "user: tolerate",
  "user: set the image",
  "user: set a deadline",
  "user: upset the phase",
  "user: upset a condition",
  "user: set a foreign condition",
  "user: hold by a finalizer",
  "user: let go of finalizers",
  "user: make unreadable",
  "user: create a mirror pod",
  "user: cordon the node",
  "user: taint the node",
  "user: untaint the node",
  "user: relabel the node",
  "user: upset the node's status",
  "user: hundreds of pods",
  "user: write what pods refer to",
  "user: delete what pods refer to",
] as const;

/** Exhaustive by type: a new tag must be named here. */
const actionTags: Readonly<Record<Action["_tag"], true>> = {
  CreatePod: true,
  UpdatePod: true,
  UpdateFiles: true,
  DeletePod: true,
  StartContainer: true,
  StopContainer: true,
  RemovePod: true,
  PatchPodStatus: true,
  FinalizePod: true,
  EvictPod: true,
  ReadPod: true,
  RenewLease: true,
  CreateLease: true,
  CreateNode: true,
  PatchNode: true,
  PatchNodeStatus: true,
  PingBackend: true,
  ListBackend: true,
  WriteEvent: true,
  WatchObject: true,
  UnwatchObject: true,
  ReadObject: true,
};

const faultTags: Readonly<Record<FaultTag, true>> = {
  Conflict: true,
  NotFound: true,
  AlreadyExists: true,
  Gone: true,
  Unauthorized: true,
  Forbidden: true,
  Throttled: true,
  Unavailable: true,
  OutcomeUnknown: true,
  Rejected: true,
  Unsupported: true,
  Undecodable: true,
};

const keysOf = <Key extends string>(record: Readonly<Record<Key, true>>): readonly Key[] =>
  Object.keys(record) as Key[];

type PodPattern = typeof podWhys[number] | typeof containersWhys[number];
type NodePattern = typeof nodeWhys[number];

export type Mark =
  | typeof faults[number]
  | typeof acts[number]
  | `edge: ${typeof edges[number]}`
  | `action: ${Action["_tag"]}`
  | `fault: ${FaultTag}`
  | `pod: ${PodPattern}`
  | `node: ${NodePattern}`;

/** Everything that the seeds together are to reach. */
export const allMarks: readonly Mark[] = [
  ...faults,
  ...acts,
  ...edges.map((edge) => `edge: ${edge}` as const),
  ...keysOf(actionTags).map((tag) => `action: ${tag}` as const),
  ...keysOf(faultTags).map((tag) => `fault: ${tag}` as const),
  ...[...podWhys, ...containersWhys].map((why) => `pod: ${why}` as const),
  ...nodeWhys.map((why) => `node: ${why}` as const),
];

const patternOf = <Pattern extends string>(
  pattern: Pattern,
): readonly [Pattern, RegExp] => [
  pattern,
  new RegExp(
    `^${pattern.split("*").map((part) => part.replace(/[().:]/g, "\\$&")).join("(?:.|\\n)*")}$`,
  ),
];

/** The pattern of a list that a reason was made from; the same reason is looked up once. */
const matcher = <Pattern extends string>(
  patterns: readonly Pattern[],
): (why: string) => Pattern | undefined => {
  const all = patterns.map(patternOf);
  const known = new Map<string, Pattern | undefined>();
  return (why) => {
    if (!known.has(why)) known.set(why, all.find(([, pattern]) => pattern.test(why))?.[0]);
    return known.get(why);
  };
};

export const podPattern: (why: string) => PodPattern | undefined = matcher([...podWhys, ...containersWhys]);
export const nodePattern: (why: string) => NodePattern | undefined = matcher(nodeWhys);

export const isActionTag = (text: string): text is Action["_tag"] => Object.hasOwn(actionTags, text);
export const isFaultTag = (text: string): text is FaultTag => Object.hasOwn(faultTags, text);
