import { type Pod, restartPolicyOf } from "../../../core/kubernetes/pod.ts";
import type { PodIntent } from "../../../core/pod/intent.ts";
import type { ContainerState, ObservedContainer, ObservedPod } from "../../../core/pod/observed.ts";
import type { Millis } from "../../../core/time.ts";
import type {
  CallOptions,
  Clock,
  CommandOptions,
  LogOptions,
  PodConnection,
  RunningCommand,
} from "../../ports.ts";
import { ProviderError } from "../../provider_error.ts";
import { Followers, logBytes, whole } from "./log.ts";
import { type ContainerScript, containerScript, type PodScript } from "./script.ts";

/** Where pods in memory live. */
export interface MemoryWorld {
  readonly clock: Clock;
  /** Called whenever something of a pod has changed by itself. */
  readonly changed: (pod: ObservedPod) => void;
}

const killed = 137;

/** Restarts of a pod in memory do not hurt anybody, but must not be a hot loop. */
const restartMs: Millis = 1_000;

/** The name under which the pod's own timer is kept, beside those of its containers. */
const own = "";

/**
 * A pod that lives in memory: its containers start, end and restart by script and clock. There are thousands of them: what
 * it tells of itself is all that it keeps, and of the pod it was made from only the spec.
 */
export class MemoryPod {
  #spec: Pod["spec"];
  #told: ObservedPod;
  #timers: Map<string, () => void> | undefined;
  #stopping = false;
  #followers: Followers | undefined;
  readonly #script: PodScript;
  readonly #world: MemoryWorld;

  constructor(intent: PodIntent, script: PodScript, ip: string, world: MemoryWorld) {
    const { pod: { metadata, spec }, owner, specHash } = intent;
    const { uid, namespace = "", name } = metadata;
    this.#spec = spec;
    this.#told = { uid, namespace, name, owner, specHash, podIPs: [ip], containers: [] };
    this.#script = script;
    this.#world = world;
    const { startMs = 0 } = script;
    if (startMs === 0) this.#start();
    else this.#startAfter(startMs);
  }

  observe(): ObservedPod {
    return this.#told;
  }

