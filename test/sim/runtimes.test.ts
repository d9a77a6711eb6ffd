// The same seed, the same run, byte for byte: on the runtime that runs this, and on every Node that is supported.
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runCommand, runtimeCommand } from "../tools/child.ts";
import { nodeBinary, nodeVersions, noNode } from "../tools/node_versions.ts";
import { seed as first } from "../tools/seed.ts";
import { testUnless } from "../tools/skip.ts";

const test = suite("one seed on all runtimes");

const tool = fileURLToPath(new URL("../tools/sim_stories.ts", import.meta.url));
const seeds = [0, 1, 2, 3].map((more) => `${(first + more) % 1_000_000_000}`);

const told = async (command: string, args: readonly string[]): Promise<string> => {
  const { code, stdout, output } = await runCommand(command, args);
  assert.is(code, 0, output);
  return stdout;
};

testUnless(noNode, test, "every runtime tells the same story", async () => {
  const here = await told(...runtimeCommand(tool, ...seeds));
  assert.is(here.trim().split("\n").length, seeds.length);
  for (const version of nodeVersions) {
    const node = await nodeBinary(version);
    const there = await told(node, ["--disable-warning=ExperimentalWarning", tool, ...seeds]);
    assert.is(there, here, `Node ${version}`);
  }
});

test.run();
