// The demo driven with kubectl from outside, as its own lines say.
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { writeFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { mustRun, runCommand } from "../tools/child.ts";
import { type DemoWorld, kubeconfigIn, openDemoWorld } from "../tools/demo.ts";
import type { Program } from "../tools/program.ts";
import { readmeCommands } from "../tools/readme.ts";
import { clusterSetting } from "../tools/setting.ts";

const kubectlPath = clusterSetting("VK_TEST_KUBECTL", "e2e/demo");
const boundMs = 60_000;
const installMs = 240_000;
const test = suite("the demo, driven with kubectl");

interface Context {
  readonly world: DemoWorld;
  readonly demo: Program;
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  readonly tryKubectl: (...args: readonly string[]) => Promise<string>;
}

const inDemo = (body: (context: Context) => Promise<void>) => async (): Promise<void> => {
  const world = openDemoWorld();
  try {
    const demo = world.piped([]);
    await demo.said("pod web: Running 1/1");
    const env = { KUBECONFIG: kubeconfigIn(demo.output()), KUBECACHEDIR: join(world.folder, "cache") };
    const options = () => ({ env, signal: AbortSignal.timeout(boundMs) });
    const kubectl: Context["kubectl"] = (...args) => mustRun(kubectlPath, args, options());
    const tryKubectl: Context["tryKubectl"] = async (...args) =>
      (await runCommand(kubectlPath, args, options())).output;
    await body({ world, demo, kubectl, tryKubectl });
    demo.signal("SIGINT");
    assert.is(await demo.ended(), 0);
    assert.equal(world.left().map((each) => each.replace(world.folder, "")), []);
  } finally {
    world.close();
  }
};

test(
  "get, logs, describe, delete",
  inDemo(async ({ demo, kubectl }) => {
    await kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/count", "--timeout=60s");
    assert.match(
      await kubectl("get", "pods"),
      /^NAME +READY +STATUS +RESTARTS +AGE\ncount +0\/1 +Completed +0 +\S+\nweb +1\/1 +Running +0 +\S+\n$/,
    );
    assert.match(
      await kubectl("get", "nodes", "-o", "wide"),
      /virtual-1 +Ready +\S+ +\S+ +v1\.\d+.* 127\.0\.0\.1 /,
    );
    assert.match(await kubectl("logs", "count"), /^step 1 of 3\nstep 2 of 3\nstep 3 of 3\ndone\n$/);
    assert.match(await kubectl("logs", "web", "--tail=1"), /^serving http/);
    assert.match(await kubectl("describe", "pod", "web"), /Normal +Started[^]*Started container main/);
    assert.match(await kubectl("get", "events"), /pod\/web/);
    assert.is(await kubectl("delete", "pod", "web"), `pod "web" deleted from default namespace\n`);
    await demo.said("pod web: gone");
  }),
);

test(
  "a pod of one's own: applied, changed, run by kubectl run",
  inDemo(async ({ world, demo, kubectl, tryKubectl }) => {
    const file = join(world.folder, "own.yaml");
    const own = { name: "main", image: "none", command: ["sh", "-c", "echo mine; exec sleep 1000"] };
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "own" },
        spec: { containers: [own] },
      }),
    );
    assert.is(await kubectl("apply", "-f", file), "pod/own created\n");
    await demo.said("log own: mine");
    await kubectl("label", "pod", "own", "team=blue");
    assert.match(await kubectl("get", "pods", "-l", "team=blue", "-o", "name"), /^pod\/own\n$/);
    await kubectl(
      "run",
      "once",
      "--image=none",
      "--restart=Never",
      "--command",
      "--",
      "echo",
      "from kubectl run",
    );
    await demo.said("pod once: Completed 0/1");
    assert.is(await kubectl("logs", "once"), "from kubectl run\n");
    assert.match(await tryKubectl("create", "deployment", "web", "--image=nginx"), /\S/);
    await kubectl("delete", "-f", file, "--grace-period=1");
    await demo.said("pod own: gone");
  }),
);

test("the README's commands, as they stand, in a fresh clone and an empty home", async () => {
  const [start = "", ...kubectls] = readmeCommands("test/e2e/demo.test.ts");
  assert.ok(kubectls.length >= 3);
  const world = openDemoWorld();
  // what was downloaded once need not be again
  const npm_config_cache = process.env.npm_config_cache ?? join(homedir(), ".npm");
  const demo = world.inClone(start, { npm_config_cache });
  try {
    await demo.said("pod web: Running 1/1", installMs);
    const env = {
      KUBECONFIG: kubeconfigIn(demo.output()),
      KUBECACHEDIR: join(world.folder, "cache"),
      PATH: `${dirname(kubectlPath)}${delimiter}${process.env.PATH}`,
    };
    for (const command of kubectls) {
      await mustRun("sh", ["-c", command], { env, signal: AbortSignal.timeout(boundMs) });
    }
    await demo.said("pod web: gone");
    demo.signal("SIGINT");
    await demo.ended();
    assert.match(demo.output(), "All has stopped, nothing is left.");
    assert.not.match(demo.output(), "stopping at once");
  } finally {
    world.close();
  }
});

test.run();
