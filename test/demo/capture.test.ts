// The picture of the README: the demo's screen as it was on a terminal of 80x24, and what of it does not change from run to run.
// Written anew with VK_TEST_WRITE=1 deno run -A test/demo/capture.test.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openDemoWorld } from "../tools/demo.ts";
import { readText, root } from "../tools/files.ts";
import { testUnless } from "../tools/skip.ts";
import { noTerminal } from "../tools/terminal.ts";

const test = suite("the demo's picture");

const path = "test/demo/screen.txt";

/** Without what a run cannot help to differ in: ports, ages, amounts, names of temporary folders; and the widths they make. */
const lasting = (screen: string): readonly string[] =>
  screen.trimEnd().split("\n").map((line) =>
    line.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1")
      .replace(/KUBECONFIG=\S+/, "KUBECONFIG=file")
      .replace(/\b\d+s\b/g, "1s")
      .replace(/ \d+ +[\d.]+Gi /, " 1 1Gi ")
      .replace(/ +/g, " ").trimEnd()
  );

const settled = (screen: string): boolean =>
  /count +0\/1 +Completed/.test(screen) && /web +1\/1 +Running/.test(screen) && screen.includes("GET /hello");

const notHere = process.platform === "linux" ? noTerminal : "processes as pods need Linux";

/** What a person sees who has opened the page of the web pod once. */
const capture = async (): Promise<string> => {
  const world = openDemoWorld(["kubectl"]);
  try {
    const terminal = world.inTerminal([]);
    const first = await terminal.until("the web pod serves", (text) => /^serving/m.test(text));
    const url = /serves (http:\/\/\S+)/.exec(first)?.[1] ?? "";
    await (await fetch(`${url}/hello`, { signal: AbortSignal.timeout(20_000) })).text();
    const screen = await terminal.until("both pods have run", settled);
    terminal.type("q");
    assert.is(await terminal.ended(), 0);
    // where temporary folders are on most machines
    return screen.replace(world.temporary, "/tmp");
  } finally {
    world.close();
  }
};

testUnless(notHere, test, `${path} is what a run shows`, async () => {
  const screen = await capture();
  if (process.env.VK_TEST_WRITE === "1") writeFileSync(join(root, path), `${screen}\n`);
  // two events of the same second may come in either order
  const sorted = (text: string): readonly string[] => [...lasting(text)].sort();
  assert.equal(sorted(screen), sorted(readText(path)), screen);
});

test("it fits where it is to be shown", () => {
  const lines = readText(path).trimEnd().split("\n");
  assert.ok(lines.length <= 23);
  for (const line of lines) assert.ok(line.length <= 80, line);
});

test.run();
