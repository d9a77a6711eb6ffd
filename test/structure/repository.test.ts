import { homedir } from "node:os";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { projectFiles, readText, root } from "../tools/files.ts";

const test = suite("the repository");

const files = projectFiles();
const deno = JSON.parse(readText("deno.json"));
const npm = JSON.parse(readText("package.json"));

test("the top level holds what it is to hold, and nothing else", () => {
  const isFree = (name: string): boolean =>
    name.startsWith(".") || /^(deno\.lock|package-lock\.json)$/.test(name);
  const top = [...new Set(files.map((path) => path.split("/")[0] ?? ""))].filter((name) => !isFree(name));
  const wanted = ["LICENSE", "README.md", "adapters", "core", "deno.json", "mod.ts", "package.json", "test"];
  assert.equal(top.sort(), wanted);
});

/** The npm side of a module: where `build` puts its code and its types. */
const built = (module: string): { readonly types: string; readonly default: string } => {
  const stem = module.replace(/^\.\//, "./dist/").replace(/\.ts$/, "");
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
};

test("both manifests say the same", () => {
  assert.is(npm.version, deno.version);
  assert.is(npm.license, deno.license);
  const exports = Object.entries(deno.exports as Record<string, string>);
  assert.equal(npm.exports, {
    ...Object.fromEntries(exports.map(([name, module]) => [name, built(module)])),
    "./package.json": "./package.json",
  });
  for (const [name, module] of exports) {
    assert.ok(files.includes(module.slice(2)), `${name} names ${module}, which does not exist`);
  }
});

test("the npm package is what it promises to be", () => {
  assert.is(npm.name, "virtual-kubelet");
  assert.is(npm.type, "module");
  assert.is(npm.sideEffects, false);
  assert.match(npm.engines.node, /^>=22\./);
  assert.equal(npm.files, ["dist"]);
  const program = "./dist/adapters/cli/main.js";
  assert.equal(npm.bin, { "virtual-kubelet": program, vk: program });
  assert.match(readText("adapters/cli/main.ts"), /^#!\/usr\/bin\/env node\n/);
});

test("every dependency has an exact version", () => {
  for (const [name, version] of Object.entries({ ...npm.dependencies, ...npm.devDependencies })) {
    assert.match(String(version), /^\d+\.\d+\.\d+$/, name);
  }
});

/** Built from pieces, because this file is searched too. */
const registries: readonly string[] = [
  ["npmjs", "org"],
  ["npmjs", "com"],
  ["yarnpkg", "com"],
  ["jsr", "io"],
  ["proxy", "golang", "org"],
  ["pypi", "org"],
].map((parts) => parts.join("."));

const machinePath = new RegExp(
  `(?<![\\w.:/@-])/(?:${["work", "opt", "root", "home/\\w+", "Users/\\w+"].join("|")})/[\\w.]`,
);

const ownPaths = [root, homedir()].filter((path) => path.split("/").length > 2);

const betrays = (text: string): string | undefined =>
  registries.find((host) => text.includes(host)) ?? machinePath.exec(text)?.[0] ??
    ownPaths.find((path) => text.includes(path));

test("no registry and no path of a machine is written down", () => {
  const found = files.flatMap((path) => {
    const what = betrays(readText(path));
    return what === undefined ? [] : [`${path}: ${what}`];
  });
  assert.equal(found, []);
  const bad = [
    `"resolved": "https://registry.${registries[0]}/a"`,
    ` ${"/opt"}/x`,
    `"${"/home"}/me/x"`,
    ...ownPaths,
  ];
  for (const text of bad) assert.ok(betrays(text) !== undefined, text);
  assert.is(betrays("https://example.com/work/x ./opt/x a/root/b"), undefined);
});

test("lockfiles hold no addresses", () => {
  for (const path of files.filter((name) => /^(deno\.lock|package-lock\.json)$/.test(name))) {
    assert.not.match(readText(path), /https?:\/\//, path);
  }
});

const manyLines = 250;

test("files are of a size that can be read", () => {
  const sizes = files.filter((path) => /^(core|adapters)\/.*\.ts$|^mod\.ts$/.test(path)).map((path) =>
    [path, readText(path).split("\n").length - 1] as const
  );
  for (const [path, lines] of sizes.filter(([, lines]) => lines > manyLines)) {
    console.log(`\nlong: ${path} has ${lines} lines (over ${manyLines} needs a reason)`);
  }
  assert.ok(sizes.length > 0);
});

test.run();
