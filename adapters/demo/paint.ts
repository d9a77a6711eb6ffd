import { styleText } from "node:util";
import type { Line } from "./line.ts";

/** Lines as a terminal takes them. */
export const paint = (lines: readonly Line[], colours: boolean): string =>
  lines.map((line) =>
    line.map(({ text, style }) =>
      colours && style !== undefined ? styleText(style, text, { validateStream: false }) : text
    ).join("").trimEnd()
  ).join("\n");
