/** Something that needs lines: no fewer than `least`, no more than `most`. */
export interface Need {
  readonly least: number;
  readonly most: number;
  /** It has no use for fewer than so many, when it gets any. */
  readonly first?: number;
}

/** Shares lines out: to each its least, then in turns, as long as there are any. */
export const share = (lines: number, needs: readonly Need[]): readonly number[] => {
  const given = needs.map(({ least }) => least);
  let left = lines - given.reduce((sum, each) => sum + each, 0);
  for (let before = Infinity; left > 0 && left < before;) {
    before = left;
    needs.forEach(({ most, first = 1 }, at) => {
      const has = given[at] ?? 0;
      const more = has === 0 ? first : 1;
      if (left < more || has + more > most) return;
      given[at] = has + more;
      left -= more;
    });
  }
  return given;
};
