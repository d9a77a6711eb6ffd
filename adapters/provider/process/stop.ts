import type { Clock } from "../../ports.ts";
import type { Millis } from "../../../core/time.ts";
import { ProviderError } from "../../provider_error.ts";
import { isAlive, type ProcessIdentity, signalGroup } from "./identity.ts";
import { forbidStart, readInstance } from "./instance.ts";
import { instanceDir, type InstanceKey, keyText, type Layout } from "./layout.ts";
import type { News } from "./news.ts";
import { readInstanceRecord } from "./pod_record.ts";
import { Bell, pause } from "./wait.ts";

/** A stop under way, shared by all who ask for it. */
interface Stopping {
  /** On the monotonic clock; only ever comes nearer. */
  killAt: Millis;
  waiters: number;
  cancel: () => void;
}

const signals: ReadonlySet<string> = new Set([
  "SIGTERM",
  "SIGINT",
  "SIGQUIT",
  "SIGHUP",
  "SIGKILL",
  "SIGUSR1",
  "SIGUSR2",
  "SIGWINCH",
]);

/** A container's `lifecycle.stopSignal` that a process can be sent. */
export const isStopSignal = (signal: string): signal is NodeJS.Signals => signals.has(signal);

const signalIfAlive = (command: ProcessIdentity, signal: NodeJS.Signals): void => {
  // When it is dead, its supervisor ends the rest of the group, and the number may soon be another's.
  if (isAlive(command)) signalGroup(command, signal);
};

/** Stops instances of one agent: the stop signal, SIGKILL after the grace, to the whole process group. */
export class Stops {
  readonly #layout: Layout;
  readonly #news: News;
  readonly #clock: Clock;
  readonly #under: Map<string, Stopping> = new Map();

  constructor(layout: Layout, news: News, clock: Clock) {
    this.#layout = layout;
    this.#news = news;
    this.#clock = clock;
  }

  /** Resolves when the instance has ended, and rejects when `signal` ends the wait. */
  async stop(key: InstanceKey, graceMs: Millis, signal: AbortSignal): Promise<void> {
    const dir = instanceDir(this.#layout, key);
    for (;;) {
      forbidStart(dir, readInstance(dir));
      const state = readInstance(dir);
      if (state._tag === "Ended" || state._tag === "Unclaimed") return;
      signal.throwIfAborted();
      if (state._tag === "Running") return await this.#end(key, state.command, graceMs, signal);
      await pause(20, signal);
    }
  }

  async #end(
    key: InstanceKey,
    command: ProcessIdentity,
    graceMs: Millis,
    signal: AbortSignal,
  ): Promise<void> {
    const stopping = this.#under.get(keyText(key)) ?? this.#begin(key, command);
    const killAt = this.#clock.now().mono + graceMs;
    stopping.waiters++;
    if (killAt < stopping.killAt) this.#killAt(stopping, command, killAt);
    try {
      await this.#ended(key, signal);
    } finally {
      if (--stopping.waiters === 0) {
        stopping.cancel();
        this.#under.delete(keyText(key));
      }
    }
  }

  #begin(key: InstanceKey, command: ProcessIdentity): Stopping {
    const wanted = readInstanceRecord(this.#layout, key).stopSignal;
    signalIfAlive(command, wanted !== undefined && isStopSignal(wanted) ? wanted : "SIGTERM");
    const stopping: Stopping = { killAt: Infinity, waiters: 0, cancel: () => {} };
    this.#under.set(keyText(key), stopping);
    return stopping;
  }

  #killAt(stopping: Stopping, command: ProcessIdentity, killAt: Millis): void {
    stopping.cancel();
    stopping.killAt = killAt;
    const kill = (): void => signalIfAlive(command, "SIGKILL");
    const ms = killAt - this.#clock.now().mono;
    if (ms <= 0) kill();
    else stopping.cancel = this.#clock.after(ms, kill);
  }

  /** Waits for the news of the end; looks by itself too, for a process whose supervisor is dead. */
  async #ended(key: InstanceKey, signal: AbortSignal): Promise<void> {
    const dir = instanceDir(this.#layout, key);
    const bell = new Bell();
    const unsubscribe = this.#news.subscribe((uid) => {
      if (uid === key.uid) bell.ring();
    });
    try {
      for (;;) {
        const state = readInstance(dir);
        if (state._tag === "Ended" || state._tag === "Unclaimed") return;
        signal.throwIfAborted();
        await bell.wait(250, signal);
      }
    } finally {
      unsubscribe();
    }
  }
}

/** Of a pod that must have ended: what does not run yet never will, and what runs is named. */
export const assertEnded = (layout: Layout, key: InstanceKey): void => {
  const dir = instanceDir(layout, key);
  forbidStart(dir, readInstance(dir));
  const state = readInstance(dir);
  if (state._tag === "Ended" || state._tag === "Unclaimed") return;
  throw new ProviderError(
    "Conflict",
    `pod ${key.uid} cannot be removed: its container "${key.container}" still runs; stop it first`,
  );
};
