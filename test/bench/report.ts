// What was measured, beside what is to be held. `ok` and `MISSED` are for people: the load of the machine moves both.

export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly holds: boolean;
}

/** `measured` is to be no more than `limit`. */
export const atMost = (what: string, measured: number, limit: number, unit: string): Row => ({
  what,
  measured: `${measured.toFixed(2)}${unit}`,
  target: `<= ${limit}${unit}`,
  holds: measured <= limit,
});

/** `measured` is to be no less than `limit`. */
export const atLeast = (what: string, measured: number, limit: number, unit: string): Row => ({
  what,
  measured: `${measured.toFixed(2)}${unit}`,
  target: `>= ${limit}${unit}`,
  holds: measured >= limit,
});

export const exactly = (what: string, measured: string, target: string): Row => ({
  what,
  measured,
  target,
  holds: measured === target,
});

const print = (line: string): void => console.log(line.trimEnd());

export const printRow = ({ what, measured, target, holds }: Row): void =>
  print(`  ${what.padEnd(66)} ${measured.padStart(12)}  ${target.padEnd(12)} ${holds ? "ok" : "MISSED"}`);

export const title = (text: string): void => print(`\n${text}`);

/** A line that is there to be known, and that nothing is asked of. */
export const note = (text: string): void => print(`  ${text}`);

/** Rows of equal columns, the first one to the left. */
export const table = (rows: readonly (readonly string[])[]): void => {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0)
    );
    print(`  ${cells.join("  ")}`);
  }
};
