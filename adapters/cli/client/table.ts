import stringWidth from "string-width";
import type { Json } from "./ask.ts";

/** A row of `metav1.Table` as text, with the namespace of its object. */
export interface TableRow {
  readonly namespace: string;
  readonly cells: readonly string[];
}

/** `metav1.Table` as text. */
export interface TextTable {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

const oneLine = (cell: Json): string =>
  // a message with lines of its own would break the table
  // deno-lint-ignore no-control-regex
  cell === null || cell === undefined ? "" : String(cell).replace(/[\x00-\x1f\x7f]+/g, " ");

/** The columns that are wanted (`wide`: all), and the rows' cells in them. `columns` are those of an earlier page. */
export const textTable = (table: Json, wide: boolean, columns?: Json): TextTable => {
  const definitions: Json[] = table?.columnDefinitions ?? columns ?? [];
  const shown = definitions.flatMap((column, at) => wide || (column?.priority ?? 0) === 0 ? [at] : []);
  return {
    columns: shown.map((at) => String(definitions[at]?.name ?? "").toUpperCase()),
    rows: (table?.rows ?? []).map((row: Json): TableRow => ({
      namespace: String(row?.object?.metadata?.namespace ?? ""),
      cells: shown.map((at) => oneLine(row?.cells?.[at])),
    })),
  };
};

const gap = "   ";
const leastWidth = 4;

/** The widths that show these lines aligned, never smaller than `before`. */
export const widthsOf = (
  lines: readonly (readonly string[])[],
  before: readonly number[] = [],
): readonly number[] => {
  const widths = [...before];
  for (const line of lines) {
    line.forEach((cell, at) => widths[at] = Math.max(widths[at] ?? leastWidth, stringWidth(cell)));
  }
  return widths;
};

const padded = (cell: string, width: number): string =>
  cell + " ".repeat(Math.max(0, width - stringWidth(cell)));

/** Lines of cells under each other; the last cell has no space after it. */
export const alignedLines = (
  lines: readonly (readonly string[])[],
  widths: readonly number[] = widthsOf(lines),
): readonly string[] =>
  lines.map((line) => line.map((cell, at) => padded(cell, widths[at] ?? leastWidth)).join(gap).trimEnd());

/** The lines' cells, led by the namespace where objects of all namespaces are shown. */
export const cellsOf = (rows: readonly TableRow[], allNamespaces: boolean): readonly (readonly string[])[] =>
  rows.map(({ namespace, cells }) => allNamespaces ? [namespace, ...cells] : cells);

export const headOf = (columns: readonly string[], allNamespaces: boolean): readonly string[] =>
  allNamespaces ? ["NAMESPACE", ...columns] : columns;
