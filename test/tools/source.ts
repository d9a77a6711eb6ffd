import { parse, type ParseResult } from "@babel/parser";
import { readText } from "./files.ts";

/** The syntax tree of a TypeScript module. Throws on a syntax error. */
export const parseSource = (text: string): ParseResult =>
  parse(text, { sourceType: "module", plugins: ["typescript"] });

/** One module named by another. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** `export … from`. */
  readonly reexport: boolean;
  /** `import()`, of a value or, inside a type, of a type. */
  readonly dynamic: boolean;
}

interface Node {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number } } | null;
}

/** Every node below a node, itself included. */
export function* nodesOf(node: Node): Generator<Node & Record<string, unknown>> {
  yield node as Node & Record<string, unknown>;
  for (const [key, child] of Object.entries(node)) {
    if (key === "loc" || key === "errors" || key === "comments" || key === "tokens") continue;
    for (const item of Array.isArray(child) ? child : [child]) {
      if (typeof item === "object" && item !== null && typeof item.type === "string") yield* nodesOf(item);
    }
  }
}

export const lineOf = (node: Node): number => node.loc?.start.line ?? 0;

/** The text of a string literal, also as a type and as a template without holes. */
const textOf = (node: any): string | undefined => {
  if (node?.type === "StringLiteral") return node.value;
  if (node?.type === "TSLiteralType") return textOf(node.literal);
  if (node?.type === "TemplateLiteral" && node.expressions.length === 0) return node.quasis[0].value.cooked;
  return undefined;
};

/** Everything that a module imports, types too. A computed `import()` has the specifier `?`. */
export const importsOf = (text: string): readonly Import[] => {
  const found: Import[] = [];
  for (const node of nodesOf(parseSource(text).program)) {
    const add = (source: unknown, flags: { reexport?: boolean; dynamic?: boolean } = {}): void => {
      found.push({
        specifier: textOf(source) ?? "?",
        line: lineOf(node),
        reexport: flags.reexport ?? false,
        dynamic: flags.dynamic ?? false,
      });
    };
    if (node.type === "ImportDeclaration") add(node.source);
    if (node.type === "ExportAllDeclaration") add(node.source, { reexport: true });
    if (node.type === "ExportNamedDeclaration" && node.source != null) add(node.source, { reexport: true });
    if (node.type === "ImportExpression") add(node.source, { dynamic: true });
    if (node.type === "TSImportType") add(node.source ?? node.argument, { dynamic: true });
    if (node.type === "CallExpression" && (node.callee as Node).type === "Import") {
      add((node.arguments as Node[])[0], { dynamic: true });
    }
  }
  return found;
};

/** `importsOf` a file of the repository. */
export const importsOfFile = (path: string): readonly Import[] => importsOf(readText(path));

/** The file of the repository that a relative specifier names, or `undefined` for a package. */
export const resolveImport = (from: string, specifier: string): string | undefined => {
  if (!/^\.{1,2}\//.test(specifier)) return undefined;
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
};
