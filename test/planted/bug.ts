/** One place of the code, changed. */
export interface Edit {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A mistake that somebody could make, and how soon it has to be found out. */
export interface PlantedBug {
  readonly name: string;
  /** What goes wrong with it. */
  readonly why: string;
  readonly edits: readonly Edit[];
  /** The tables and properties that fail with it, as files of tests. */
  readonly caughtBy: readonly string[];
  /** One of so many seeds of the simulation fails with it, the first of them being 1. */
  readonly withinSeeds: number;
}

/** What must be renewed because the code has changed: every edit whose place is not there, or not there once. */
export const outdated = (
  { name, edits }: PlantedBug,
  readFile: (file: string) => string,
): readonly string[] =>
  edits.flatMap(({ file, find }) => {
    const times = readFile(file).split(find).length - 1;
    return times === 1
      ? []
      : [`renew the planted bug "${name}": in ${file} its place stands ${times} times, not once:\n${find}`];
  });

/** The text of a file with the edits that concern it. */
export const edited = (file: string, text: string, edits: readonly Edit[]): string =>
  edits.filter((edit) => edit.file === file).reduce(
    (now, { find, replace }) => now.replace(find, () => replace),
    text,
  );
