import { mkdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import type { Millis } from "../../../core/time.ts";
import { expandArgv } from "../../../core/pod/env.ts";
import { bindEnv } from "../../../core/pod/env_value.ts";
import type { ContainerRun } from "../../ports.ts";
import { ProviderError } from "../../provider_error.ts";
import { environmentOf, splitEnvironment } from "./environment.ts";
import { forbidStart, type InstanceState, readInstance } from "./instance.ts";
import { containerDir, instanceDir, type InstanceKey, keyText, type Layout } from "./layout.ts";
import { instancesOf, makeInstance, makePod } from "./pod_record.ts";
import { type Command, notSpawned, spawnSupervisor } from "./supervisor.ts";
import { mountPoint, placeMounts, rootDir } from "./volumes.ts";
import { Bell } from "./wait.ts";

/** How long a supervisor may take to get going before the outcome counts as unknown. */
const startMs: Millis = 30_000;

/** What a process finds around it besides what its pod gives it. */
export interface Surroundings {
  /** Variables of the agent's environment. */
  readonly inherit: readonly string[];
  /** Of the machine. */
  readonly address: string | undefined;
}

const commandOf = (layout: Layout, run: ContainerRun, { inherit, address }: Surroundings): Command => {
  const { metadata } = run.intent.pod;
  const { name, workingDir } = run.container;
  const ips = address === undefined ? [] : [address];
  const mounts = run.intent.mounts?.[name] ?? [];
  const root = { name: mountPoint, value: rootDir(layout, metadata.uid, name) };
  const own = [
    ...mounts.length > 0 ? [root] : [],
    ...bindEnv(run.intent.env[name] ?? [], { podIPs: ips, hostIPs: ips }),
  ];
  const { command = [], args = [] } = expandArgv(run.container, own);
  const [program] = command;
  if (program === undefined) {
    throw new ProviderError(
      "InvalidInput",
      `container "${name}" has no command, and as a process it has no image to take one from: set its command`,
      { fields: [`spec.containers[${name}].command`] },
    );
  }
  const home = workingDir || join(containerDir(layout, metadata.uid, name), "work");
  const { exported, odd } = splitEnvironment(environmentOf(own, { home, hostname: metadata.name, inherit }));
  const argv = [...odd.length > 0 ? ["env", ...odd] : [], ...command, ...args];
  return { program, argv, workingDir: home, exported };
};

/** No second instance of a container beside a live one, and none that is older than the newest. */
const checkOrder = (layout: Layout, key: InstanceKey): void => {
  for (const restartCount of instancesOf(layout, key.uid, key.container)) {
    if (restartCount === key.restartCount) continue;
    const other = { ...key, restartCount };
    const dir = instanceDir(layout, other);
    if (restartCount < key.restartCount) forbidStart(dir, readInstance(dir));
    const state = readInstance(dir);
    if (restartCount > key.restartCount ? state._tag !== "Unclaimed" : state._tag !== "Ended") {
      throw new ProviderError(
        "Conflict",
        `instance ${key.restartCount} of container "${key.container}" cannot start: instance ${restartCount} ` +
          (state._tag === "Ended" ? "has come after it" : "still runs"),
      );
    }
  }
};

/** The newest two are kept, for `kubectl logs --previous`. */
const removeOld = async (layout: Layout, key: InstanceKey): Promise<void> => {
  for (const restartCount of instancesOf(layout, key.uid, key.container)) {
    if (restartCount >= key.restartCount - 1) continue;
    await rm(instanceDir(layout, { ...key, restartCount }), { recursive: true, force: true, maxRetries: 3 });
  }
};

const isSettled = (state: InstanceState): boolean => state._tag === "Running" || state._tag === "Ended";

/** Waits until the instance runs or has ended. `false`: the supervisor has ended and run nothing. */
const settled = async (
  dir: string,
  child: ChildProcess | undefined,
  signal: AbortSignal,
): Promise<boolean> => {
  const bell = new Bell();
  let over = false;
  const end = (): void => {
    over = true;
    bell.ring();
  };
  child?.once("exit", end);
  try {
    for (let waited = 0, ms = 2; waited < startMs; waited += ms, ms = Math.min(ms * 2, 50)) {
      const wasOver = over;
      const state = readInstance(dir);
      if (isSettled(state)) return true;
      if (wasOver && state._tag === "Unclaimed") return false;
      signal.throwIfAborted();
      await bell.wait(ms, signal);
    }
  } finally {
    child?.off("exit", end);
  }
  throw new ProviderError("Unknown", `the process of ${dir} has neither started nor ended in ${startMs} ms`);
};

const spawned = (child: ChildProcess, key: InstanceKey): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => reject(notSpawned(key, error)));
  });

/**
 * Runs the instance, unless it was claimed before: then only waits until its fate is known. Two calls at a time, of one
 * agent or of two, run it once.
 */
export const startInstance = async (
  layout: Layout,
  run: ContainerRun,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<InstanceKey> => {
  const key = {
    uid: run.intent.pod.metadata.uid,
    container: run.container.name,
    restartCount: run.restartCount,
  };
  const dir = instanceDir(layout, key);
  const command = commandOf(layout, run, surroundings);
  if (readInstance(dir)._tag === "Unclaimed") {
    checkOrder(layout, key);
    await makePod(layout, run.intent);
    await makeInstance(layout, key, run.container);
    await placeMounts(layout, run);
    await removeOld(layout, key);
  }
  for (let attempt = 0; attempt < 3; attempt++) {
    signal.throwIfAborted();
    if (readInstance(dir)._tag !== "Unclaimed") {
      if (await settled(dir, undefined, signal)) return key;
      continue;
    }
    const child = spawnSupervisor(layout, key, command);
    await spawned(child, key);
    // Only now: on Deno, `unref` of a child that did not come to be ends the agent.
    child.unref();
    if (await settled(dir, child, signal)) return key;
  }
  throw new ProviderError("Unavailable", `the supervisor of ${keyText(key)} ends without starting anything`);
};

/** Makes the folders of a node, and clears what an earlier agent was about to remove. */
export const makeLayout = (layout: Layout): void => {
  for (const dir of [layout.pods, layout.notes, layout.trash]) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }
  rmSync(layout.trash, { recursive: true, force: true });
  mkdirSync(layout.trash, { recursive: true, mode: 0o700 });
};
