import { editsOf } from "./operators.ts";
import { countRegions, regionAt } from "./regions.ts";
import { type Edit, type Node, treeOf, walk } from "./syntax.ts";

/** One change of one place of the code. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** The named functions and constants around it, outermost first: `step.pods`. Empty: none. */
  readonly within: string;
  readonly original: string;
  readonly mutation: string;
  /** Counts those that are alike in all of the above, the line aside. */
  readonly ordinal: number;
  readonly edit: Edit;
  /** The part of the module that has to run for the mutant to matter. */
  readonly region: number;
}

const nameOf = (node: Node): string | undefined => {
  if (node.type === "VariableDeclarator" || node.type === "FunctionDeclaration") return node.id?.name;
  return undefined;
};

const withinOf = (around: readonly Node[]): string =>
  around.map(nameOf).filter((name) => name !== undefined).reverse().join(".");

const longest = 100, contextLength = 30;

const alikeAtStart = (a: string, b: string): number => {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
};

const reversed = (text: string): string => [...text].reverse().join("");

const oneLine = (text: string): string => text.replace(/\s+/g, " ");

const clipped = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest / 2)} … ${text.slice(-longest / 2)}`;

const window = (text: string, head: number, tail: number): string => {
  const from = Math.max(0, head - contextLength),
    to = Math.min(text.length, text.length - tail + contextLength);
  return `${from > 0 ? "… " : ""}${clipped(text.slice(from, to))}${to < text.length ? " …" : ""}`;
};

/** A piece of code before and after, each on one line; of long ones what is around the change. */
const shown = (before: string, after: string, whole: boolean): readonly [string, string] => {
  const a = oneLine(before), b = oneLine(after);
  if (whole || (a.length <= longest && b.length <= longest)) return [clipped(a), clipped(b)];
  const head = alikeAtStart(a, b);
  const tail = alikeAtStart(reversed(a.slice(head)), reversed(b.slice(head)));
  return [window(a, head, tail), window(b, head, tail)];
};

/** Where nothing is decided: how a broken invariant is told, and texts for people that only types and tests read. */
const noMutants = /^core\/(invariant|version|why|\w+\/why)\.ts$/;

/** What is shown of a change: the expression around it; a statement would be too much. */
const pieceOf = (node: Node, edit: Edit): { readonly start: number; readonly end: number } =>
  edit.start >= node.start && edit.end <= node.end &&
    !/^(If|While|DoWhile|For)Statement$|^Arrow/.test(node.type)
    ? node
    : edit;

/** Every mutant of a module. The text is the module's, `file` only its name. */
export const mutantsOf = (file: string, text: string): readonly Mutant[] => {
  if (noMutants.test(file)) return [];
  const { regions } = countRegions(text);
  const found: Mutant[] = [];
  const alike = new Map<string, number>();
  const seen = new Set<string>();
  walk(treeOf(text), (node, around) => {
    for (const edit of editsOf({ text, around }, node)) {
      const { start, end } = edit;
      const same = `${start} ${end} ${edit.text}`;
      if (seen.has(same) || text.slice(start, end) === edit.text) continue;
      seen.add(same);
      const piece = pieceOf(node, edit);
      const [original, mutation] = shown(
        text.slice(piece.start, piece.end),
        text.slice(piece.start, start) + edit.text + text.slice(end, Math.max(end, piece.end)),
        piece.start === start && piece.end === end,
      );
      const within = withinOf(around);
      const key = `${within}\n${original}\n${mutation}`;
      const ordinal = alike.get(key) ?? 0;
      alike.set(key, ordinal + 1);
      const region = regionAt(regions, start, end);
      const line = node.loc.start.line;
      found.push({ file, line, within, original, mutation, ordinal, edit, region });
    }
  });
  return found;
};
