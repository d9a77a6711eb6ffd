import { write } from "node:fs";

/** Writes lines in the background. */
export interface LineWriter {
  write(line: string): void;
  /** Resolves when all is written, after `ms` at the latest. */
  flush(ms: number): Promise<void>;
}

/** Writes some of the bytes and tells how many; on Deno `node:fs` would block, so its own function is used there. */
export type WriteSome = (bytes: Uint8Array) => Promise<number>;

const deno = (globalThis as { readonly Deno?: { readonly stderr: { readonly write: WriteSome } } }).Deno;
const standardError = 2;

/** To standard error, without blocking: a pipe that nobody reads holds up only the writer. */
export const writeToStderr: WriteSome = (bytes) =>
  deno !== undefined
    ? deno.stderr.write(bytes)
    : new Promise((resolve, reject) =>
      write(standardError, bytes, (error, written) => error === null ? resolve(written) : reject(error))
    );

const maxWaiting = 1_048_576;
const fullMs = 20;

const isFull = (error: unknown): boolean => (error as { readonly code?: unknown } | null)?.code === "EAGAIN";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Lines in the order they come, never blocking and never throwing: what waits is bounded (a million characters), then
 * lines are dropped and their number is told. When the other side is gone, everything is dropped.
 */
export const lineWriter = (writeSome: WriteSome = writeToStderr): LineWriter => {
  const encoder = new TextEncoder();
  let waiting: string[] = [];
  let length = 0, dropped = 0, broken = false, pumping = false;
  let writing: Promise<void> = Promise.resolve();

  const writeAll = async (bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length;) {
      try {
        at += await writeSome(bytes.subarray(at));
      } catch (error) {
        if (!isFull(error)) throw error;
        await pause(fullMs);
      }
    }
  };
  /** Between the look that finds nothing waiting and the end of `pumping` no line can come. */
  const pump = async (): Promise<void> => {
    pumping = true;
    try {
      while (waiting.length > 0) {
        const lines = waiting;
        if (dropped > 0) lines.push(`${dropped} log lines were dropped: they were not read fast enough`);
        waiting = [];
        length = dropped = 0;
        await writeAll(encoder.encode(`${lines.join("\n")}\n`));
      }
    } catch {
      broken = true;
      waiting = [];
    }
    pumping = false;
  };
  return {
    write: (line) => {
      if (broken) return;
      if (length > maxWaiting) {
        dropped += 1;
        return;
      }
      waiting.push(line);
      length += line.length;
      if (!pumping) writing = pump();
    },
    flush: async (ms) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
      await Promise.race([writing, late]);
      clearTimeout(timer);
    },
  };
};
