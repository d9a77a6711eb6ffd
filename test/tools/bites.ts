import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Check } from "../contract/check.ts";

/** Ways to be wrong by what is wrong, and those by the check that is to notice. */
export type Bad<Change> = Readonly<Record<string, Readonly<Record<string, Change>>>>;

/** Would a contract notice? Each check is run on what it is to refuse, and there is such a thing for every check. */
export const runBites = <Change>(
  name: string,
  bad: Bad<Change>,
  checksOf: (change: Change | undefined) => readonly Check[],
): void => {
  const test = suite(name);
  for (const [check, changes] of Object.entries(bad)) {
    for (const [what, change] of Object.entries(changes)) {
      test(`${check}: it ${what}`, async () => {
        const found = checksOf(change).find((each) => each.name === check);
        assert.ok(found !== undefined, `there is no check "${check}"`);
        let noticed: unknown;
        await found.run().catch((error) => noticed = error);
        assert.instance(noticed, Error, "nothing is noticed");
      });
    }
  }
  test("every check notices something", () => {
    assert.equal(
      checksOf(undefined).map((check) => check.name).filter((each) => bad[each] === undefined),
      [],
    );
  });
  test.run();
};
