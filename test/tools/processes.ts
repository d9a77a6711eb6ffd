import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContainerRun, ContainerRuntime, LogOptions } from "../../adapters/ports.ts";
import { processRuntime, type ProcessRuntimeOptions } from "../../adapters/provider/process/runtime.ts";
import type { Container } from "../../core/kubernetes/container.ts";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import type { EnvValue, PodIntent } from "../../core/pod/intent.ts";
import type { ContainerTerminated, ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";

export const boundMs = 20_000;
/** Ends every call of a test that would hang. */
export const bound = (): AbortSignal => AbortSignal.timeout(boundMs);

/** Asks again and again until there is an answer, for a bounded time. */
export const until = async <A>(
  what: string,
  attempt: () => A | undefined | false | Promise<A | undefined | false>,
): Promise<A> => {
  const end = performance.now() + boundMs;
  while (performance.now() < end) {
    const value = await attempt();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not within ${boundMs} ms: ${what}`);
};

export const owner = { cluster: "test", node: "node-1" };

let uids = 0;
export const newUid = (): string => `uid-${++uids}`;

export const refTo = (uid: string): ObjectRef => ({ namespace: "default", name: "web", uid });

export const intentOf = (
  uid: string,
  containers: readonly Container[],
  env: readonly EnvValue[] = [],
): PodIntent => ({
  pod: { metadata: { uid, name: "web", namespace: "default" }, spec: { containers }, status: {} },
  env: Object.fromEntries(containers.map(({ name }) => [name, env])),
  specHash: "hash",
  owner,
});

/** A container of a shell script. */
export const shell = (script: string, more: Partial<Container> = {}): Container => ({
  name: "main",
  image: "none",
  command: ["/bin/sh", "-c", script],
  ...more,
});

export const runOf = (
  uid: string,
  container: Container,
  restartCount = 0,
  env: readonly EnvValue[] = [],
): ContainerRun => ({ intent: intentOf(uid, [container], env), container, restartCount });

/** Command lines and ids of the processes that name `text` in their arguments. */
export const processesNaming = (text: string): readonly string[] =>
  readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      return line.includes(text) ? [`${pid} ${line}`] : [];
    } catch {
      return [];
    }
  });

/** A state directory of its own, with the runtimes on it. */
export interface World {
  readonly root: string;
  /** Another agent on the same directory. */
  readonly open: (options?: Partial<ProcessRuntimeOptions>) => ContainerRuntime;
}

/** Stops and removes every pod. */
export const endAll = async (runtime: ContainerRuntime): Promise<void> => {
  for (const pod of await runtime.list({ signal: bound() })) {
    const ref = { namespace: pod.namespace, name: pod.name, uid: pod.uid };
    for (const { name } of pod.containers) await runtime.stop(ref, name, { graceMs: 0, signal: bound() });
    await runtime.remove(ref, { signal: bound() });
  }
};

/** Gives a test a world, and afterwards fails if anything of it still runs. */
export const inWorld = (body: (world: World) => Promise<void>) => async (): Promise<void> => {
  const root = mkdtempSync(join(tmpdir(), "vk-process-"));
  const opened: ContainerRuntime[] = [];
  const open: World["open"] = (options = {}) => {
    const runtime = processRuntime({ root, ...owner, ...options });
    opened.push(runtime);
    return runtime;
  };
  try {
    await body({ root, open });
  } finally {
    await endAll(open());
    for (const runtime of opened) await runtime.close?.();
    await until("no process is left", () => processesNaming(root).length === 0);
    rmSync(root, { recursive: true, force: true });
  }
};

export const containerIn = (
  pods: readonly ObservedPod[],
  uid: string,
  name = "main",
): ObservedContainer | undefined =>
  pods.find((pod) => pod.uid === uid)?.containers.find((container) => container.name === name);

/** Waits until the container's newest instance has ended. */
export const endOf = (runtime: ContainerRuntime, uid: string, name = "main"): Promise<ContainerTerminated> =>
  until(`the end of ${uid}`, async () => {
    const state = containerIn(await runtime.list({ signal: bound() }), uid, name)?.state;
    return state?._tag === "Terminated" ? state : undefined;
  });

export const startEnd = async (
  runtime: ContainerRuntime,
  run: ContainerRun,
): Promise<ContainerTerminated> => {
  await runtime.start(run, { signal: bound() });
  return await endOf(runtime, run.intent.pod.metadata.uid, run.container.name);
};

export const openLog = async (
  runtime: ContainerRuntime,
  uid: string,
  options: Partial<LogOptions> = {},
  signal: AbortSignal = bound(),
  container = "main",
): Promise<ReadableStream<Uint8Array>> => {
  const all = { follow: false, previous: false, timestamps: false, ...options, signal };
  if (runtime.logs === undefined) throw new Error("the runtime has no logs");
  return await runtime.logs(refTo(uid), container, all);
};

export const logText = async (
  runtime: ContainerRuntime,
  uid: string,
  options: Partial<LogOptions> = {},
): Promise<string> => await new Response(await openLog(runtime, uid, options)).text();
