import { suite } from "uvu";
import * as assert from "uvu/assert";
import { jsonPatched } from "../../../../adapters/apiserver/patch/json_patch.ts";
import { freeze } from "../../../tools/pods.ts";

const test = suite("JSON patch");

const applied = (document: unknown, operations: unknown): any =>
  jsonPatched(freeze(document) as never, freeze(operations) as never);

/** Document, operations, what comes of them; nothing when they cannot be done. Most are RFC 6902's own examples. */
const rows: readonly (readonly [unknown, readonly unknown[], unknown])[] = [
  [{ foo: "bar" }, [{ op: "add", path: "/baz", value: "qux" }], { foo: "bar", baz: "qux" }],
  [{ foo: ["bar", "baz"] }, [{ op: "add", path: "/foo/1", value: "qux" }], { foo: ["bar", "qux", "baz"] }],
  [{ baz: "qux", foo: "bar" }, [{ op: "remove", path: "/baz" }], { foo: "bar" }],
  [{ foo: ["bar", "qux", "baz"] }, [{ op: "remove", path: "/foo/1" }], { foo: ["bar", "baz"] }],
  [{ baz: "qux" }, [{ op: "replace", path: "/baz", value: "boo" }], { baz: "boo" }],
  [
    { foo: { bar: "baz", waldo: "fred" }, qux: { corge: "grault" } },
    [{ op: "move", from: "/foo/waldo", path: "/qux/thud" }],
    { foo: { bar: "baz" }, qux: { corge: "grault", thud: "fred" } },
  ],
  [{ foo: ["all", "grass", "cows", "eat"] }, [{ op: "move", from: "/foo/1", path: "/foo/3" }], {
    foo: ["all", "cows", "eat", "grass"],
  }],
  [{ baz: "qux", foo: ["a", 2] }, [{ op: "test", path: "/baz", value: "qux" }, {
    op: "test",
    path: "/foo/1",
    value: 2,
  }], { baz: "qux", foo: ["a", 2] }],
  [{ baz: "qux" }, [{ op: "test", path: "/baz", value: "bar" }], undefined],
  [{ foo: "bar" }, [{ op: "add", path: "/child", value: { grandchild: {} } }], {
    foo: "bar",
    child: { grandchild: {} },
  }],
  [{ foo: "bar" }, [{ op: "add", path: "/baz/bat", value: "qux" }], undefined],
  [{ "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: 10 }], { "/": 9, "~1": 10 }],
  [{ "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: "10" }], undefined],
  [{ foo: ["bar"] }, [{ op: "add", path: "/foo/-", value: ["abc", "def"] }], {
    foo: ["bar", ["abc", "def"]],
  }],
  [{ foo: ["bar"] }, [{ op: "add", path: "/foo/2", value: 1 }], undefined],
  [{ foo: ["bar"] }, [{ op: "add", path: "/foo/x", value: 1 }], undefined],
  [{ foo: ["a", "b"] }, [{ op: "remove", path: "/foo/-1" }], { foo: ["a"] }],
  [{ foo: 1 }, [{ op: "replace", path: "", value: { bar: 2 } }], { bar: 2 }],
  [{ foo: 1 }, [{ op: "copy", from: "", path: "/bar" }], { foo: 1, bar: { foo: 1 } }],
  [{ foo: 1 }, [{ op: "move", from: "/foo", path: "/foo" }], { foo: 1 }],
  [{ foo: { a: 1 } }, [{ op: "move", from: "/foo", path: "/foo/b" }], undefined],
  [{ foo: 1 }, [{ op: "remove", path: "/toString" }], undefined],
  [{ foo: 1 }, ["x"], undefined],
  [{ foo: 1 }, [], { foo: 1 }],
];

test("what operations make of a document", () => {
  for (const [document, operations, expected] of rows) {
    const result = applied(document, operations);
    if (expected === undefined) assert.is(result._tag, "Left", JSON.stringify(operations));
    else assert.equal(result.right, expected, JSON.stringify(operations));
  }
});

test("a name that means something to JavaScript is a name", () => {
  const { right } = applied({}, [{ op: "add", path: "/__proto__", value: { polluted: true } }]);
  assert.is(JSON.stringify(right), '{"__proto__":{"polluted":true}}');
  assert.is(({} as any).polluted, undefined);
});

test("copies of copies have an end", () => {
  const operations = Array.from({ length: 64 }, (_, index) => ({ op: "copy", from: "", path: `/a${index}` }));
  assert.is(applied({ a: "x".repeat(100) }, operations)._tag, "Left");
});

test.run();
