import * as E from "fp-ts/lib/Either.js";
import type { Fault } from "../../core/fault.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import type { WatchConfig } from "../../core/watch/config.ts";
import { initialWatch, type WatchInput, type WatchOutput, type WatchState } from "../../core/watch/state.ts";
import { watchStep } from "../../core/watch/step.ts";
import type { ApiPort, Clock, Logger, Telemetry } from "../ports.ts";

/** News of the collection, in order: what of the machine's outputs is not about the connection. */
export type ReflectorOutput<A> = Exclude<WatchOutput<A>, { readonly _tag: "Send" | "Abort" | "Warning" }>;

export interface ReflectorOptions<A> {
  readonly api: ApiPort;
  readonly clock: Clock;
  readonly config: WatchConfig<A>;
  /** Called in order, never twice at a time, and never after the signal has aborted. Bytes wait until it returns. */
  readonly onOutput: (output: ReflectorOutput<A>) => void;
  readonly signal: AbortSignal;
  /** Counts `watch.requests`, `watch.outputs` and `watch.warnings`, by `kind`. */
  readonly telemetry?: Telemetry;
  readonly logger?: Logger;
}

export interface Reflector {
  /**
   * Resolves when the signal has aborted, the connection is closed and no timer is left. Rejects when `onOutput`
   * threw, with what it threw; the same is then done.
   */
  readonly done: Promise<void>;
  /** Lists again, because something may have been missed. */
  relist(): void;
}

/** Work without a pause, after which other tasks get their turn. */
const sliceMs = 8;

/** How long an aborted connection may take to close before it is left behind. */
const closeMs = 2_000;

interface Connection {
  readonly controller: AbortController;
  readonly closed: Promise<void>;
}

const broken = (error: unknown): WatchInput => {
  const message = error instanceof Error ? error.message : String(error);
  return { _tag: "Broken", fault: { _tag: "Unavailable", message } satisfies Fault };
};

/** Runs the list-and-watch machine over an {@link ApiPort} until `signal` aborts: it keeps `onOutput` informed. */
export const reflect = <A>(options: ReflectorOptions<A>): Reflector => {
  const run = new Run(options);
  return { done: run.done, relist: () => run.handle({ _tag: "Relist" }) };
};

class Run<A> {
  readonly done: Promise<void>;
  readonly #options: ReflectorOptions<A>;
  readonly #inputs: WatchInput[] = [];
  readonly #closing = new Set<Promise<void>>();
  readonly #stopped: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  readonly #onAbort: () => void = () => this.#stop();
  #state: WatchState<A> = initialWatch;
  #connection: Connection | undefined;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #busyMs = 0;
  #handling = false;
  #ended = false;

  constructor(options: ReflectorOptions<A>) {
    this.#options = options;
    this.done = this.#stopped.promise.finally(() => this.#settle());
    options.signal.addEventListener("abort", this.#onAbort, { once: true });
    if (options.signal.aborted) this.#stop();
    else this.handle({ _tag: "Start" });
  }

  /** One input at a time, also when an output's listener asks for something. */
  handle(input: WatchInput): void {
    this.#inputs.push(input);
    if (this.#handling) return;
    this.#handling = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined && !this.#ended; next = this.#inputs.shift()) {
        this.#step(next);
      }
    } catch (error) {
      this.#stop(error);
    } finally {
      this.#handling = false;
    }
  }

  #step(input: WatchInput): void {
    const [state, outputs] = watchStep(this.#options.config, this.#state, input, this.#options.clock.now());
    this.#state = state;
    this.#count(outputs);
    for (const output of outputs) {
      if (this.#ended) return;
      this.#perform(output);
    }
    this.#arm();
  }

  #perform(output: WatchOutput<A>): void {
    const { onOutput, logger, config } = this.#options;
    switch (output._tag) {
      case "Send":
        return this.#send(output.request);
      case "Abort":
        return this.#disconnect();
      case "Warning":
        return logger?.log("warn", output.message, { kind: config.kind, path: config.path });
      case "Replaced":
      case "Applied":
      case "Undecodable":
      case "Deleted":
        return onOutput(output);
    }
  }

  #count(outputs: readonly WatchOutput<A>[]): void {
    const { telemetry, config } = this.#options;
    if (telemetry === undefined || outputs.length === 0) return;
    const kind = config.kind;
    let news = 0;
    for (const output of outputs) {
      if (output._tag === "Send") {
        telemetry.count("watch.requests", 1, { kind, verb: output.request.query?.watch ? "watch" : "list" });
      } else if (output._tag === "Warning") telemetry.count("watch.warnings", 1, { kind });
      else if (output._tag !== "Abort") news += 1;
    }
    if (news > 0) telemetry.count("watch.outputs", news, { kind });
  }

  /** A timer that is due too early only looks again: a new one for each chunk would cost more. */
  #arm(): void {
    const { wakeAt } = this.#state;
    if (this.#ended || wakeAt === undefined) return;
    if (this.#timer !== undefined) {
      if (this.#timer.at <= wakeAt) return;
      this.#timer.cancel();
    }
    const { clock } = this.#options;
    const cancel = clock.after(Math.max(0, wakeAt - clock.now().mono), () => {
      this.#timer = undefined;
      this.handle({ _tag: "Tick" });
    });
    this.#timer = { at: wakeAt, cancel };
  }

  #send(request: ApiRequest): void {
    this.#disconnect();
    const controller = new AbortController();
    const closed = this.#pump(request, controller.signal).finally(() => this.#closing.delete(closed));
    this.#connection = { controller, closed };
    this.#closing.add(closed);
  }

  #disconnect(): void {
    this.#connection?.controller.abort();
    this.#connection = undefined;
  }

  /** Never rejects. Says nothing after its signal has aborted. */
  async #pump(request: ApiRequest, signal: AbortSignal): Promise<void> {
    const say = (input: WatchInput): void => {
      if (!signal.aborted) this.handle(input);
    };
    // a connection that has ended by itself needs no abort
    const finish = (input: WatchInput): void => {
      if (this.#connection?.controller.signal === signal) this.#connection = undefined;
      say(input);
    };
    try {
      const answer = await this.#options.api.stream(request, signal);
      if (E.isLeft(answer)) return finish({ _tag: "Broken", fault: answer.left });
      const { status, retryAfterMs, body } = answer.right;
      say({ _tag: "Response", status, retryAfterMs });
      // Also after an abort: only a body that is read lets go of its connection.
      for await (const bytes of body) {
        if (signal.aborted) return;
        if (this.#isBusy(() => say({ _tag: "Chunk", bytes }))) await this.#pause();
      }
      finish({ _tag: "End" });
    } catch (error) {
      finish(broken(error));
    }
  }

  /** Does a piece of work; `true` when there was so much of it that others should have their turn. */
  #isBusy(piece: () => void): boolean {
    const { clock } = this.#options;
    const started = clock.now().mono;
    piece();
    this.#busyMs += clock.now().mono - started;
    return this.#busyMs >= sliceMs;
  }

  async #pause(): Promise<void> {
    this.#busyMs = 0;
    await new Promise<void>((resolve) => void this.#options.clock.after(0, resolve));
  }

  #stop(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.signal.removeEventListener("abort", this.#onAbort);
    this.#timer?.cancel();
    this.#disconnect();
    if (error === undefined) this.#stopped.resolve();
    else this.#stopped.reject(error);
  }

  async #settle(): Promise<void> {
    if (this.#closing.size === 0) return;
    const late = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(closeMs, late.resolve);
    await Promise.race([Promise.all(this.#closing), late.promise]);
    cancel();
  }
}
