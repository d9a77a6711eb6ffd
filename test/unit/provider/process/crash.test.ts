import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runtimeCommand } from "../../../tools/child.ts";
import { bound, containerIn, inWorld, processesNaming, until } from "../../../tools/processes.ts";

const test = suite("an agent killed at any point");

const agent = fileURLToPath(new URL("../../../tools/fixtures/process_agent.ts", import.meta.url));
const pods = 3;
const kills = 20;

interface Killed {
  /** What it said, whole lines. */
  readonly said: readonly string[];
}

/** Runs the agent, and kills it with -9 when it has worked for `ms`. */
const runAndKill = (root: string, runs: string, ms: number): Promise<Killed> =>
  new Promise((resolve, reject) => {
    const [command, args] = runtimeCommand(agent, root, runs, String(pods));
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    child.stdout.on("data", (bytes: Uint8Array) => {
      said += new TextDecoder().decode(bytes);
      if (said.startsWith("ready\n")) timer ??= setTimeout(() => child.kill("SIGKILL"), ms);
    });
    child.on("error", reject);
    child.on("close", (_, signal) => {
      clearTimeout(timer);
      if (signal !== "SIGKILL") reject(new Error(`the agent ended by itself:\n${said}`));
      else {resolve({
          said: said.slice(0, said.lastIndexOf("\n") + 1).split("\n").filter((one) => one !== ""),
        });}
    });
  });

const linesOf = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];

test(
  "no instance runs twice, and none that was started is lost",
  inWorld(async ({ root, open }) => {
    const runs = join(root, "runs");
    const started = new Map<string, string>();
    for (let kill = 0; kill < kills; kill++) {
      const { said } = await runAndKill(root, runs, Math.random() * 300);
      for (const line of said.slice(1)) {
        assert.not.match(line, /^error/);
        const [instance = "", id = ""] = line.split(" ");
        if (id === "-") continue;
        assert.is(started.get(instance) ?? id, id, `instance ${instance} has had two processes`);
        started.set(instance, id);
      }
      const live = processesNaming("exec sleep 600").filter((line) => line.includes(root));
      assert.ok(live.length <= 2 * pods, `more than one live instance of a pod:\n${live.join("\n")}`);
    }
    const runtime = open();
    await until("nothing is about to start", async () => {
      const states = (await runtime.list({ signal: bound() })).map((pod) => pod.containers[0]?.state._tag);
      return states.every((tag) => tag !== "Waiting");
    });
    const all = await runtime.list({ signal: bound() });
    assert.is(all.length, pods);
    for (let pod = 1; pod < pods; pod += 2) {
      const container = containerIn(all, `pod-${pod}`);
      if (container?.state._tag !== "Running") continue;
      await until("it has begun", () => linesOf(runs).includes(`${pod}.${container.restartCount}`));
    }
    const even = [...started.keys()].filter((instance) => Number(instance.split(".")[0]) % 2 === 0);
    assert.ok(even.length > 0, "nothing has run");
    await until("what was started has run", () => even.every((each) => linesOf(runs).includes(each)));
    const lines = linesOf(runs);
    assert.is(lines.length, new Set(lines).size, `an instance has run twice:\n${lines.join(" ")}`);
  }),
);

test.run();
