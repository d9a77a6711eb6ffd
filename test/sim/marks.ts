import { unreachable } from "./unreachable.ts";
import { allMarks, type Mark } from "./mark_list.ts";

/** What was reached at least once: a mark that no seed hits shows that a test tests nothing. */
export interface Marks {
  hit(mark: Mark): void;
  readonly all: ReadonlyMap<string, number>;
}

export const makeMarks = (): Marks => {
  const all = new Map<string, number>();
  return { all, hit: (mark) => void all.set(mark, (all.get(mark) ?? 0) + 1) };
};

/** So many seeds hit every mark: the rarest is hit by about one in a hundred. */
export const seedsForMarks = 1_000;

/** The marks that none of some seeds has hit, but for those that cannot be hit. */
export const unhit = (hit: ReadonlyMap<string, number>): readonly Mark[] =>
  allMarks.filter((mark) => !hit.has(mark) && unreachable[mark] === undefined);

/** Marks that were said to be out of reach, and were reached: their reason is wrong. */
export const wronglyUnreachable = (hit: ReadonlyMap<string, number>): readonly string[] =>
  Object.keys(unreachable).filter((mark) => hit.has(mark));
