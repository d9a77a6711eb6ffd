import cliTruncate from "cli-truncate";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";

/** How a piece of a line looks, where there are colours. */
export type Style = "bold" | "dim" | "green" | "yellow" | "red" | "cyan";

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** A line of the screen. */
export type Line = readonly Span[];

export const plain = (text: string): Line => [{ text }];

export const styled = (style: Style, text: string): Line => [{ text, style }];

/** One line without anything that a terminal would act on: what programs print may be anything. */
export const clean = (text: string): string =>
  stripVTControlCharacters(text).replace(/\t/g, "  ")
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, " ");

export const widthOf = (line: Line): number => line.reduce((sum, { text }) => sum + stringWidth(text), 0);

/** As much of the line as fits, with `…` where something is missing. */
export const clip = (line: Line, width: number): Line => {
  if (widthOf(line) <= width) return line;
  const spans: Span[] = [];
  let left = width;
  for (const span of line) {
    const own = stringWidth(span.text);
    const isLast = own >= left;
    // a piece that just fits is followed by one that is missing
    const text = isLast ? cliTruncate(`${span.text}${own === left ? "…" : ""}`, left) : span.text;
    spans.push({ ...span, text });
    left -= own;
    if (isLast) break;
  }
  return spans;
};

/** The text, and blanks up to the width. */
export const pad = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - stringWidth(text)));

/** The text of a line, without its looks. */
export const textOf = (line: Line): string => line.map(({ text }) => text).join("").trimEnd();
