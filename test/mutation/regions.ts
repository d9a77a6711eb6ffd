import { type Node, treeOf, walk } from "./syntax.ts";

/** A part of a module that runs as a whole or not at all. */
export interface Region {
  readonly start: number;
  readonly end: number;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
  /** At one place what closes comes before what opens; of two that open, the outer one first. */
  readonly order: number;
}

interface Counting {
  readonly regions: Region[];
  readonly insertions: Insertion[];
}

const leaves = (node: Node): boolean => {
  let found = false;
  walk(node, ({ type }) => {
    found ||= type === "ReturnStatement" || type === "ContinueStatement" || type === "BreakStatement" ||
      type === "ThrowStatement";
  });
  return found;
};

const open = (counting: Counting, region: Region): string => {
  counting.regions.push(region);
  return `$reached(${counting.regions.length - 1})`;
};

const countExpression = (counting: Counting, node: Node | null | undefined): void => {
  if (node == null) return;
  const { start, end } = node;
  const text = open(counting, { start, end });
  counting.insertions.push({ at: start, text: `(${text}, `, order: 1e9 - end });
  counting.insertions.push({ at: end, text: ")", order: -start - 1 });
};

/** Statements one after another; those behind one that may leave are a region of their own. */
const countList = (counting: Counting, list: readonly Node[], start: number, end: number): void => {
  let from = start, fresh = true;
  for (const statement of list) {
    if (fresh) {
      const text = open(counting, { start: from, end });
      counting.insertions.push({ at: statement.start, text: `${text};`, order: 1e9 - end });
    }
    fresh = leaves(statement);
    if (fresh) from = statement.end;
  }
};

const countStatement = (counting: Counting, node: Node | null | undefined): void => {
  if (node == null || node.type === "BlockStatement") return;
  const { start, end } = node;
  const text = open(counting, { start, end });
  counting.insertions.push({ at: start, text: `{${text};`, order: 1e9 - end });
  counting.insertions.push({ at: end, text: "}", order: -start - 1 });
};

const countNode = (counting: Counting, node: Node): void => {
  switch (node.type) {
    case "ArrowFunctionExpression":
      if (node.body.type !== "BlockStatement") countExpression(counting, node.body);
      return;
    case "BlockStatement":
      return countList(counting, node.body, node.start, node.end);
    case "SwitchCase":
      return countList(counting, node.consequent, node.consequent[0]?.start, node.end);
    case "ConditionalExpression":
      countExpression(counting, node.consequent);
      return countExpression(counting, node.alternate);
    case "LogicalExpression":
      return countExpression(counting, node.right);
    case "AssignmentPattern":
      return countExpression(counting, node.right);
    case "IfStatement":
      countStatement(counting, node.consequent);
      return countStatement(counting, node.alternate);
    case "ForStatement":
    case "ForOfStatement":
    case "ForInStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      return countStatement(counting, node.body);
  }
};

/** The regions of a module: the first one is all of it, which runs when the module is loaded. */
export interface Counted {
  readonly regions: readonly Region[];
  /** The module, calling `$reached` with the number of each region that it enters. */
  readonly text: string;
}

export const countRegions = (text: string): Counted => {
  const counting: Counting = { regions: [{ start: 0, end: text.length }], insertions: [] };
  walk(treeOf(text), (node) => countNode(counting, node));
  const sorted = counting.insertions.toSorted((a, b) => a.at - b.at || a.order - b.order);
  let counted = "", at = 0;
  for (const insertion of sorted) {
    counted += text.slice(at, insertion.at) + insertion.text;
    at = insertion.at;
  }
  return { regions: counting.regions, text: `${counted}${text.slice(at)}\n$reached(0);` };
};

/** The number of the smallest region that holds a piece of the text. */
export const regionAt = (regions: readonly Region[], start: number, end: number): number => {
  let best = 0;
  for (const [number, region] of regions.entries()) {
    const known = regions[best] ?? region;
    const inside = region.start <= start && end <= region.end;
    if (inside && region.end - region.start <= known.end - known.start) best = number;
  }
  return best;
};
