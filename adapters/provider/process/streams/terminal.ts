import { Buffer } from "node:buffer";
import type { CommandOptions, TerminalSize } from "../../../ports.ts";
import { ProviderError } from "../../../provider_error.ts";
import { killGroup, type Run, type Started } from "./piped.ts";

/** What we use of node-pty. */
type Pty = typeof import("@lydell/node-pty");

/** As a terminal is before anybody has said otherwise. */
const usual: TerminalSize = { width: 80, height: 24 };
/** A client tells its size right after the beginning: a program that looks at once is to find it. */
const firstSizeMs = 200;
const maxWaiting = 65_536;

let loading: Promise<Pty> | undefined;

/** A native module: not on every platform, and not in every runtime. */
const loadPty = (): Promise<Pty> =>
  loading ??= import("@lydell/node-pty").catch((cause: unknown) => {
    throw new ProviderError(
      "Unsupported",
      `no terminals (-t) on this node: its pseudo-terminal module cannot be loaded here (${
        cause instanceof Error ? cause.message.split("\n")[0] : cause
      })`,
      { cause },
    );
  });

const firstSize = async (
  reader: ReadableStreamDefaultReader<TerminalSize> | undefined,
): Promise<{ readonly size: TerminalSize; readonly next: Promise<void> | undefined }> => {
  if (reader === undefined) return { size: usual, next: undefined };
  let size = usual;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const first = reader.read().then(({ value }) => {
    size = value ?? usual;
  });
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, firstSizeMs);
  });
  await Promise.race([first, late]);
  clearTimeout(timer);
  return { size, next: first.then(() => undefined) };
};

/** Runs a program in a terminal of its own, whose size follows the client's. */
export const runInTerminal = async (
  run: Run,
  { stdin, sizes }: Pick<CommandOptions, "stdin" | "sizes">,
): Promise<Started> => {
  const { spawn } = await loadPty();
  const sizeReader = sizes?.getReader();
  const { size, next } = await firstSize(sizeReader);
  const terminal = spawn(run.file, run.argv.slice(1), {
    name: run.env.TERM ?? "xterm",
    cols: size.width,
    rows: size.height,
    cwd: run.workingDir,
    env: run.env,
    encoding: null,
  });
  let isOver = false;
  const exit = new Promise<number | undefined>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => {
      isOver = true;
      resolve(signal === undefined || signal === 0 ? exitCode : 128 + signal);
    });
  });

  const resize = ({ width, height }: TerminalSize): void => {
    if (!isOver) terminal.resize(width, height);
  };
  const followSizes = async (reader: ReadableStreamDefaultReader<TerminalSize>): Promise<void> => {
    let told: TerminalSize | undefined;
    await next;
    for (;;) {
      const { done, value } = await reader.read();
      if (done || isOver) return;
      if (told?.width !== value.width || told.height !== value.height) resize(value);
      told = value;
    }
  };
  if (sizeReader !== undefined) followSizes(sizeReader).catch(() => undefined);

  const type = async (source: ReadableStream<Uint8Array>): Promise<void> => {
    const reader = source.getReader();
    exit.finally(() => reader.cancel().catch(() => undefined));
    for (;;) {
      const { done, value } = await reader.read();
      if (isOver) return;
      // the end of input is what a terminal makes of Ctrl-D
      terminal.write((done ? "\u0004" : Buffer.from(value)) as string);
      if (done) return;
    }
  };
  if (stdin !== undefined) type(stdin).catch(() => undefined);

  const stdout = new ReadableStream<Uint8Array>({
    start: (controller) => {
      terminal.onData((data) => {
        const chunk = data as unknown as Uint8Array;
        controller.enqueue(chunk);
        if (controller.desiredSize !== null && controller.desiredSize <= 0) terminal.pause();
      });
      exit.then(() => controller.close()).catch(() => undefined);
    },
    pull: () => terminal.resume(),
    cancel: () => terminal.resume(),
  }, { highWaterMark: maxWaiting, size: (chunk) => chunk.byteLength });
  return { stdout, exit, kill: () => killGroup(terminal.pid) };
};
