import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stop } from "esbuild";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bundle } from "../tools/bundle.ts";
import { mustRun } from "../tools/child.ts";
import { readText } from "../tools/files.ts";
import { nodeBinary, nodeVersions, noNode } from "../tools/node_versions.ts";
import { type Consumer, installPackage } from "../tools/package.ts";
import { testUnless } from "../tools/skip.ts";
import { tsc } from "../tools/tsc.ts";

const test = suite("the npm package");

const manifest = JSON.parse(readText("package.json"));
const modules = Object.keys(manifest.exports).filter((name) => name !== "./package.json")
  .map((name) => name.replace(/^\./, manifest.name));

// not in a hook: uvu hides the error of a hook that fails
let installing: Promise<Consumer> | undefined;
const install = (): Promise<Consumer> => installing ??= installPackage();
test.after(async () => {
  await stop();
  await installing?.then((consumer) => consumer.remove(), () => {});
});

test("holds code, types and what npm always adds", async () => {
  const consumer = await install();
  const strangers = consumer.packed.filter((path) =>
    !/^(dist\/(mod|core\/.*|adapters\/.*|test\/testing|test\/(arbitraries|contract|sim)\/.*)\.(js|d\.ts)|package\.json|README\.md|LICENSE)$/
      .test(path)
  );
  assert.equal(strangers, []);
  for (const wanted of ["README.md", "LICENSE", "dist/mod.js", "dist/mod.d.ts"]) {
    assert.ok(consumer.packed.includes(wanted), wanted);
  }
});

test("its types check in somebody else's project", async () => {
  const consumer = await install();
  const lines = modules.map((name, index) => `import * as m${index} from "${name}";`);
  const uses = modules.map((_, index) => `export const n${index}: number = Object.keys(m${index}).length;`);
  const wrong = `// @ts-expect-error: the types are there, so a wrong use is an error\nm0.reconcilePod(1);`;
  await writeFile(join(consumer.dir, "consumer.ts"), [...lines, ...uses, wrong].join("\n"));
  const options =
    "--noEmit --strict --module nodenext --target es2023 --lib es2024,dom,dom.iterable,dom.asynciterable";
  const ended = await tsc([...options.split(" "), "consumer.ts"], consumer.dir);
  assert.is(ended.code, 0, ended.output);
});

/** Imports every export, and shows what each is. */
const importAll = `
const names = ${JSON.stringify(modules)};
for (const name of names) {
  const found = Object.keys(await import(name));
  if (found.length === 0) throw new Error(name + " exports nothing");
}
console.log(JSON.stringify({ node: process.version, modules: names.length }));
`;

for (const major of nodeVersions) {
  testUnless(noNode, test, `every export is imported by Node ${major}`, async () => {
    const consumer = await install();
    const node = await nodeBinary(major);
    await writeFile(join(consumer.dir, "import_all.js"), importAll);
    const told = JSON.parse(await mustRun(node, ["import_all.js"], { cwd: consumer.dir }));
    assert.match(told.node, new RegExp(`^v${major}\\.`));
    assert.is(told.modules, modules.length);
  });

  testUnless(noNode, test, `a node with the memory provider lives on Node ${major}`, async () => {
    const consumer = await install();
    const { code } = await bundle("test/tools/memory_node.ts");
    await writeFile(join(consumer.dir, "memory_node.js"), code);
    const main = `import * as library from "${manifest.name}";
      import { runMemoryNode } from "./memory_node.js";
      await runMemoryNode(library);
      console.log("lived");`;
    await writeFile(join(consumer.dir, "live.js"), main);
    const signal = AbortSignal.timeout(120_000);
    assert.match(await mustRun(await nodeBinary(major), ["live.js"], { cwd: consumer.dir, signal }), "lived");
  });

  testUnless(noNode, test, `the README's proof of a provider runs on Node ${major}`, async () => {
    const consumer = await install();
    const proof = readText("test/examples/proof.ts").replace("../../mod.ts", manifest.name)
      .replace("../testing.ts", `${manifest.name}/testing`);
    await writeFile(join(consumer.dir, "proof.ts"), proof);
    const signal = AbortSignal.timeout(120_000);
    const said = await mustRun(await nodeBinary(major), ["proof.ts"], { cwd: consumer.dir, signal });
    assert.is(said.trim(), "true\n[]");
  });

  testUnless(noNode, test, `both commands are the program on Node ${major}`, async () => {
    const consumer = await install();
    const node = await nodeBinary(major);
    for (const name of Object.keys(manifest.bin)) {
      const help = await mustRun(node, [join(consumer.dir, "node_modules/.bin", name), "--help"], {
        cwd: consumer.dir,
      });
      assert.match(help, /Usage: /);
      assert.match(help, /\brun\b/);
    }
  });
}

test.run();
