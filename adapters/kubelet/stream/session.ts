import type { Millis } from "../../../core/time.ts";
import type { WireEvent } from "../../../core/stream/wire.ts";
import type { Wire } from "./wire.ts";

/** How long a connection may be silent, and how long its client may take to open its streams. */
export interface SessionLimits {
  /** Default 4 h, as the kubelet's `streamingConnectionIdleTimeout`. */
  readonly idleMs: Millis;
  /** Default 30 s. */
  readonly creationMs: Millis;
}

/** What holds where nothing is said. */
export const defaultSessionLimits: SessionLimits = { idleMs: 4 * 3_600_000, creationMs: 30_000 };

type Step<S, E> = readonly [S, readonly (E | WireEvent)[]];

/** A machine that speaks over a wire. */
export interface Session<S, E> {
  /** Opens the wire. Nothing happens before. */
  begin(): void;
  /** Lets something happen to the machine, and does what it says. */
  apply(step: (state: S) => Step<S, E>): void;
  /** While anybody holds it, the client is not read. */
  hold(who: object): void;
  release(who: object): void;
  /** Aborts when the client has left, or was silent for too long. */
  readonly signal: AbortSignal;
}

/** What {@link openSession} needs. */
export interface SessionOptions<S, E> {
  readonly wire: Wire;
  readonly start: Step<S, E>;
  readonly received: (state: S, data: Uint8Array) => Step<S, E>;
  readonly onEvent: (event: Exclude<E, WireEvent>) => void;
  readonly idleMs: Millis;
  /** Ends it from outside. */
  readonly signal: AbortSignal;
}

/** A client that is not read is probed this often: else nobody would notice that it left. */
const probeMs: Millis = 400;

const isWireEvent = (event: { readonly _tag: string }): event is WireEvent =>
  event._tag === "Write" || event._tag === "Close" || event._tag === "Left";

/** Calls back when `touch` was not called for `ms`. */
const silence = (ms: Millis, callback: () => void): { touch(): void; stop(): void } => {
  let last = performance.now();
  let timer: ReturnType<typeof setTimeout>;
  const look = (): void => {
    const left = last + ms - performance.now();
    if (left <= 0) callback();
    else timer = setTimeout(look, left);
  };
  timer = setTimeout(look, ms);
  return {
    touch: () => {
      last = performance.now();
    },
    stop: () => clearTimeout(timer),
  };
};

/** Runs a machine over a wire until either is over. */
export const openSession = <S, E extends { readonly _tag: string }>(
  options: SessionOptions<S, E>,
): Session<S, E> => {
  const { wire, received, onEvent } = options;
  const abort = new AbortController();
  const holders = new Set<object>();
  const waiting: (E | WireEvent)[] = [];
  let [state] = options.start;
  let isTelling = false;
  let probing: ReturnType<typeof setInterval> | undefined;

  const leave = (why: string): void => {
    idle.stop();
    clearInterval(probing);
    options.signal.removeEventListener("abort", end);
    abort.abort(new Error(why));
  };
  const end = (): void => {
    leave("the server is closing");
    wire.close(1001, "the server is closing");
  };
  const idle = silence(options.idleMs, () => {
    leave(`nothing was heard for ${options.idleMs / 1000} s`);
    wire.close(1001, "idle for too long");
  });

  /** What is to be sent is sent together. */
  const tell = (): void => {
    let parts: (Uint8Array | string)[] = [];
    let left: string | undefined;
    const flush = (): void => {
      if (parts.length > 0) wire.send(parts);
      parts = [];
    };
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      if (!isWireEvent(event)) {
        onEvent(event as Exclude<E, WireEvent>);
      } else if (event._tag === "Write") {
        parts.push(event.data);
      } else if (event._tag === "Left") {
        left = event.why;
      } else {
        flush();
        wire.close(event.code, event.reason);
        left ??= event.code === 1000 ? undefined : event.reason;
      }
    }
    flush();
    if (left === undefined) return;
    leave(left);
    wire.close(1000, "");
  };
  const follow = ([next, events]: Step<S, E>): void => {
    state = next;
    for (const event of events) waiting.push(event);
    if (isTelling) return;
    isTelling = true;
    try {
      tell();
    } finally {
      isTelling = false;
    }
  };

  const apply: Session<S, E>["apply"] = (step) => {
    idle.touch();
    follow(step(state));
  };
  return {
    begin: () => {
      options.signal.addEventListener("abort", end, { once: true });
      follow(options.start);
      wire.open({
        received: (data) => apply((now) => received(now, data)),
        gone: () => leave("the client has left"),
      });
      if (options.signal.aborted) end();
    },
    apply,
    hold: (who) => {
      if (holders.size === 0) {
        wire.pause();
        probing = setInterval(() => wire.probe(), probeMs);
      }
      holders.add(who);
    },
    release: (who) => {
      if (!holders.delete(who) || holders.size > 0) return;
      clearInterval(probing);
      wire.resume();
    },
    signal: abort.signal,
  };
};
