import { suite } from "uvu";
import * as assert from "uvu/assert";
import { filesUnder, readText } from "../tools/files.ts";
import { unrunSuites } from "../tools/suites.ts";

const test = suite("every suite is run");

const isFixture = (path: string): boolean => path.startsWith("test/tools/fixtures/");

for (const path of filesUnder("test").filter((path) => path.endsWith(".ts") && !isFixture(path))) {
  const text = readText(path);
  if (text.includes(`from "uvu"`)) test(path, () => assert.equal(unrunSuites(text), []));
}

const uvu = `import { suite } from "uvu";`;

test("finds what is forgotten, and what was left narrowed", () => {
  assert.equal(unrunSuites(`${uvu} const a = suite("a"); a("x", f); a.run();`), []);
  assert.equal(unrunSuites(`${uvu} const a = suite("a"), b = suite("b"); a.run();`), ["1: b is never run"]);
  assert.equal(unrunSuites(`${uvu} export const f = () => { const a = suite<C>("a"); a("x", f); };`), [
    "1: a is never run",
  ]);
  assert.equal(unrunSuites(`${uvu} const a = suite("a"); a.only("x", f); a.run();`), [
    "1: a.only hides the others",
  ]);
  assert.equal(unrunSuites(`import { test } from "uvu"; test("x", f);`), ["1: test is never run"]);
});

test.run();
