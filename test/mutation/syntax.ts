import { parseSource } from "../tools/source.ts";

/** A node of a syntax tree with its place in the text. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly loc: { readonly start: { readonly line: number } };
  // deno-lint-ignore no-explicit-any
  readonly [field: string]: any;
}

/** A node, and the nodes around it, the nearest first. */
export type Visit = (node: Node, around: readonly Node[]) => void;

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** Nodes of types that have a value inside. */
const transparent: ReadonlySet<string> = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
]);

const skipped: ReadonlySet<string> = new Set([
  "loc",
  "extra",
  "errors",
  "comments",
  "leadingComments",
  "trailingComments",
  "innerComments",
  "tokens",
  "typeAnnotation",
  "typeParameters",
  "typeArguments",
  "returnType",
]);

const isTypeOnly = (node: Node): boolean =>
  (node.type.startsWith("TS") && !transparent.has(node.type)) || node.type === "ImportDeclaration" ||
  (node.type.startsWith("Export") && (node.source != null || node.exportKind === "type"));

/** The children of a node that are there at run time. */
export const childrenOf = (node: Node): readonly Node[] =>
  Object.entries(node).flatMap(([field, child]) => skipped.has(field) ? [] : child).filter(isNode)
    .filter((child) => !isTypeOnly(child));

/** Every node that is there at run time, outer ones first. */
export const walk = (node: Node, visit: Visit, around: readonly Node[] = []): void => {
  visit(node, around);
  const inside = [node, ...around];
  for (const child of childrenOf(node)) walk(child, visit, inside);
};

export const treeOf = (text: string): Node => parseSource(text).program as unknown as Node;

/** A piece of a text and what stands in its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export const edited = (text: string, edit: Edit): string =>
  text.slice(0, edit.start) + edit.text + text.slice(edit.end);
