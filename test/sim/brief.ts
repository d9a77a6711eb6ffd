import type { Outcome } from "./scenario.ts";

/** What the problems name: pods by UID, nodes and pods by name. */
const namesIn = (problems: readonly string[]): readonly string[] => [
  ...new Set(
    problems.flatMap((problem) => [
      ...(problem.match(/\b[0-9a-f]{8}(?=-[0-9a-f]{4}-)/g) ?? []),
      ...(problem.match(/\b(?:quiet|crowd|orphan-node)-\d+\b|\bhangs\b/g) ?? []),
    ]),
  ),
];

const mostLines = 40;
const ofAll = /is healed|is left alone|restarts and forgets|SAFETY/;

/** How a seed failed: its problems, and the last lines of its story that are about the pods that they name. */
export const brief = ({ seed, problems, story }: Outcome): string => {
  const names = namesIn(problems);
  const nodes = [...new Set(problems.flatMap((problem) => problem.match(/\bnode-\d+\b/g) ?? []))];
  const isTold = (line: string): boolean =>
    ofAll.test(line) || names.some((name) => line.includes(name)) ||
    (names.length === 0 && nodes.some((node) => line.includes(node)));
  return [
    `seed ${seed}:`,
    ...problems.slice(0, 5).map((problem) => `  ${problem}`),
    ...story.filter(isTold).slice(-mostLines),
    `replay with: deno task sim ${seed}`,
  ].join("\n");
};
