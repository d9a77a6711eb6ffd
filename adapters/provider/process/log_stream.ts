import type { LogOptions } from "../../ports.ts";
import type { Millis } from "../../../core/time.ts";
import type { LogFiles, TimeEntry } from "./log_files.ts";
import { type LogPosition, startOf } from "./log_position.ts";
import { pause } from "./wait.ts";

/** How often a followed log is looked at. */
const followMs: Millis = 100;
const newline = 10;

/** Tells when the byte at a place was written, for ever later places. */
class TimeTable {
  readonly #files: LogFiles;
  #file = -1;
  #entries: readonly TimeEntry[] = [];
  #at = 0;

  constructor(files: LogFiles) {
    this.#files = files;
  }

  #find(offset: number): Millis | undefined {
    while (this.#at < this.#entries.length && (this.#entries[this.#at]?.end ?? 0) <= offset) this.#at++;
    return this.#entries[this.#at]?.time;
  }

  #load(file: number): void {
    this.#entries = this.#files.times(file);
    this.#file = file;
    this.#at = 0;
  }

  at({ file, offset }: LogPosition): Millis {
    if (this.#file !== file) this.#load(file);
    const known = this.#find(offset);
    if (known !== undefined) return known;
    this.#files.look();
    this.#load(file);
    return this.#find(offset) ?? this.#entries.at(-1)?.time ?? Date.now();
  }
}

/** Puts the time before every line, with nine digits as the kubelet does. Lines may come cut anywhere. */
class Stamper {
  readonly #times: TimeTable;
  readonly #encoder: TextEncoder = new TextEncoder();
  #inLine = false;

  constructor(files: LogFiles) {
    this.#times = new TimeTable(files);
  }

  stamp(bytes: Uint8Array, from: LogPosition): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      if (!this.#inLine) {
        const time = this.#times.at({ file: from.file, offset: from.offset + at });
        parts.push(this.#encoder.encode(`${new Date(time).toISOString().slice(0, 23)}000000Z `));
      }
      const found = bytes.indexOf(newline, at);
      const end = found < 0 ? bytes.length : found + 1;
      parts.push(bytes.subarray(at, end));
      this.#inLine = found < 0;
      at = end;
    }
    return concat(parts);
  }
}

const concat = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** Everything from `start` on, in blocks, across rotations; while `follow`, until the instance has ended. */
async function* blocks(
  files: LogFiles,
  options: LogOptions,
  hasEnded: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly from: LogPosition }> {
  let { file, offset } = startOf(files, options);
  // A log that is not followed ends where it ends now, however fast it grows.
  const stop = options.follow ? undefined : { file: files.current, offset: files.size(files.current) };
  while (!signal.aborted) {
    const wasEnded = options.follow && hasEnded();
    const left = stop !== undefined && file >= stop.file ? stop.offset - offset : Infinity;
    const bytes = left > 0 ? files.read(file, offset, left) : new Uint8Array(0);
    if (bytes.length > 0) {
      yield { bytes, from: { file, offset } };
      offset += bytes.length;
    } else if (file < files.current && (stop === undefined || file < stop.file)) {
      file = Math.max(file + 1, files.oldest);
      offset = 0;
    } else if (!options.follow || wasEnded) {
      return;
    } else {
      // The process itself may have cut its output off: what it writes now is at the beginning.
      if (files.size(file) < offset) offset = 0;
      await pause(followMs, signal);
      files.look();
    }
  }
}

/** The log of an instance, as the options ask. `hasEnded` is only asked while it is followed. */
export const logStream = (
  files: LogFiles,
  options: LogOptions,
  hasEnded: () => boolean,
  signal: AbortSignal,
): ReadableStream<Uint8Array> => {
  const cancelled = new AbortController();
  const source = blocks(files, options, hasEnded, AbortSignal.any([signal, cancelled.signal]));
  const stamper = options.timestamps ? new Stamper(files) : undefined;
  let left = options.limitBytes ?? Infinity;
  const finish = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    cancelled.abort();
    if (signal.aborted) controller.error(signal.reason);
    else controller.close();
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = left > 0 ? await source.next() : undefined;
      if (next === undefined || next.done || signal.aborted) return finish(controller);
      const { bytes, from } = next.value;
      const text = stamper === undefined ? bytes : stamper.stamp(bytes, from);
      const given = text.length > left ? text.subarray(0, left) : text;
      left -= given.length;
      controller.enqueue(given);
      if (left <= 0) finish(controller);
    },
    cancel() {
      cancelled.abort();
    },
  }, { highWaterMark: 0 });
};
