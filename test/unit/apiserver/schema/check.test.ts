import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkFields } from "../../../../adapters/apiserver/schema/check.ts";
import { duplicateFields } from "../../../../adapters/apiserver/schema/duplicates.ts";
import { timeText } from "../../../../adapters/apiserver/schema/times.ts";
import { structOf } from "../../../../adapters/apiserver/schema/type_of.ts";
import { type Struct, structs, type Type } from "../../../../adapters/apiserver/schema/types.ts";
import { kinds } from "../../../../adapters/apiserver/kinds/kinds.ts";

const test = suite("fields of kinds");

const pod = { group: "", version: "v1", kind: "Pod" };

const checked = (kind: string, body: unknown, text?: string): any =>
  checkFields({ ...pod, kind }, body, "Warn", text);

const typesIn = (type: Type): readonly Type[] =>
  type._tag === "List" || type._tag === "Map" ? [type, ...typesIn(type.item)] : [type];

const atoms = new Set("string bool int32 int64 float64 bytes time microtime quantity intstr json".split(" "));

test("every kind that is served is in the table", () => {
  for (const kind of kinds) assert.ok(structOf(kind), `${kind.group} ${kind.kind}`);
});

test("every line of the table is understood", () => {
  const isKnown = (struct: Struct): boolean => structs.get(struct.name) === struct;
  for (const struct of structs.values()) {
    assert.ok(
      struct.fields.size > 0 || /\.(EmptyDir|NodeSwap)/.test(struct.name) || struct.fields.size === 0,
    );
    for (const [name, field] of struct.fields) {
      assert.match(name, /^\w+$/, `${struct.name}.${name}`);
      for (const type of typesIn(field.type)) {
        if (type._tag === "Scalar") assert.ok(atoms.has(type.atom), `${struct.name}.${name}: ${type.atom}`);
        if (type._tag === "Struct") assert.ok(isKnown(type.struct), `${struct.name}.${name}`);
      }
    }
  }
});

test("what is known of a pod's fields", () => {
  const spec = structs.get("core.PodSpec"), container = structs.get("core.Container");
  const ports = container?.fields.get("ports");
  assert.equal(
    [ports?.merges, ports?.mergeKey, ports?.type._tag === "List" && ports.type.keys],
    [true, "containerPort", ["containerPort", "protocol"]],
  );
  assert.is(spec?.fields.get("volumes")?.retainsKeys, true);
  const selector = spec?.fields.get("nodeSelector")?.type;
  assert.ok(selector?._tag === "Map" && selector.atomic);
  const claim = structs.get("core.PersistentVolumeSpec")?.fields.get("claimRef")?.type;
  assert.ok(claim?._tag === "Struct" && !claim.atomic && claim.struct.atomic);
});

const kept: readonly (readonly [string, unknown, unknown])[] = [
  ["ConfigMap", { data: { a: null } }, { data: { a: "" } }],
  ["ConfigMap", { data: {}, binaryData: null, immutable: false }, { immutable: false }],
  [
    "ConfigMap",
    JSON.parse('{"data":{"__proto__":"1","toString":"2"}}'),
    JSON.parse('{"data":{"__proto__":"1","toString":"2"}}'),
  ],
  ["ConfigMap", JSON.parse('{"__proto__":{"data":{"a":"1"}}}'), {}],
  ["ConfigMap", { constructor: 1, toString: 2 }, {}],
  ["Pod", { spec: { hostNetwork: false, nodeName: "", priority: 0 } }, { spec: { priority: 0 } }],
  ["Pod", { spec: { containers: [null, { name: "" }] } }, { spec: { containers: [{}, { name: "" }] } }],
  ["Pod", { spec: { overhead: { cpu: 0.5, memory: "1024Ki" } } }, {
    spec: { overhead: { cpu: "500m", memory: "1Mi" } },
  }],
  ["Pod", null, {}],
  ["Pod", undefined, {}],
];

test("what is kept of a body", () => {
  for (const [kind, body, expected] of kept) {
    const result = checked(kind, body);
    assert.is(result._tag, "Right", JSON.stringify(result));
    assert.is(JSON.stringify(result.right.object), JSON.stringify(expected));
  }
});

test("a kind that is not in the table is left as it is", () => {
  assert.equal(checked("Unheard", { a: { b: null } }).right.object, { a: { b: null } });
});

const twice: readonly (readonly [string, readonly string[]])[] = [
  ["{}", []],
  ['{"a":1,"b":1}', []],
  ['{"a":1,"a":2,"a":3}', ["a"]],
  ['{"a":{"b":1},"c":{"b":1}}', []],
  ['{"a":[{"b":1},{"b":1,"b":2}]}', ["a[1].b"]],
  ['{"a":[[],[{"c":1,"c":1}]]}', ["a[1][0].c"]],
  ['{"a":"\\"b\\":1,\\"b\\":2"}', []],
  ['{"a":"}{","b":"][","a":1}', ["a"]],
  ['{"\\u0061":1,"a":2}', ["a"]],
  ['{ "a" : 1 , "a" : 2 }', ["a"]],
  ['{"a":{"x":1},"a":{"x":1}}', ["a"]],
];

test("fields that are there twice", () => {
  for (const [text, expected] of twice) assert.equal(duplicateFields(text), expected, text);
});

test("a text with what looks like a field in it has no field twice", () => {
  const text = JSON.stringify({ metadata: { annotations: { a: '{"x":1,"x":2}' } } });
  assert.equal(checked("ConfigMap", JSON.parse(text), text).right.warnings, []);
});

const times: readonly (readonly [string, 0 | 6, string | RegExp])[] = [
  ["2020-01-02T03:04:05Z", 0, "2020-01-02T03:04:05Z"],
  ["2020-01-02T03:04:05.999Z", 0, "2020-01-02T03:04:05Z"],
  ["2020-01-02T03:04:05+02:00", 0, "2020-01-02T01:04:05Z"],
  ["2020-01-02T03:04:05.123456Z", 6, "2020-01-02T03:04:05.123456Z"],
  ["2020-01-02", 0, /cannot parse "" as "T"$/],
  ["", 0, /cannot parse "" as "2006"$/],
  ["2020-01-02T03:04:05Zx", 0, /extra text: "x"$/],
  ["2020-13-02T03:04:05Z", 0, /day out of range$/],
];

test("times", () => {
  for (const [text, digits, expected] of times) {
    const result: any = timeText(text, digits);
    if (typeof expected === "string") assert.is(result.right, expected, text);
    else assert.match(result.left, expected);
  }
});

test("a body without end is refused or read, but never a crash", () => {
  const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
  const result = checked("ConfigMap", JSON.parse(deep), deep);
  assert.equal(result.right, { object: {}, warnings: ['unknown field "a"'] });
});

test.run();
