// Golden tables over the product of a few dimensions. Every cell of the product is covered by exactly one row, or is
// impossible for a reason that is written down.

/** The names of a table's dimensions, each with every value it can take. */
export type Dimensions = Readonly<Record<string, readonly string[]>>;

/** One value of each dimension. */
export type Cell<D extends Dimensions> = { readonly [Name in keyof D]: D[Name][number] };

/** Which cells are meant: by dimension one value or some; a dimension that is not named does not matter. */
export type Pattern<D extends Dimensions> = {
  readonly [Name in keyof D]?: D[Name][number] | readonly D[Name][number][];
};

/** Cells that cannot be. */
export interface Impossible<D extends Dimensions> {
  readonly of: Pattern<D>;
  readonly because: string;
}

/** What all rows have; the rest of a row is what is expected. */
export interface Covering<D extends Dimensions> {
  readonly of: Pattern<D>;
  /** Cells that the pattern means, but this row does not. */
  readonly except?: readonly Pattern<D>[];
}

/** Every cell of the product. */
export const cellsOf = <D extends Dimensions>(dimensions: D): readonly Cell<D>[] => {
  let cells: readonly Record<string, string>[] = [{}];
  for (const [name, values] of Object.entries(dimensions)) {
    cells = cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value })));
  }
  return cells as unknown as readonly Cell<D>[];
};

export const fits = <D extends Dimensions>(pattern: Pattern<D>, cell: Cell<D>): boolean => {
  for (const name in pattern) {
    const allowed = pattern[name] as string | readonly string[] | undefined;
    const value = cell[name] as string;
    if (allowed === undefined || allowed === value) continue;
    if (typeof allowed === "string" || !allowed.includes(value)) return false;
  }
  return true;
};

const covers = <D extends Dimensions>(row: Covering<D>, cell: Cell<D>): boolean =>
  fits(row.of, cell) && !(row.except ?? []).some((pattern) => fits(pattern, cell));

/** The rows, of those cells only. */
export const within = <D extends Dimensions, Row extends Covering<D>>(
  pattern: Pattern<D>,
  rows: readonly Row[],
): readonly Row[] => rows.map((row) => ({ ...row, of: { ...pattern, ...row.of } }));

/** A cell in one line. */
export const nameOf = <D extends Dimensions>(cell: Cell<D>): string => Object.values(cell).join(" | ");

/** The one row that covers a cell. Throws when there is none: a table that was not proved whole. */
export const rowOf = <D extends Dimensions, Row extends Covering<D>>(
  rows: readonly Row[],
  cell: Cell<D>,
): Row => {
  const row = rows.find((each) => covers(each, cell));
  if (row === undefined) throw new Error(`no row for ${nameOf(cell)}`);
  return row;
};

/** A cell and the row that tells what is expected of it. */
export interface Covered<D extends Dimensions, Row> {
  readonly cell: Cell<D>;
  readonly row: Row;
}

export interface Coverage<D extends Dimensions, Row> {
  readonly covered: readonly Covered<D, Row>[];
  readonly impossible: number;
  /** What is wrong with the table: cells without a row or with several, rows and reasons without a cell. */
  readonly problems: readonly string[];
}

/** By dimension, a bit for every value that the pattern allows. */
const masksOf = <D extends Dimensions>(dimensions: D, pattern: Pattern<D>): readonly number[] =>
  Object.entries(dimensions).map(([name, values]) => {
    const allowed = pattern[name] as string | readonly string[] | undefined;
    if (allowed === undefined) return -1;
    const some = typeof allowed === "string" ? [allowed] : allowed;
    return values.reduce((mask, value, bit) => some.includes(value) ? mask | 1 << bit : mask, 0);
  });

const isIn = (bits: readonly number[], masks: readonly number[]): boolean =>
  masks.every((mask, index) => (mask & (bits[index] ?? 0)) !== 0);

/** Finds the row of every possible cell. (With bits: tables have tens of thousands of cells.) */
export const coverageOf = <D extends Dimensions, Row extends Covering<D>>(
  dimensions: D,
  rows: readonly Row[],
  impossible: readonly Impossible<D>[],
): Coverage<D, Row> => {
  const reasons = impossible.map((entry) => ({ entry, masks: masksOf(dimensions, entry.of) }));
  const patterns = rows.map((row) => ({
    row,
    masks: masksOf(dimensions, row.of),
    excepts: (row.except ?? []).map((pattern) => masksOf(dimensions, pattern)),
  }));
  const covered: Covered<D, Row>[] = [];
  const problems: string[] = [];
  const used = new Set<Covering<D> | Impossible<D>>();
  let excluded = 0;
  for (const cell of cellsOf(dimensions)) {
    const bits = Object.entries(dimensions).map(([name, values]) =>
      1 << values.indexOf(cell[name] as string)
    );
    const why = reasons.filter(({ masks }) => isIn(bits, masks));
    for (const { entry } of why) used.add(entry);
    if (why.length > 0) {
      excluded += 1;
      continue;
    }
    const found = patterns.filter(({ masks, excepts }) =>
      isIn(bits, masks) && !excepts.some((except) => isIn(bits, except))
    );
    for (const { row } of found) used.add(row);
    const row = found[0]?.row;
    if (row !== undefined && found.length === 1) covered.push({ cell, row });
    else problems.push(`${found.length === 0 ? "no row" : `${found.length} rows`} for ${nameOf(cell)}`);
  }
  for (const { of } of rows.filter((row) => !used.has(row))) {
    problems.push(`a row that covers no cell: ${JSON.stringify(of)}`);
  }
  for (const { because } of impossible.filter((entry) => !used.has(entry))) {
    problems.push(`a reason that excludes no cell: ${because}`);
  }
  return { covered, impossible: excluded, problems };
};
