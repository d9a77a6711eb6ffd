import { suite } from "uvu";
import * as assert from "uvu/assert";
import { filesUnder, projectFiles, readText } from "../tools/files.ts";
import { type Graph, reachable } from "../tools/import_rules.ts";
import { importsOfFile } from "../tools/source.ts";

const test = suite("what is shipped");

const files = projectFiles();
const deno = JSON.parse(readText("deno.json"));
const graph: Graph = new Map(
  files.filter((path) => path.endsWith(".ts")).map((path) => [path, importsOfFile(path)]),
);
const entries = Object.values(deno.exports as Record<string, string>).map((path) =>
  path.replace(/^\.\//, "")
);
const shipped = reachable(graph, entries);

/** Whether a file or folder of the manifest's list names the path; `**` stands for folders, `*` for a part of a name. */
const isNamed = (path: string, list: readonly string[]): boolean =>
  list.some((name) => {
    const pattern = name.replaceAll(".", "\\.").replaceAll("**/", "(?:.*/)?").replaceAll(
      /(?<![.)])\*/g,
      "[^/]*",
    );
    return new RegExp(`^${pattern}(?:/.*)?$`).test(path);
  });

const isPublished = (path: string): boolean =>
  isNamed(path, deno.publish.include) && !isNamed(path, deno.publish.exclude);

test("is published, with all that it imports", () => {
  assert.equal([...shipped].filter((path) => !isPublished(path)), []);
  const published = files.filter((path) => path.endsWith(".ts") && isPublished(path));
  const needed = [...reachable(graph, published)].filter((path) => !isPublished(path));
  assert.equal(needed, []);
});

test("holds nothing of Node's for those who test", () => {
  const forTesting = reachable(graph, ["test/testing.ts"]);
  const found = [...forTesting].flatMap((path) =>
    (graph.get(path) ?? []).filter(({ specifier }) => specifier.startsWith("node:")).map(({ specifier }) =>
      `${path} imports ${specifier}`
    )
  );
  assert.equal(found, []);
});

/** Arbitraries that are not for others: parts to make some from, and what is inside the watch machine. */
const internal = new Set(["record.ts", "watch.ts", "containers_memory.ts", "observed_story.ts"]);

test("has every arbitrary of a type that others have", () => {
  const names = filesUnder("test/arbitraries").filter((path) => !internal.has(path.split("/").at(-1) ?? ""))
    .flatMap((path) => [...readText(path).matchAll(/^export const (any\w+)/gm)].map(([, name = ""]) => name));
  const exported = readText("test/testing.ts");
  assert.ok(names.length > 50);
  assert.equal(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(exported)), []);
});

test.run();
