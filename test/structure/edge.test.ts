import { builtinModules } from "node:module";
import { stop } from "esbuild";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bundle, packageOf } from "../tools/bundle.ts";
import { isForTesting, isProduct } from "../tools/import_rules.ts";
import { globalsOf } from "../tools/purity.ts";
import { runInWorkerd } from "../tools/workerd.ts";

const test = suite("mod.ts on the edge");

// esbuild's service is a child process
test.after(() => stop());

/** Packages known to need nothing of Node. Another one is added here once that has been looked at. */
const edgePackages = new Set(["fp-ts", "io-ts", "ky"]);

/** Globals that no browser and no edge runtime has. */
const nodeGlobals = new Set(
  "process Buffer require module exports __dirname __filename global setImmediate Deno".split(" "),
);

/** What `./testing` needs beside them, looked at likewise. */
const testingPackages = new Set([
  ...edgePackages,
  "@noble/curves",
  "@noble/hashes",
  "fast-check",
  "pure-rand",
  "sorted-btree",
  "yaml",
]);

const foreignPackages = (inputs: readonly string[], known = edgePackages): readonly string[] => [
  ...new Set(inputs.map(packageOf).filter((name) => name !== undefined && !known.has(name)) as string[]),
];

const foreignGlobals = (code: string): readonly string[] =>
  globalsOf(code).filter((name) => nodeGlobals.has(name));

const foreignInputs = (inputs: readonly string[], isOurs = isProduct): readonly string[] =>
  inputs.filter((path) => packageOf(path) === undefined && !isOurs(path));

test("needs no module and no global of Node's", async () => {
  const { code, inputs, externals } = await bundle("mod.ts");
  assert.equal(externals, []);
  assert.equal(foreignPackages(inputs), []);
  assert.equal(foreignInputs(inputs), []);
  assert.equal(foreignGlobals(code), []);
  assert.ok(inputs.includes("mod.ts") && inputs.some((path) => path.startsWith("core/")));
});

/** fast-check looks whether there is a `Buffer` before it uses it. */
const guarded = ["Buffer"];

test("nor does what others test with", async () => {
  const { code, inputs, externals } = await bundle("test/testing.ts");
  assert.equal(externals, []);
  assert.equal(foreignPackages(inputs, testingPackages), []);
  assert.equal(foreignInputs(inputs, (path) => isProduct(path) || isForTesting(path)), []);
  assert.equal(foreignGlobals(code), guarded);
  assert.equal(foreignGlobals((await bundle("test/testing.ts", ["fast-check"])).code), []);
});

test("the check finds a module of Node's, however it is named", async () => {
  for (const specifier of ["node:fs", "fs", "node:https"]) {
    const error = await bundle({ text: `import "${specifier}";` }).then(() => undefined, (reason) => reason);
    assert.match(String(error), specifier);
  }
  assert.ok(builtinModules.includes("fs"));
});

test("the check finds a package and a global", async () => {
  const { inputs, code } = await bundle({
    text: `import { parse } from "yaml"; export const a = [parse, process.env];`,
  });
  assert.equal(foreignPackages(inputs), ["yaml"]);
  assert.ok(foreignGlobals(code).includes("process"));
  assert.is(packageOf("node_modules/.deno/a@1/node_modules/@b/c/d.js"), "@b/c");
});

test("runs in workerd", async () => {
  const { code } = await bundle("test/tools/edge_worker.ts");
  const ended = await runInWorkerd(code, 60_000);
  assert.is(ended.code, 0, ended.output);
});

test("what others test with runs in workerd", async () => {
  const { code } = await bundle("test/tools/edge_testing_worker.ts");
  const ended = await runInWorkerd(code, 120_000);
  assert.is(ended.code, 0, ended.output);
});

test("workerd tells of a failure", async () => {
  const ended = await runInWorkerd(`export default { test() { throw new Error("on purpose"); } };`, 60_000);
  assert.is.not(ended.code, 0);
  assert.match(ended.output, "on purpose");
});

test.run();
