// What rows say in a word, where it varies with the cell: by hand, for each value of the dimension that it varies with.
import type { Brief } from "../tools/pods.ts";
import type { Covering } from "./cells.ts";
import type { PodCell, PodDimensions } from "./pod_cells.ts";

/** A plan as `Brief` has it, with words in braces in its texts, and words for its time. */
export interface Expected {
  readonly do: readonly string[];
  readonly wake?: number | keyof typeof times;
  readonly why: string;
}

export interface PodRow extends Covering<PodDimensions> {
  /** Of both kinds of back end, where they do not differ. */
  readonly both?: Expected;
  readonly pods?: Expected;
  readonly containers?: Expected;
}

type Deletion = PodCell["deletion"];
type By<Key extends string> = Readonly<Partial<Record<Key, string>>>;

/** Seen alive by this process: all of its grace is ours to give, from now on (Pod lifecycle, "Termination of Pods"). */
const full: By<Deletion> = { graceful: "30s", elapsed: "30s", forced: "1s", shortened: "5s" };
/** Never seen alive by this process: what is left of it by the API's time, at least a second. */
const left: By<Deletion> = { graceful: "29s", elapsed: "1s", forced: "1s", shortened: "5s" };
/** Its kill has begun: what is left of that; grace never grows. */
const rest: By<Deletion> = { graceful: "29s", elapsed: "0s", forced: "0s", shortened: "5s" };
/** Gone from the API: a small grace, or what is left of the one it had. */
const orphan: By<Deletion> = {
  none: "2s",
  graceful: "2s",
  elapsed: "0s",
  forced: "0s",
  shortened: "2s",
};
/** By the container's exit code (Pod lifecycle, "Pod phase"). */
const end: By<PodCell["container"]> = { "exited 0": "Succeeded", "exited 1": "Failed" };

const words: Readonly<Record<string, (cell: PodCell) => string | undefined>> = {
  full: ({ deletion }) => full[deletion],
  left: ({ deletion }) => left[deletion],
  rest: ({ deletion }) => rest[deletion],
  orphan: ({ deletion }) => orphan[deletion],
  end: ({ container }) => end[container],
  created: ({ container }) => container === "absent" ? "Creating" : "Running",
};

type ByFault = Readonly<Partial<Record<PodCell["fault"], number>>>;

/** A fault at 99.9 s is tried again after half a second, less the jitter of the UID `u-1`; `Retry-After` was 3 s. */
const retry: ByFault = {
  throttled: 102.9,
  refused: 100.294,
  failed: 100.294,
  unanswered: 100.294,
  "not found": 100.294,
  "API throttled": 102.9,
  "API failed": 100.294,
  "API conflict": 100.294,
  // what the API refuses, or does not find, is tried again after half a minute
  "API refused": 123.528,
  "API not found": 123.528,
  "API forbidden": 123.528,
};

/** The same for a container's start, with the jitter of `u-1/a`. */
const restart: ByFault = { throttled: 102.9, failed: 100.278, "not found": 100.278 };

/** Ten seconds after the grace that the back end was given: a stop that has not come to pass is repeated. */
const overdue: Readonly<Partial<Record<Deletion, number>>> = { graceful: 139, elapsed: 105, forced: 110 };

const times = {
  retry: ({ fault }: PodCell): number | undefined => retry[fault],
  restart: ({ fault }: PodCell): number | undefined => restart[fault],
  overdue: ({ deletion }: PodCell): number | undefined => overdue[deletion],
} as const;

const known = <A>(value: A | undefined, word: string, cell: PodCell): A => {
  if (value === undefined) throw new Error(`${word} says nothing in ${Object.values(cell).join(" | ")}`);
  return value;
};

/** The expectation with its words replaced by what they mean in a cell. */
export const inCell = (expected: Expected, cell: PodCell): Brief => {
  const { wake } = expected;
  const plain = (text: string): string =>
    text.replace(/\{(\w+)\}/, (_, word: string) => known(words[word]?.(cell), word, cell));
  const actions = expected.do.map(plain);
  const why = plain(expected.why);
  if (wake === undefined) return { do: actions, why };
  return { do: actions, wake: typeof wake === "number" ? wake : known(times[wake](cell), wake, cell), why };
};
