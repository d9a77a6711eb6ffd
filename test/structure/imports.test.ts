import { suite } from "uvu";
import * as assert from "uvu/assert";
import { projectFiles, readText } from "../tools/files.ts";
import {
  barrels,
  cycles,
  dangling,
  foreignToCore,
  foreignToPureAdapters,
  foreignToShipped,
  type Graph,
  undeclared,
} from "../tools/import_rules.ts";
import { importsOf, importsOfFile } from "../tools/source.ts";

const test = suite("the import graph");

const files = projectFiles();
const modules = files.filter((path) => path.endsWith(".ts"));
const graph: Graph = new Map(modules.map((path) => [path, importsOfFile(path)]));
const manifest = JSON.parse(readText("package.json"));
const declared = {
  shipped: Object.keys(manifest.dependencies),
  development: Object.keys(manifest.devDependencies),
};
const entries = Object.values(JSON.parse(readText("deno.json")).exports as Record<string, string>)
  .map((path) => path.replace(/^\.\//, ""));

/** A graph of snippets. */
const graphOf = (files: Readonly<Record<string, string>>): Graph =>
  new Map(Object.entries(files).map(([path, text]) => [path, importsOf(text)]));

test("holds the whole project", () => {
  assert.ok(modules.filter((path) => path.startsWith("core/")).length > 10);
  assert.ok([...graph.values()].flat().length > modules.length);
});

test("core imports only itself, fp-ts and io-ts", () => {
  assert.equal(foreignToCore(graph), []);
  const bad = graphOf({
    "core/pod/a.ts": `import type { A } from "../../adapters/ports.ts";
      import { map } from "fp-ts/Either"; import "node:fs"; export * from "ky";
      type B = import("../../adapters/b.ts").B; const c = await import("../c.ts");
      import { pipe } from "fp-ts/lib/function.js"; import * as t from "io-ts"; import "../b.ts";`,
  });
  assert.equal(foreignToCore(bad).map((line) => line.split(" ").at(-1)), [
    "../../adapters/ports.ts",
    "fp-ts/Either",
    "node:fs",
    "ky",
    "../../adapters/b.ts",
    "../c.ts",
  ]);
});

test("the pure part of the API server imports the core, itself and what computes", () => {
  assert.equal(foreignToPureAdapters(graph), []);
  const bad = graphOf({
    "adapters/apiserver/a.ts":
      `import "../kubernetes/b.ts"; import "./server/c.ts"; import "node:fs"; import "ky";
      import { parse } from "yaml"; import "./verbs/d.ts"; import "../../core/e.ts"; import "fp-ts/lib/Either.js";`,
    "adapters/apiserver/server/f.ts": `import "node:https";`,
  });
  assert.equal(foreignToPureAdapters(bad).map((line) => line.split(" ").at(-1)), [
    "../kubernetes/b.ts",
    "./server/c.ts",
    "node:fs",
    "ky",
  ]);
});

test("what is shipped imports nothing of our own tests", () => {
  assert.equal(foreignToShipped(graph, entries), []);
  const bad = graphOf({
    "adapters/a/b.ts": `import "../../test/sim/c.ts"; import "../../core/d.ts";`,
    "test/testing.ts": `export { a } from "./sim/a.ts"; import "../adapters/d.ts";`,
    "test/sim/a.ts": `import "../tools/seed.ts"; import "./b.ts";`,
    "test/sim/run.ts": `import "../tools/seed.ts";`,
  });
  assert.equal(foreignToShipped(bad, ["test/testing.ts"]).map((line) => line.split(" ").at(-1)), [
    "../../test/sim/c.ts",
    "../tools/seed.ts",
  ]);
});

test("every relative import names a file", () => {
  assert.equal(dangling(graph, files), []);
  assert.is(
    dangling(graphOf({ "a.ts": `import "./b.ts"; import "./c/"; import "./d.json";` }), ["b.ts", "d.json"])
      .length,
    1,
  );
});

test("every package is declared where it is used", () => {
  assert.equal(undeclared(graph, entries, declared), []);
  const some = { shipped: ["ky"], development: ["uvu", "@scope/tool"] };
  const bad = graphOf({
    "adapters/a.ts": `import "ky"; import "uvu"; import "node:fs"; import "npm:ky";`,
    "test/a.ts": `import "uvu/assert"; import "@scope/tool/x"; import "@scope/other"; import "ky";`,
    "test/testing.ts": `import "ky"; import "./b.ts";`,
    "test/b.ts": `import "@scope/tool";`,
  });
  assert.equal(undeclared(bad, ["test/testing.ts"], some).map((line) => line.split(" ").at(-1)), [
    "uvu",
    "npm:ky",
    "@scope/other",
    "@scope/tool",
  ]);
});

test("only entry points re-export", () => {
  assert.equal(barrels(graph, entries), []);
  const bad = graphOf({
    "core/index.ts": `export { a } from "./a.ts"; export type * from "./b.ts"; export const c = 1;`,
    "mod.ts": `export { a } from "./core/a.ts";`,
  });
  assert.is(barrels(bad, ["mod.ts"]).length, 2);
});

test("there are no cycles", () => {
  assert.equal(cycles(graph), []);
  const bad = graphOf({
    "a.ts": `import "./x/b.ts";`,
    "x/b.ts": `import type { C } from "../c.ts";`,
    "c.ts": `export { a } from "./a.ts"; import "./d.ts";`,
    "d.ts": "",
  });
  assert.equal(cycles(bad), ["a.ts -> x/b.ts -> c.ts -> a.ts"]);
});

test.run();
