import type { LogOptions } from "../../ports.ts";
import type { Millis } from "../../../core/time.ts";
import type { LogFiles } from "./log_files.ts";

/** A place in a log: the number of the file, and the offset in it. */
export interface LogPosition {
  readonly file: number;
  readonly offset: number;
}

const newline = 10;

const before = (a: LogPosition, b: LogPosition): boolean =>
  a.file < b.file || (a.file === b.file && a.offset < b.offset);

const endOf = (files: LogFiles): LogPosition => ({ file: files.current, offset: files.size(files.current) });

/** Where the last `lines` lines begin, read backwards; an unfinished line at the end is one. */
const tailStart = (files: LogFiles, lines: number): LogPosition => {
  if (lines === 0) return endOf(files);
  let wanted = lines;
  let last = true;
  for (let file = files.current; file >= files.oldest; file--) {
    for (let end = files.size(file); end > 0;) {
      const from = Math.max(0, end - 65536);
      const block = files.read(file, from, end - from);
      for (let at = block.length - 1; at >= 0; at--) {
        // The very last newline ends the last line; every other one begins a line.
        if (block[at] === newline && !last && wanted-- === 1) return { file, offset: from + at + 1 };
        last = false;
      }
      end = from;
    }
  }
  return { file: files.oldest, offset: 0 };
};

/** After the newline at or after `offset - 1`: the first line that begins at `offset` or later. */
const lineStart = (files: LogFiles, file: number, offset: number): LogPosition => {
  if (offset === 0) return { file, offset };
  for (let at = offset - 1;;) {
    const block = files.read(file, at);
    const found = block.indexOf(newline);
    if (found >= 0) return { file, offset: at + found + 1 };
    if (block.length === 0) return { file, offset: at };
    at += block.length;
  }
};

/** Where the lines begin that were written at `since` or later. */
const sinceStart = (files: LogFiles, since: Millis): LogPosition => {
  for (let file = files.oldest; file <= files.current; file++) {
    let offset = 0;
    for (const { end, time } of files.times(file)) {
      if (time >= since) return lineStart(files, file, offset);
      offset = end;
    }
  }
  return endOf(files);
};

/** Where to begin reading: as far back as both `tailLines` and `since` allow. */
export const startOf = (files: LogFiles, options: LogOptions): LogPosition => {
  let start: LogPosition = { file: files.oldest, offset: 0 };
  if (options.tailLines !== undefined) start = tailStart(files, options.tailLines);
  if (options.since !== undefined) {
    const since = sinceStart(files, options.since);
    if (before(start, since)) start = since;
  }
  return start;
};
