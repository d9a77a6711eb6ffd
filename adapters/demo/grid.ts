import stringWidth from "string-width";
import { clip, type Line, pad, type Span, type Style } from "./line.ts";

/** A column of a grid. */
export interface GridColumn {
  readonly title: string;
  /** Left away before the screen gets too narrow: the greatest first. Absent: never. */
  readonly dispensable?: number;
  /** Takes what width is left, and gives what is missing. One of a grid. */
  readonly elastic?: true;
}

/** A cell: its text, and how it looks. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

export interface GridRow {
  /** By the title of the column. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** In front of the row. */
  readonly mark?: string;
}

const gap = "  ";
const leastElastic = 12;

const textAt = (row: GridRow, column: GridColumn): string => row.cells[column.title]?.text ?? "";

const naturalWidth = (column: GridColumn, rows: readonly GridRow[]): number =>
  Math.max(stringWidth(column.title), ...rows.map((row) => stringWidth(textAt(row, column))));

interface Layout {
  readonly columns: readonly GridColumn[];
  readonly widths: readonly number[];
}

/** The columns that fit, and their widths. */
const layoutOf = (columns: readonly GridColumn[], rows: readonly GridRow[], width: number): Layout => {
  const natural = columns.map((column) => naturalWidth(column, rows));
  const gaps = gap.length * (columns.length - 1);
  const excess = natural.reduce((sum, each) => sum + each, gaps) - width;
  const at = columns.findIndex(({ elastic }) => elastic === true);
  const given = Math.max((natural[at] ?? 0) - Math.max(excess, 0), Math.min(leastElastic, natural[at] ?? 0));
  const widths = natural.map((each, index) => index === at ? given : each);
  const fits = widths.reduce((sum, each) => sum + each, gaps) <= width;
  const [worst] = [...columns].filter(({ dispensable }) => dispensable !== undefined)
    .sort((a, b) => (b.dispensable ?? 0) - (a.dispensable ?? 0));
  if (fits || worst === undefined) return { columns, widths };
  return layoutOf(columns.filter((column) => column !== worst), rows, width);
};

const lineOf = (cells: readonly Cell[], widths: readonly number[], mark: string): Line => {
  const spans: Span[] = [{ text: mark }];
  cells.forEach(({ text, style }, at) => {
    const width = widths[at] ?? 0;
    const [clipped] = clip([{ text }], width);
    const isLast = at === cells.length - 1;
    spans.push({ text: isLast ? clipped?.text ?? "" : pad(clipped?.text ?? "", width), style });
    if (!isLast) spans.push({ text: gap });
  });
  return spans;
};

/** A line of titles and a line a row, aligned, no wider than `width`. */
export const gridLines = (
  columns: readonly GridColumn[],
  rows: readonly GridRow[],
  width: number,
): readonly Line[] => {
  const marks = Math.max(0, ...rows.map(({ mark = "" }) => stringWidth(mark)));
  const layout = layoutOf(columns, rows, width - marks);
  const titles = layout.columns.map(({ title }): Cell => ({ text: title, style: "dim" }));
  return [
    lineOf(titles, layout.widths, " ".repeat(marks)),
    ...rows.map((row) =>
      lineOf(
        layout.columns.map(({ title }) => row.cells[title] ?? { text: "" }),
        layout.widths,
        pad(row.mark ?? "", marks),
      )
    ),
  ];
};
