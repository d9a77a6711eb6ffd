import { relative } from "node:path";
import process from "node:process";
import { type Finished, runCommand } from "../test/tools/child.ts";
import { root } from "../test/tools/files.ts";

interface Declaration {
  /** `reference`: exported again by another entry point. */
  readonly kind: string;
  readonly location: { readonly filename: string; readonly line: number };
  readonly jsDoc?: { readonly doc?: string };
}

interface Doc {
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly symbols: readonly { readonly name: string; readonly declarations: readonly Declaration[] }[];
      }
    >
  >;
}

const deno = (...args: readonly string[]): Promise<Finished> =>
  runCommand(process.execPath, ["doc", "-q", ...args], { cwd: root, env: { NO_COLOR: "1" } });

/** Exported again from a package: documented there. */
const isOfPackage = (file: string): boolean => file.startsWith("node_modules");

/** Exported again, but documented elsewhere. */
const isForeign = (file: string): boolean => file.startsWith("node_modules/");

const undocumented = (doc: Doc): readonly string[] =>
  Object.values(doc.nodes).flatMap(({ symbols }) => symbols).flatMap(({ name, declarations }) => {
    const first = declarations[0];
    if (
      first === undefined || first.kind === "reference" ||
      declarations.some(({ jsDoc }) => jsDoc?.doc !== undefined)
    ) return [];
    const file = relative(root, first.location.filename.replace(/^file:\/\//, ""));
    return isOfPackage(file)
      ? []
      : [`${file}:${first.location.line}: ${name} is exported without a docstring`];
  });

/** Types of packages, which are public there. */
const fromPackages = new Set(["Either", "EmptyBTree", "fc", "Arbitrary"]);

/** What `deno doc --lint` finds, but for members without a docstring: a good name is enough for those. */
const linted = (output: string): readonly string[] =>
  output.split(/\n(?=error\[)/).flatMap((block) => {
    const [, rule, message] = /^error\[([\w-]+)\]: (.*)/.exec(block) ?? [];
    const place = relative(root, /--> (.*):\d+/.exec(block)?.[1] ?? root);
    const named = /private type '(\w+)'/.exec(message ?? "")?.[1] ?? "";
    const file = relative(root, place);
    return rule === undefined || rule === "missing-jsdoc" || isForeign(place) || fromPackages.has(named) ||
        isOfPackage(file)
      ? []
      : [`${file}: ${message}`];
  });

/** Everything exported has a docstring, and every type that it names is exported too. */
export const checkDocs = async (entries: readonly string[]): Promise<Finished> => {
  const [json, lint] = [await deno("--json", ...entries), await deno("--lint", ...entries)];
  if (json.code !== 0) return json;
  const problems = [...new Set([...undocumented(JSON.parse(json.stdout)), ...linted(lint.output)])];
  return { ...lint, code: problems.length === 0 ? 0 : 1, output: problems.join("\n") };
};
