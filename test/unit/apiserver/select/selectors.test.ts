import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { configMap } from "../../../../adapters/apiserver/kinds/config_map.ts";
import { parseFieldSelector } from "../../../../adapters/apiserver/select/field_selector.ts";
import {
  type LabelRequirement,
  parseLabelSelector,
  selectsLabels,
} from "../../../../adapters/apiserver/select/label_selector.ts";
import { selectionOf, selects } from "../../../../adapters/apiserver/select/select.ts";
import fc from "../../../tools/fast_check.ts";

const test = suite("selectors");

const word = fc.stringMatching(/^[a-z0-9]([-a-z0-9_.]{0,8}[a-z0-9])?$/);
const key = fc.oneof(
  word,
  fc.tuple(fc.stringMatching(/^[a-z]{1,5}\.io$/), word).map((parts) => parts.join("/")),
);

const requirement: fc.Arbitrary<LabelRequirement> = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom("in" as const, "notin" as const),
    values: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }).map((values) => values.sort()),
  }, { noNullPrototype: true }),
  fc.record({
    key,
    operator: fc.constantFrom("exists" as const, "absent" as const),
    values: fc.constant([] as readonly string[]),
  }, { noNullPrototype: true }),
  fc.record({
    key,
    operator: fc.constantFrom("gt" as const, "lt" as const),
    values: fc.nat(99).map((value) => [`${value}`]),
  }, { noNullPrototype: true }),
);

const spaces = fc.constantFrom("", " ", "\t");

const textOf = ({ key, operator, values }: LabelRequirement, space: string): string => {
  const several = `${space}(${values.join(`${space},`)}${space})`;
  switch (operator) {
    case "exists":
      return key;
    case "absent":
      return `!${space}${key}`;
    case "gt":
      return `${key}${space}>${space}${values[0]}`;
    case "lt":
      return `${key}${space}<${space}${values[0]}`;
    case "in":
      return values.length === 1 ? `${key}${space}=${space}${values[0]}` : `${key} in${several}`;
    case "notin":
      return values.length === 1 ? `${key}${space}!=${space}${values[0]}` : `${key} notin ${several}`;
  }
};

test("a label selector that is written is read", () => {
  fc.assert(fc.property(fc.array(requirement, { maxLength: 4 }), spaces, (requirements, space) => {
    const text = requirements.map((each) => textOf(each, space)).join(`${space},${space}`);
    assert.equal(parseLabelSelector(text), E.right(requirements), text);
  }));
});

test("any text is a selector or a fault that says something", () => {
  const near = fc.array(fc.constantFrom(..."ab=!<>(),\\ ".split(""), "in", "notin", " ")).map((parts) =>
    parts.join("")
  );
  fc.assert(fc.property(fc.oneof(fc.string(), near), (text) => {
    for (const parse of [parseLabelSelector, parseFieldSelector]) {
      const parsed = parse(text);
      if (E.isLeft(parsed)) assert.ok(parsed.left.length > 5);
    }
  }));
});

test("a term and its opposite divide all labels", () => {
  const opposite = { in: "notin", notin: "in", exists: "absent", absent: "exists" } as const;
  const labels = fc.dictionary(fc.constantFrom("a", "b", "constructor"), fc.constantFrom("1", "2", "x"));
  const term = fc.record({
    key: fc.constantFrom("a", "b", "constructor", "toString"),
    operator: fc.constantFrom("in" as const, "notin" as const, "exists" as const, "absent" as const),
    values: fc.constantFrom(["1"], ["1", "x"]),
  });
  fc.assert(fc.property(term, labels, (one, given) => {
    const other = { ...one, operator: opposite[one.operator] };
    assert.is.not(selectsLabels([one], given), selectsLabels([other], given));
  }));
});

test("numbers are compared as numbers, and what is none is not selected", () => {
  const of = (text: string, value: string): boolean => {
    const parsed = parseLabelSelector(text);
    return E.isRight(parsed) && selectsLabels(parsed.right, { a: value });
  };
  assert.ok(of("a>9", "10"));
  assert.ok(of("a<10", "9"));
  assert.ok(of("a>-5", "0") === false, "a label value does not begin with a sign");
  assert.not.ok(of("a>9", "x"));
  assert.not.ok(of("a>9", "9"));
});

test("fields: escapes, and what is asked of all of them", () => {
  assert.equal(
    parseFieldSelector("a=b\\,c\\=d\\\\,e!=f,,g==h"),
    E.right([
      { field: "a", operator: "=", value: "b,c=d\\" },
      { field: "e", operator: "!=", value: "f" },
      { field: "g", operator: "=", value: "h" },
    ]),
  );
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: "n", uid: "u", resourceVersion: "1", creationTimestamp: "" },
  };
  const of = (fields: string, labels = ""): boolean | string => {
    const selection = selectionOf(configMap, labels, fields);
    return E.isLeft(selection) ? selection.left.message : selects(configMap, selection.right, object);
  };
  assert.is(of("metadata.name=a,metadata.namespace=n"), true);
  assert.is(of("metadata.name=a,metadata.namespace!=n"), false);
  assert.is(of("metadata.name=a", "x"), false);
  assert.is(of("metadata.name=a", "!x"), true);
  assert.match(`${of("toString=a")}`, /^"toString" is not a known field selector/);
});

test.run();
