import { suite } from "uvu";
import * as assert from "uvu/assert";
import { expand, expandWithin } from "../../../core/pod/expand.ts";

const test = suite("$(VAR) expansion");

const variables: Readonly<Record<string, string>> = {
  VAR_A: "A",
  VAR_B: "B",
  VAR_C: "C",
  VAR_REF: "$(VAR_A)",
  VAR_EMPTY: "",
};

const lookup = (name: string): string | undefined =>
  Object.hasOwn(variables, name) ? variables[name] : undefined;

/** Text, and what it becomes (absent: stays). */
const rows: readonly (readonly [text: string, expanded?: string])[] = [
  ["$(VAR_A)", "A"],
  ["$(VAR_A)-1", "A-1"],
  ["$(VAR_A)-$(VAR_A)", "A-A"],
  ["___$(VAR_B)___", "___B___"],
  ["___$(VAR_C)", "___C"],
  ["$(VAR_A)_$(VAR_B)_$(VAR_C)", "A_B_C"],
  ["$$(VAR_B)_$(VAR_A)", "$(VAR_B)_A"],
  ["$$(VAR_A)_$$(VAR_B)", "$(VAR_A)_$(VAR_B)"],
  ["f000-$$VAR_A", "f000-$VAR_A"],
  ["foo\\$(VAR_C)bar", "foo\\Cbar"],
  ["foo\\\\$(VAR_C)bar", "foo\\\\Cbar"],
  ["foo\\\\\\\\$(VAR_A)bar", "foo\\\\\\\\Abar"],
  ["$(VAR_A$(VAR_B))"],
  ["$(VAR_A$(VAR_B)"],
  ["$(VAR_REF)", "$(VAR_A)"],
  ["%%$(VAR_REF)--$(VAR_REF)%%", "%%$(VAR_A)--$(VAR_A)%%"],
  ["foo$(VAR_EMPTY)bar", "foobar"],
  ["foo$(VAR_Awhoops!"],
  ["f00__(VAR_A)__"],
  ["$?_boo_$!"],
  ["$VAR_A"],
  ["$(VAR_DNE)"],
  ["$$$$$$(BIG_MONEY)", "$$$(BIG_MONEY)"],
  ["$$$$$$(VAR_A)", "$$$(VAR_A)"],
  ["$$$$$$$(GOOD_ODDS)", "$$$$(GOOD_ODDS)"],
  ["$$$$$$$(VAR_A)", "$$$A"],
  ["$VAR_A)"],
  ["${VAR_A}"],
  ["$(VAR_B)_______$(A", "B_______$(A"],
  ["$(VAR_C)_______$(", "C_______$("],
  ["$(VAR_A)foobarzab$", "Afoobarzab$"],
  ["foo-\\$(VAR_A"],
  ["--$($($($($--"],
  ["$($($($($--foo$("],
  ["foo0--$($($($("],
  ["$(foo$$var)"],
  ["\n"],
  // beyond the table of the reference
  [""],
  ["$()"],
  ["$($$", "$($"],
  ["$(no) $(VAR_A) $(", "$(no) A $("],
  ["$é$(VAR_A)$€", "$éA$€"],
  ["$😀 $(VAR_A😀) $(VAR_B)", "$😀 $(VAR_A😀) B"],
  ["$(VAR\nA)"],
  ["$(constructor)$(__proto__)"],
];

for (const [text, expanded] of rows) {
  test(JSON.stringify(text), () => assert.is(expand(text, lookup), expanded ?? text));
}

test("a result beyond the limit is not made", () => {
  assert.is(expandWithin("$(VAR_A)b$$", lookup, 3), "Ab$");
  assert.is(expandWithin("$(VAR_A)b$$", lookup, 2), undefined);
  assert.is(expandWithin("abc", lookup, 2), undefined);
  assert.is(expandWithin("", lookup, 0), "");
});

test("hundreds of thousands of unclosed references are looked at once", () => {
  const text = "$(".repeat(400_000);
  assert.is(expand(text, lookup), text);
});

test.run();
