import { suite } from "uvu";
import * as assert from "uvu/assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { mustRun, runtimeCommand } from "../tools/child.ts";
import { readText, root } from "../tools/files.ts";
import { readmeBlocks, readmeCommands } from "../tools/readme.ts";

const test = suite("README");

const here = "test/structure/readme.test.ts";

test("shows files as they are", () => {
  const shown = readmeBlocks().filter(({ language }) => language !== "sh");
  assert.ok(shown.length >= 3);
  for (const { file = "", text } of shown) {
    assert.is.not(file, "", `a block names no file:\n${text}`);
    assert.is(text, readText(file), file);
  }
});

for (const example of ["test/examples/own_provider.ts", "test/examples/proof.ts"]) {
  test(`${example} fits in 20 lines`, () => {
    const code = readText(example).split("\n").filter((line) => line.trim() !== "" && !line.startsWith("//"));
    assert.ok(code.length <= 20, `${code.length} lines`);
  });
}

for (const example of ["test/examples/reconcile.ts", "test/examples/proof.ts", "test/examples/testing.ts"]) {
  test(`${example} prints what its comments say`, async () => {
    const [program, args] = runtimeCommand(example);
    const output = await mustRun(program, args, { cwd: root });
    const said = readText(example).split("\n").flatMap((line) =>
      line.startsWith("console.log") ? [line.split("// ")[1]] : []
    );
    const plain = (text: string): string => text.replaceAll("'", '"').trim();
    assert.equal(plain(output).split("\n"), said.map((text) => plain(text ?? "")));
  });
}

test("CI runs the command that runs the tests", () => {
  assert.equal(readmeCommands(here), ["npx -y deno@2.9.6 task test"]);
  const ci = readText(".ci/run");
  assert.match(ci, /deno=\(npx -y deno@2\.9\.6\)/);
  assert.match(ci, /"\$\{deno\[@\]\}" task test/);
});

test("every command is run by the test that its block names", () => {
  const blocks = readmeBlocks().filter(({ language }) => language === "sh");
  assert.ok(blocks.length >= 5);
  for (const { file = "", text } of blocks) {
    assert.ok(file !== "" && existsSync(join(root, file)), `no test is named for:\n${text}`);
    const runs = file === here || readText(file).includes(`readmeCommands("${file}")`);
    assert.ok(runs, `${file} does not run:\n${text}`);
  }
});

test("the files and folders that it names are there", () => {
  const names = [...readText("README.md").matchAll(/\b(?:test|core|adapters)\/[\w./-]*\w/g)].map(([name]) =>
    name
  );
  assert.equal(names.filter((name) => !existsSync(join(root, name))), []);
});

test("what it says of versions is what the manifests say", () => {
  const { engines } = JSON.parse(readText("package.json")) as { engines: { node: string } };
  const least = engines.node.replace(/^>=(\d+\.\d+)\.0$/, ">= $1");
  assert.ok(readText("README.md").includes(`Node ${least}`), least);
});

test.run();
