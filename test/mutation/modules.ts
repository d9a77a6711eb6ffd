import { transform } from "esbuild";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readText, root } from "../tools/files.ts";
import { resolveImport } from "../tools/source.ts";

/** What a module exports, by name. */
export type Exports = Readonly<Record<string, unknown>>;

/** A module as a function, which can be run again and again: each time a new module. */
export interface Module {
  readonly path: string;
  /** Modules of the repository by their paths, packages by their names. */
  readonly imports: readonly string[];
  readonly run: (load: (name: string) => Exports, reached: (region: number) => void) => Exports;
}

const importPattern =
  /^\s*import\s+(?:([\w$]+)\s*,?\s*)?(?:\*\s+as\s+([\w$]+)\s*)?(?:\{([^}]*)\}\s*)?(?:from\s*)?"([^"]+)";\n/;
const reexportPattern = /^export \{([^}]*)\} from "([^"]+)";\n/gm;
const exportPattern = /^export \{([^}]*)\};\n/gm;

const pairs = (list: string): readonly (readonly [string, string])[] =>
  list.split(",").map((item) => item.trim()).filter((item) => item !== "").map((item) => {
    const [from = item, to = from] = item.split(/\s+as\s+/);
    return [from, to];
  });

/** The text of a module without types as the body of a function. Only the forms that esbuild prints are understood. */
const asFunction = (path: string, text: string): { readonly body: string; readonly imports: string[] } => {
  const imports: string[] = [], exports: string[] = [];
  const load = (specifier: string): string => {
    const name = resolveImport(path, specifier) ?? specifier;
    if (!imports.includes(name)) imports.push(name);
    return `$load(${JSON.stringify(name)})`;
  };
  let head = "", rest = text;
  for (let found = importPattern.exec(rest); found !== null; found = importPattern.exec(rest)) {
    const [whole, single, all, some, specifier = ""] = found;
    const module = load(specifier);
    if (all !== undefined) head += `const ${all} = ${module};`;
    const names = pairs(some ?? "").map(([from, to]) => `${from}: ${to}`);
    if (single !== undefined) names.push(`default: ${single}`);
    head += names.length > 0 ? `const { ${names.join(", ")} } = ${module};` : `${module};`;
    rest = rest.slice(whole.length);
  }
  rest = rest.replace(reexportPattern, (_, list: string, specifier: string) => {
    const module = load(specifier);
    for (const [from, to] of pairs(list)) exports.push(`${to}: ${module}.${from}`);
    return "";
  });
  rest = rest.replace(exportPattern, (_, list: string) => {
    for (const [from, to] of pairs(list)) exports.push(`${to}: ${from}`);
    return "";
  });
  return { body: `"use strict";${head}\n${rest}\nreturn { ${exports.join(", ")} };`, imports };
};

/** A module from its TypeScript. Rejects on a syntax error. */
export const compile = async (path: string, text: string): Promise<Module> => {
  const url = pathToFileURL(join(root, path)).href;
  const { code } = await transform(text, {
    loader: "ts",
    format: "esm",
    target: "es2024",
    legalComments: "none",
    define: { "import.meta.url": "$url" },
  });
  const { body, imports } = asFunction(path, code);
  const made = new Function("$load", "$reached", "$url", body);
  return { path, imports, run: (load, reached) => made(load, reached, url) };
};

const require = createRequire(import.meta.url);

/** What a package exports to one that imports it. */
const packageOf = (name: string): Exports => {
  const found = require(name);
  const hasDefault = found[Symbol.toStringTag] === "Module" || found.__esModule === true;
  return hasDefault ? found : { ...found, default: found };
};

/** Every module that a module needs, itself included, and the packages. */
export interface Program {
  readonly modules: ReadonlyMap<string, Module>;
  readonly packages: ReadonlyMap<string, Exports>;
}

/** Adds what a module needs. `textOf` may give another text than the file's. */
export const programOf = async (
  entry: string,
  known: Program,
  textOf: (path: string) => string = readText,
): Promise<Program> => {
  const modules = new Map(known.modules), packages = new Map(known.packages);
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (modules.has(path)) continue;
    const module = await compile(path, textOf(path));
    modules.set(path, module);
    for (const name of module.imports) {
      if (name.endsWith(".ts")) waiting.push(name);
      else if (!packages.has(name)) packages.set(name, packageOf(name));
    }
  }
  return { modules, packages };
};

/** Those of a program's modules that import a module, over others too, and that module. */
export const dependentsOf = (path: string, { modules }: Program): ReadonlySet<string> => {
  const importers = new Map<string, string[]>();
  for (const [importer, { imports }] of modules) {
    for (const name of imports) importers.set(name, [...importers.get(name) ?? [], importer]);
  }
  const found = new Set([path]);
  for (const name of found) {
    for (const importer of importers.get(name) ?? []) found.add(importer);
  }
  return found;
};

/** How to run a program. */
export interface Start {
  readonly reached?: (path: string, region: number) => void;
  /** Stands for the module of its path. */
  readonly replaced?: Module;
  /** Modules that were started before and stay as they are; others that may stay are added. */
  readonly kept?: { readonly modules: Map<string, Exports>; readonly may: (path: string) => boolean };
}

/** Runs a module and all that it needs, anew but for what is kept. */
export const start = (entry: string, { modules, packages }: Program, how: Start = {}): Exports => {
  const { reached = () => {}, replaced, kept } = how;
  const started = new Map<string, Exports | undefined>();
  const load = (name: string): Exports => {
    const stays = kept?.may(name) === true;
    const found = started.get(name) ?? packages.get(name) ?? (stays ? kept.modules.get(name) : undefined);
    if (found !== undefined) return found;
    if (started.has(name)) throw new Error(`${name} imports itself over others`);
    const module = replaced?.path === name ? replaced : modules.get(name);
    if (module === undefined) throw new Error(`${name} is imported by no module that was compiled`);
    started.set(name, undefined);
    const exports = module.run(load, (region) => reached(name, region));
    started.set(name, exports);
    if (stays) kept.modules.set(name, exports);
    return exports;
  };
  return load(entry);
};
