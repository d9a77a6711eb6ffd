import { isKilled, type Judged, type Verdict } from "./hunt.ts";
import { keyOf, type Survivor } from "./survivors.ts";

const count = (judged: readonly Judged[], verdict: Verdict): number =>
  judged.filter((each) => each.verdict === verdict).length;

/** A group's counts on one line. */
export const countsOf = (name: string, judged: readonly Judged[]): string => {
  const parts: readonly (readonly [Verdict, string])[] = [
    ["Killed", "killed"],
    ["TimedOut", "timed out"],
    ["Died", "died"],
    ["Survived", "survived"],
    ["Unreached", "reached by no test"],
  ];
  const told = parts.map(([verdict, word]) => [count(judged, verdict), word] as const)
    .filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `${name}: ${judged.length} mutants, ${told.join(", ")}`;
};

export const survivorLine = ({ mutant, verdict }: Judged): string => {
  const { file, line, within, original, mutation, ordinal } = mutant;
  const which = ordinal === 0 ? "" : ` (ordinal ${ordinal})`;
  const unreached = verdict === "Unreached" ? " [reached by no test]" : "";
  return `${file}:${line} ${within}: ${original}  =>  ${mutation}${which}${unreached}`;
};

const groupedBy = (
  judged: readonly Judged[],
  nameOf: (judged: Judged) => string,
): ReadonlyMap<string, readonly Judged[]> => Map.groupBy(judged, nameOf);

const folderOf = ({ mutant }: Judged): string => mutant.file.slice(0, mutant.file.lastIndexOf("/"));

/** What came out, in words, and whether all is well. */
export interface Conclusion {
  readonly lines: readonly string[];
  /** Survivors that no list accepts. */
  readonly unaccepted: readonly Judged[];
  /** Accepted ones that are killed by now. */
  readonly killed: readonly Judged[];
}

export const conclude = (judged: readonly Judged[], accepted: readonly Survivor[]): Conclusion => {
  const known = new Set(accepted.map(keyOf));
  const survivors = judged.filter((each) => !isKilled(each));
  const unaccepted = survivors.filter(({ mutant }) => !known.has(keyOf(mutant)));
  const killed = judged.filter((each) => isKilled(each) && known.has(keyOf(each.mutant)));
  const lines: string[] = [];
  for (const [file, group] of groupedBy(judged, ({ mutant }) => mutant.file)) {
    lines.push(countsOf(file, group));
    for (const each of group) if (unaccepted.includes(each)) lines.push(`    ${survivorLine(each)}`);
  }
  for (const each of killed) lines.push(`accepted as a survivor, but killed: ${survivorLine(each)}`);
  for (const [folder, group] of groupedBy(judged, folderOf)) lines.push(countsOf(`${folder}/`, group));
  const all = judged.length, dead = all - survivors.length;
  const score = all === 0 ? 100 : 100 * dead / all;
  lines.push(`${dead} of ${all} mutants killed: ${score.toFixed(1)} %`);
  lines.push(`${survivors.length} survived, ${survivors.length - unaccepted.length} of them accepted`);
  return { lines, unaccepted, killed };
};