  /** What an instance of a container has written; the errors are the kubelet's. */
  log(container: string, options: LogOptions & CallOptions): ReadableStream<Uint8Array> {
    const { name } = this.#told;
    const found = this.#find(container);
    if (found === undefined) {
      throw new ProviderError("NotFound", `container "${container}" not found in pod "${name}"`);
    }
    const { state, last } = found;
    const instance = options.previous ? last : state;
    if (instance === undefined) {
      throw new ProviderError(
        "InvalidInput",
        `previous terminated container "${container}" in pod "${name}" not found`,
      );
    }
    if (instance._tag === "Waiting") {
      throw new ProviderError(
        "InvalidInput",
        `container "${container}" in pod "${name}" is waiting to start: ${instance.reason}`,
      );
    }
    const bytes = logBytes(
      containerScript(this.#script, container).log ?? "",
      instance.startedAt ?? 0,
      options,
    );
    if (!options.follow || instance._tag !== "Running") return whole(bytes);
    this.#followers ??= new Followers();
    return this.#followers.open(bytes, found.id, options.signal);
  }

  /** Runs what the script says for a command, or (without one) for who attaches. */
  async run(
    container: string,
    command: readonly string[] | undefined,
    options: CommandOptions,
  ): Promise<RunningCommand> {
    const script = this.#running(container);
    const scripted = command === undefined ? script.attach : script.exec;
    if (scripted !== undefined) return await scripted(command ?? [], options);
    throw command === undefined
      ? new ProviderError(
        "Unsupported",
        `container "${container}" is in memory, and its script has no attach`,
      )
      : new ProviderError(
        "InvalidInput",
        `exec: ${
          JSON.stringify(command[0])
        }: container "${container}" is in memory, and its script has no exec`,
      );
  }

  /** Connects to a port that the script of a running container has. */
  connect(port: number): PodConnection {
    for (const { name, state } of this.#told.containers) {
      const listener = containerScript(this.#script, name).ports?.[port];
      if (listener === undefined || state._tag !== "Running") continue;
      const { readable: sent, writable } = new TransformStream<Uint8Array, Uint8Array>();
      return { readable: listener(sent), writable };
    }
    throw new ProviderError("Unavailable", `connection refused: nothing in memory listens on port ${port}`);
  }

  #running(container: string): ContainerScript {
    const { name } = this.#told;
    const found = this.#find(container);
    if (found === undefined) {
      throw new ProviderError("NotFound", `container "${container}" not found in pod "${name}"`);
    }
    if (found.state._tag !== "Running") {
      throw new ProviderError("Conflict", `container "${container}" in pod "${name}" does not run`);
    }
    return containerScript(this.#script, container);
  }

  update(intent: PodIntent): void {
    this.#spec = intent.pod.spec;
    this.#told = { ...this.#told, owner: intent.owner, specHash: intent.specHash };
    this.#tell();
  }

  /** Lets every container end; calls back when the last one has. */
  stop(graceMs: Millis, ended: () => void): void {
    this.#stopping = true;
    const wanted = this.#script.stopMs ?? 0;
    const exitCode = wanted > graceMs ? killed : 0;
    this.#timers?.get(own)?.();
    const finish = (): void => {
      for (const { name } of this.#told.containers) this.#end(name, exitCode);
      ended();
    };
    const ms = Math.min(wanted, graceMs);
    if (ms === 0) finish();
    else this.#later(own, ms, finish);
  }

  /** Ends all timers; nothing is told any more. */
  drop(): void {
    for (const cancel of this.#timers?.values() ?? []) cancel();
    this.#timers = undefined;
    this.#followers?.look(() => false);
  }

  #tell(): void {
    this.#world.changed(this.observe());
    this.#followers?.look((instance) =>
      this.#told.containers.some(({ id, state }) => id === instance && state._tag === "Running")
    );
  }

  #find(name: string): ObservedContainer | undefined {
    return this.#told.containers.find((container) => container.name === name);
  }

  #later(name: string, ms: Millis, callback: () => void): void {
    this.#timers ??= new Map();
    this.#timers.get(name)?.();
    this.#timers.set(name, this.#world.clock.after(ms, callback));
  }

  #set(name: string, state: ContainerState, restartCount: number): void {
    const { uid, containers } = this.#told;
    const before = this.#find(name);
    const last = before?.state._tag === "Terminated" && before.restartCount < restartCount
      ? before.state
      : before?.last;
    const container: ObservedContainer = {
      name,
      state,
      restartCount,
      last,
      image: this.#spec.containers.find((each) => each.name === name)?.image,
      id: `memory://${uid}/${name}/${restartCount}`,
    };
    this.#told = {
      ...this.#told,
      containers: before === undefined
        ? [...containers, container]
        : containers.map((each) => each === before ? container : each),
    };
  }

  #startAfter(ms: Millis): void {
    const state = { _tag: "Waiting", reason: "ContainerCreating" } as const;
    for (const { name } of this.#spec.containers) this.#set(name, state, 0);
    this.#later(own, ms, () => {
      this.#start();
      this.#tell();
    });
  }

  #start(): void {
    for (const { name } of this.#spec.containers) this.#run(name, 0);
  }

  #run(name: string, restartCount: number): void {
    const { clock } = this.#world;
    this.#set(name, { _tag: "Running", startedAt: clock.now().wall }, restartCount);
    const { runMs, exitCodes = [0] } = containerScript(this.#script, name);
    const code = exitCodes[Math.min(restartCount, exitCodes.length - 1)] ?? 0;
    if (runMs !== undefined) this.#later(name, runMs, () => this.#end(name, code));
    if (restartCount > 0) this.#tell();
  }

  #end(name: string, exitCode: number): void {
    const before = this.#find(name);
    if (before?.state._tag !== "Running") return;
    const { startedAt } = before.state;
    const finishedAt = this.#world.clock.now().wall;
    this.#set(name, { _tag: "Terminated", exitCode, startedAt, finishedAt }, before.restartCount);
    const policy = restartPolicyOf({ spec: this.#spec });
    const again = policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
    if (again && !this.#stopping) {
      this.#later(name, restartMs, () => this.#run(name, before.restartCount + 1));
    }
    this.#tell();
  }
}
