import { type Import, resolveImport } from "./source.ts";

/** The modules of the project: what each imports, by path. */
export type Graph = ReadonlyMap<string, readonly Import[]>;

const at = (path: string, { line, specifier }: Import): string => `${path}:${line} imports ${specifier}`;

const offences = (graph: Graph, isWrong: (path: string, found: Import) => boolean): readonly string[] =>
  [...graph].flatMap(([path, imports]) =>
    imports.filter((found) => isWrong(path, found)).map((found) => at(path, found))
  );

const isCorePackage = (specifier: string): boolean =>
  specifier === "io-ts" || /^fp-ts\/lib\/\w+\.js$/.test(specifier);

/** The entries and all that they import, types too. */
export const reachable = (graph: Graph, entries: readonly string[]): ReadonlySet<string> => {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const { specifier } of graph.get(path) ?? []) {
      const target = resolveImport(path, specifier);
      if (target !== undefined) visit(target);
    }
  };
  entries.forEach(visit);
  return found;
};

/** `core/` imports itself, fp-ts and io-ts, and nothing when it runs. */
export const foreignToCore = (graph: Graph): readonly string[] =>
  offences(graph, (path, { specifier, dynamic }) => {
    if (!path.startsWith("core/")) return false;
    const target = resolveImport(path, specifier);
    const known = target === undefined ? isCorePackage(specifier) : target.startsWith("core/");
    return !known || dynamic;
  });

/** The pure part of an adapter: all of the API server but what puts it on a network. */
export const isPureAdapter = (path: string): boolean =>
  path.startsWith("adapters/apiserver/") && !path.startsWith("adapters/apiserver/server/");

/** Packages that compute and do nothing else. */
const isPurePackage = (specifier: string): boolean =>
  isCorePackage(specifier) || /^(sorted-btree|yaml)$|^@noble\/(curves|hashes)\//.test(specifier);

/** What is pure in `adapters/` imports itself, the core and packages that compute. */
export const foreignToPureAdapters = (graph: Graph): readonly string[] =>
  offences(graph, (path, { specifier, dynamic }) => {
    if (!isPureAdapter(path)) return false;
    const target = resolveImport(path, specifier);
    const known = target === undefined
      ? isPurePackage(specifier)
      : target.startsWith("core/") || isPureAdapter(target);
    return !known || dynamic;
  });

/** What runs in clusters: `mod.ts`, the core, the adapters. */
export const isProduct = (path: string): boolean => /^(core|adapters)\//.test(path) || path === "mod.ts";

/** What is made for others to test with, and is shipped for that. */
export const isForTesting = (path: string): boolean =>
  path === "test/testing.ts" || /^test\/(arbitraries|contract|sim)\//.test(path);

/** What runs in clusters never imports what tests it, and what is shipped for testing no tools of our own. */
export const foreignToShipped = (graph: Graph, entries: readonly string[]): readonly string[] => {
  const shipped = reachable(graph, entries);
  return offences(graph, (path, { specifier }) => {
    const target = resolveImport(path, specifier);
    if (target === undefined) return false;
    return isProduct(path)
      ? !isProduct(target)
      : shipped.has(path) && !isProduct(target) && !isForTesting(target);
  });
};

/** Relative imports that name no file of the project. */
export const dangling = (graph: Graph, files: readonly string[]): readonly string[] =>
  offences(graph, (path, { specifier }) => {
    const target = resolveImport(path, specifier);
    return target !== undefined && !files.includes(target);
  });

/** `export … from` outside the entry points. */
export const barrels = (graph: Graph, entries: readonly string[]): readonly string[] =>
  offences(graph, (path, { reexport }) => reexport && !entries.includes(path));

const packageName = (specifier: string): string =>
  specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");

/** Packages that are imported without being declared, or from a place that may not import them. */
export const undeclared = (
  graph: Graph,
  entries: readonly string[],
  declared: { readonly shipped: readonly string[]; readonly development: readonly string[] },
): readonly string[] => {
  const shipped = reachable(graph, entries);
  return offences(graph, (path, { specifier }) => {
    if (resolveImport(path, specifier) !== undefined || specifier.startsWith("node:")) return false;
    const name = packageName(specifier);
    const isDevelopment = /^(test|\.build)\//.test(path) && !shipped.has(path);
    return !declared.shipped.includes(name) && !(isDevelopment && declared.development.includes(name));
  });
};

/** Every cycle once, as the path around it. Imports of types count: a cycle of ideas is one too. */
export const cycles = (graph: Graph): readonly string[] => {
  const done = new Set<string>();
  const trail: string[] = [];
  const found: string[] = [];
  const visit = (path: string): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    trail.push(path);
    for (const { specifier } of graph.get(path) ?? []) {
      const target = resolveImport(path, specifier);
      if (target !== undefined) visit(target);
    }
    trail.pop();
    done.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return found;
};
