import { existsSync } from "node:fs";
import { join } from "node:path";
import { filesUnder, readText, root } from "../tools/files.ts";
import type { Mutant } from "./mutants.ts";

/** A mutant that may survive, found again by its words and not by its line. */
export interface Survivor {
  readonly file: string;
  readonly within: string;
  readonly original: string;
  readonly mutation: string;
  /** Which of those that are alike, from 0; 0 when it is absent. */
  readonly ordinal?: number;
  /** Why nothing can tell it from the code, or why nothing needs to. */
  readonly reason: string;
}

type Key = Omit<Survivor, "reason">;

export const keyOf = ({ file, within, original, mutation, ordinal = 0 }: Key): string =>
  [file, within, original, mutation, ordinal].join("\n");

/** An entry for the list, as JSON, which lacks its reason. */
export const entryOf = ({ file, within, original, mutation, ordinal }: Mutant): string =>
  JSON.stringify({
    file,
    within,
    original,
    mutation,
    ordinal: ordinal === 0 ? undefined : ordinal,
    reason: "",
  });

const folder = "test/mutation/survivors";

/** The list for a file of the core: `core/pod/stop.ts` is in `pod.json`, `core/step.ts` in `core.json`. */
export const listFor = (file: string): string => `${folder}/${file.split("/").at(-2)}.json`;

/** Where each entry of the lists is. */
export const listedSurvivors = (): readonly { readonly list: string; readonly entry: Survivor }[] =>
  (existsSync(join(root, folder)) ? filesUnder(folder) : []).flatMap((list) =>
    (JSON.parse(readText(list)) as readonly Survivor[]).map((entry) => ({ list, entry }))
  );

export const acceptedSurvivors = (): readonly Survivor[] => listedSurvivors().map(({ entry }) => entry);

/** What is wrong with the list itself: entries for code that is not there any more, twice, or without a reason. */
export const staleSurvivors = (
  accepted: readonly Survivor[],
  mutants: readonly Mutant[],
): readonly string[] => {
  const known = new Set(mutants.map(keyOf)), seen = new Set<string>();
  return accepted.flatMap((entry) => {
    const key = keyOf(entry), what = `${entry.file}: ${entry.within}: ${entry.original} => ${entry.mutation}`;
    const twice = seen.has(key);
    seen.add(key);
    if (!known.has(key)) return [`no such mutant any more: ${what}`];
    if (twice) return [`listed twice: ${what}`];
    return entry.reason.trim() === "" ? [`without a reason: ${what}`] : [];
  });
};
