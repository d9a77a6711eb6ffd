import type {
  CommandEvent,
  CommandMachine,
  OutputChannel,
} from "../../../core/stream/remote_command/machine.ts";
import type { CommandOutcome } from "../../../core/stream/remote_command/outcome.ts";
import type { CommandRequest } from "../../../core/stream/remote_command/request.ts";
import type { TerminalSize } from "../../../core/stream/remote_command/sizes.ts";
import type { WireEvent } from "../../../core/stream/wire.ts";
import type { CommandOptions, RunningCommand } from "../../ports.ts";
import { fedStream, waitingBytes } from "./fed_stream.ts";
import { pump } from "./pump.ts";
import { openSession, type Session, type SessionLimits } from "./session.ts";
import type { Wire } from "./wire.ts";

/** What of a client's stdin may wait for the command before the client is no longer read. */
const maxWaitingInput = 1_048_576;

/** A command, and whoever wants it. */
export interface CommandService<S> {
  readonly wire: Wire;
  readonly machine: CommandMachine<S>;
  readonly request: CommandRequest;
  readonly limits: SessionLimits;
  /** Aborts when the server ends. */
  readonly signal: AbortSignal;
  readonly begin: (options: CommandOptions) => Promise<RunningCommand>;
  /** How the client is told of an exit code; of an error. */
  readonly outcome: (code: number | undefined) => CommandOutcome;
  readonly failure: (error: unknown) => CommandOutcome;
}

/** Sizes of a terminal; one that nobody has read is replaced by a newer one. */
const sizeStream = (): {
  readonly stream: ReadableStream<TerminalSize>;
  push(size: TerminalSize): void;
  end(): void;
} => {
  let newest: TerminalSize | undefined;
  let isWanted = false;
  let reader: ReadableStreamDefaultController<TerminalSize> | undefined;
  const give = (): void => {
    if (!isWanted || newest === undefined) return;
    isWanted = false;
    reader?.enqueue(newest);
    newest = undefined;
  };
  const stream = new ReadableStream<TerminalSize>({
    start: (controller) => {
      reader = controller;
    },
    pull: () => {
      isWanted = true;
      give();
    },
    cancel: () => {
      reader = undefined;
    },
  }, { highWaterMark: 0 });
  return {
    stream,
    push: (size) => {
      newest = size;
      give();
    },
    end: () => {
      reader?.close();
      reader = undefined;
    },
  };
};

/**
 * Begins a command once its client's streams are there, and passes bytes on both ways, no faster than either side takes them. The
 * outcome is told when all output is sent. When the client leaves, the command's signal aborts.
 */
export const serveCommand = <S>(service: CommandService<S>): void => {
  const { wire, machine, request, limits } = service;
  const abort = new AbortController();
  const sizes = sizeStream();
  const stdin = fedStream(waitingBytes(maxWaitingInput, {
    full: () => session.hold(stdin),
    free: () => session.release(stdin),
  }));
  const ready = Promise.withResolvers<void>();

  const onEvent = (event: Exclude<CommandEvent, WireEvent>): void => {
    switch (event._tag) {
      case "Ready":
        return ready.resolve();
      case "Stdin":
        return stdin.push(event.bytes);
      case "StdinEnded":
        return stdin.end();
      case "Resized":
        return sizes.push(event.size);
    }
  };
  const session: Session<S, CommandEvent> = openSession<S, CommandEvent>({
    wire,
    start: machine.start,
    received: machine.received,
    onEvent,
    idleMs: limits.idleMs,
    signal: service.signal,
  });
  const late = setTimeout(() => session.apply(machine.late), limits.creationMs);
  const left = (): void => {
    clearTimeout(late);
    abort.abort(session.signal.reason);
    stdin.fail(session.signal.reason);
    sizes.end();
    ready.reject(session.signal.reason);
  };
  session.signal.addEventListener("abort", left, { once: true });

  const pass = (channel: OutputChannel, stream: ReadableStream<Uint8Array> | undefined): Promise<void> =>
    pump(stream, (bytes) => {
      session.apply((state) => machine.output(state, channel, bytes));
      return wire.room();
    }, abort.signal);

  const run = async (): Promise<CommandOutcome> => {
    try {
      const { stdin: hasStdin, stdout, stderr, tty } = request;
      const { signal } = abort;
      const running = await service.begin({
        ...(hasStdin ? { stdin: stdin.stream } : {}),
        ...(tty ? { sizes: sizes.stream } : {}),
        stdout,
        stderr,
        tty,
        signal,
      });
      // whoever fails first tells why, the other one must not go unheard
      running.exit.catch(() => undefined);
      await Promise.all([pass("stdout", running.stdout), pass("stderr", running.stderr)]);
      return service.outcome(await running.exit);
    } catch (error) {
      abort.abort(error);
      return service.failure(error);
    }
  };
  const serve = async (): Promise<void> => {
    await ready.promise;
    clearTimeout(late);
    const outcome = await run();
    session.apply((state) => machine.finish(state, outcome));
    stdin.end();
    sizes.end();
  };
  serve().catch(() => undefined);
  session.begin();
};
