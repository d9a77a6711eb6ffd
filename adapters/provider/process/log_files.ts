import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readdirSync, readSync } from "node:fs";
import {
  appendFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Millis } from "../../../core/time.ts";

/** Bytes before `end`, and from the entry before this one on, were written at `time` at the latest. */
export interface TimeEntry {
  readonly end: number;
  readonly time: Millis;
}

export interface LogLimits {
  readonly maxBytes: number;
  /** The one being written included. */
  readonly maxFiles: number;
}

/** More entries than this are thinned out to half: the times get coarser, never earlier. */
const maxEntries = 8192;
const blockBytes = 65536;

const absent = (error: unknown): boolean => (error as { code?: string }).code === "ENOENT";

const sizeOf = (path: string): number => {
  try {
    return statSync(path).size;
  } catch (error) {
    if (absent(error)) return 0;
    throw error;
  }
};

/** Up to `length` bytes at `offset`; `undefined`: no such file. */
const readAt = (path: string, offset: number, length: number): Uint8Array | undefined => {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (absent(error)) return undefined;
    throw error;
  }
  try {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
  } finally {
    closeSync(file);
  }
};

const parseTimes = (text: string): TimeEntry[] => {
  const entries: TimeEntry[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const [end, time] = line.split(" ").map(Number);
    if (end !== undefined && time !== undefined && end >= 0 && time >= 0) entries.push({ end, time });
  }
  return entries;
};

/**
 * The log of one instance: `log`, to which the process itself appends, and `log.1`, `log.2`… rotated out of it, newest
 * last; beside each a file of {@link TimeEntry}s. A file is known by its number; the one being written has the next.
 */
export class LogFiles {
  readonly #dir: string;
  readonly #limits: LogLimits;
  #numbers: number[];
  #current: number;
  /** Of the file being written: as far as its times are known. */
  #seen: number;
  #entries: number;
  #rotating = false;

  constructor(dir: string, limits: LogLimits) {
    this.#dir = dir;
    this.#limits = limits;
    this.#numbers = readdirSync(dir).map((name) => /^log\.(\d+)$/.exec(name)?.[1]).filter((n) =>
      n !== undefined
    )
      .map(Number).sort((a, b) => a - b);
    this.#current = (this.#numbers.at(-1) ?? 0) + 1;
    this.#recover();
    const times = this.times(this.current);
    this.#seen = times.at(-1)?.end ?? 0;
    this.#entries = times.length;
  }

  /** The number of the file being written. */
  get current(): number {
    return this.#current;
  }

  get oldest(): number {
    return this.#numbers[0] ?? this.current;
  }

  #path(number: number, kind: "log" | "times"): string {
    return join(this.#dir, number === this.current ? kind : `${kind}.${number}`);
  }

  size(number: number): number {
    return sizeOf(this.#path(number, "log"));
  }

  /** Up to one block; empty at the end, or when the file is gone. */
  read(number: number, offset: number, length: number = blockBytes): Uint8Array {
    return readAt(this.#path(number, "log"), offset, Math.min(length, blockBytes)) ?? new Uint8Array(0);
  }

  times(number: number): TimeEntry[] {
    try {
      return parseTimes(readFileSync(this.#path(number, "times"), "utf8"));
    } catch (error) {
      if (absent(error)) return [];
      throw error;
    }
  }

  /** Takes note of what was written since the last look, and of when. `true`: there was something. */
  look(): boolean {
    const path = join(this.#dir, "log");
    let stat: { readonly size: number; readonly mtimeMs: number };
    try {
      stat = statSync(path);
    } catch (error) {
      if (absent(error)) return false;
      throw error;
    }
    if (stat.size === this.#seen) return false;
    const times = join(this.#dir, "times");
    // The process itself may have cut its output off (`> /dev/stdout`).
    if (stat.size < this.#seen) this.#write(times, []);
    if (stat.size > 0) appendFileSync(times, `${stat.size} ${Math.ceil(stat.mtimeMs)}\n`, { mode: 0o600 });
    this.#seen = stat.size;
    if (++this.#entries > maxEntries) this.#thin(times);
    return true;
  }

  #write(path: string, entries: readonly TimeEntry[]): void {
    const fresh = `${path}.new`;
    writeFileSync(fresh, entries.map(({ end, time }) => `${end} ${time}\n`).join(""), { mode: 0o600 });
    renameSync(fresh, path);
    this.#entries = entries.length;
  }

  #thin(path: string): void {
    const all = this.times(this.current);
    this.#write(path, all.filter((_, at) => (all.length - 1 - at) % 2 === 0));
  }

  get oversized(): boolean {
    return this.#seen > this.#limits.maxBytes && !this.#rotating;
  }

  /**
   * Copies the log away and cuts it: the process keeps its file. What it writes between the last read and the cut,
   * which follow each other at once, is lost; nothing is kept twice.
   */
  async rotate(): Promise<void> {
    if (this.#rotating) return;
    this.#rotating = true;
    try {
      await copyFile(join(this.#dir, "log"), join(this.#dir, "log.new"));
      this.look();
      this.#cut();
      this.#finish();
    } finally {
      this.#rotating = false;
    }
  }

  /** Copies what came meanwhile, then empties the log. */
  #cut(): void {
    const from = openSync(join(this.#dir, "log"), "r+");
    const to = openSync(join(this.#dir, "log.new"), "a");
    try {
      let at = fstatSync(to).size;
      const bytes = new Uint8Array(blockBytes);
      for (let count = 1; count > 0; at += count) {
        count = readSync(from, bytes, 0, blockBytes, at);
        if (count > 0) writeSync(to, bytes, 0, count);
      }
      ftruncateSync(from, 0);
    } finally {
      closeSync(from);
      closeSync(to);
    }
  }

  #finish(): void {
    const number = this.#current++;
    renameSync(join(this.#dir, "log.new"), join(this.#dir, `log.${number}`));
    if (existsSync(join(this.#dir, "times"))) {
      renameSync(join(this.#dir, "times"), join(this.#dir, `times.${number}`));
    }
    this.#numbers.push(number);
    this.#seen = 0;
    this.#entries = 0;
    while (this.#numbers.length > Math.max(0, this.#limits.maxFiles - 1)) {
      const old = this.#numbers.shift();
      rmSync(join(this.#dir, `log.${old}`), { force: true });
      rmSync(join(this.#dir, `times.${old}`), { force: true });
    }
  }

  /** An agent died while it rotated: `log.new` is needed only if the log was cut already. */
  #recover(): void {
    const fresh = join(this.#dir, "log.new");
    if (!existsSync(fresh)) return;
    if (this.#isStart(fresh)) rmSync(fresh, { force: true });
    else this.#finish();
  }

  #isStart(fresh: string): boolean {
    const log = join(this.#dir, "log");
    const size = sizeOf(fresh);
    if (sizeOf(log) < size) return false;
    const same = (offset: number): boolean => {
      const [a, b] = [readAt(fresh, offset, 4096) ?? [], readAt(log, offset, 4096) ?? []];
      return a.every((byte, at) => byte === b[at]);
    };
    return same(0) && same(Math.max(0, size - 4096));
  }
}
