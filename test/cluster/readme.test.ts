import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { mustRun, runCommand } from "../tools/child.ts";
import { root } from "../tools/files.ts";
import { readmeCommands } from "../tools/readme.ts";
import { until } from "../tools/until.ts";
import { clusterSetting } from "../tools/setting.ts";

const setting = (name: string): string => clusterSetting(name, "cluster/readme");

const test = suite("README on a real cluster");

const signal = AbortSignal.timeout(240_000);

test("its commands join the cluster and run a pod, as they stand", async () => {
  const folder = mkdtempSync(join(tmpdir(), "vk-readme-"));
  const home = join(folder, "home");
  const bin = join(folder, "bin");
  mkdirSync(join(home, ".kube"), { recursive: true });
  mkdirSync(bin);
  symlinkSync(setting("VK_TEST_KUBECONFIG"), join(home, ".kube", "config"));
  const kubectl = join(bin, "kubectl");
  // the control plane's kubectl is built once, in the real home's cache
  const real = `HOME='${homedir()}' exec '${
    setting("VK_TEST_KUBECTL")
  }' --kubeconfig '${home}/.kube/config' "$@"`;
  writeFileSync(kubectl, `#!/bin/sh\n${real}\n`);
  chmodSync(kubectl, 0o755);
  const env = {
    ...process.env,
    HOME: home,
    PATH: `${bin}:${process.env.PATH}`,
    // what was downloaded once need not be again
    npm_config_cache: process.env.npm_config_cache ?? join(homedir(), ".npm"),
    DENO_DIR: process.env.DENO_DIR ?? join(homedir(), ".cache", "deno"),
    VK_ROOT: join(folder, "state"),
  };
  const [join_ = "", ...kubectls] = readmeCommands("test/cluster/readme.test.ts");
  assert.ok(kubectls.length >= 4);
  const agent = spawn("sh", ["-c", `exec ${join_}`], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let log = "";
  agent.stdout.on("data", (bytes) => log += bytes);
  agent.stderr.on("data", (bytes) => log += bytes);
  const ended = new Promise<void>((resolve) => agent.on("exit", () => resolve()));
  try {
    await until("the node is ready", () => {
      if (agent.exitCode !== null) throw new Error(`the agent ended:\n${log}`);
      return log.includes("is ready");
    }, 120_000);
    const outputs: string[] = [];
    for (const command of kubectls) {
      outputs.push(await mustRun("sh", ["-c", command], { cwd: root, env, signal }));
    }
    assert.match(outputs.join("\n"), /hello from hello/);
  } finally {
    await runCommand(kubectl, [
      "delete",
      "pod",
      "hello",
      "--ignore-not-found",
      "--wait=true",
      "--timeout=30s",
    ], { env });
    if (agent.pid !== undefined) process.kill(-agent.pid, "SIGTERM");
    await ended;
    await runCommand(kubectl, ["delete", "node", "virtual-1", "--ignore-not-found"], { env });
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
