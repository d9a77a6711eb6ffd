import { suite } from "uvu";
import * as assert from "uvu/assert";
import { canonicalQuantity } from "../../../../adapters/apiserver/kinds/quantities.ts";

const test = suite("canonical quantities");

// what the real API server makes of them as the capacity of a node
const table: Readonly<Record<string, string | undefined>> = {
  "1": "1",
  "1000m": "1",
  "1500m": "1500m",
  "0.5": "500m",
  "0.0001": "1m",
  "-0.0001": "-1m",
  "1000": "1k",
  "100000k": "100M",
  "1024": "1024",
  "1024Ki": "1Mi",
  "1.5Gi": "1536Mi",
  "0.1Ki": "102400m",
  "0.5Ki": "512",
  "1000Ki": "1000Ki",
  "8192Mi": "8Gi",
  "1e3": "1e3",
  "15e2": "1500",
  "1500000e0": "1500e3",
  "-5": "-5",
  "-2048Mi": "-2Gi",
  "0": "0",
  "0Gi": "0",
  "": undefined,
  "abc": undefined,
  "1 Gi": undefined,
  "1KiB": undefined,
};

for (const [text, canonical] of Object.entries(table)) {
  test(`${JSON.stringify(text)} is ${canonical ?? "none"}`, () => {
    assert.is(canonicalQuantity(text), canonical);
  });
}

test("numbers are quantities, other JSON is none", () => {
  assert.is(canonicalQuantity(4), "4");
  assert.is(canonicalQuantity(0.5), "500m");
  for (const json of [null, true, [], {}]) assert.is(canonicalQuantity(json), undefined);
});

test.run();
