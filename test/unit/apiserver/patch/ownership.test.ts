import { suite } from "uvu";
import * as assert from "uvu/assert";
import { serverSideApply } from "../../../../adapters/apiserver/patch/apply.ts";
import { appliedBody } from "../../../../adapters/apiserver/patch/applied_body.ts";
import { fromFieldsV1, pathText, toFieldsV1 } from "../../../../adapters/apiserver/patch/fields_v1.ts";
import { pathsOf } from "../../../../adapters/apiserver/patch/field_set.ts";
import { recordUpdate } from "../../../../adapters/apiserver/patch/managed_fields.ts";
import { node } from "../../../../adapters/apiserver/kinds/node.ts";
import { pod } from "../../../../adapters/apiserver/kinds/pod.ts";
import { freeze } from "../../../tools/pods.ts";

const test = suite("who owns which fields");

const at = (seconds: number) => ({ mono: seconds * 1000, wall: seconds * 1000 }) as never;

const object = (fields: object, metadata: object = {}): any =>
  freeze({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", uid: "u", resourceVersion: "1", ...metadata },
    ...fields,
  });

const updated = (before: any, after: any, manager: string, subresource = "", seconds = 1): any =>
  recordUpdate({ before, after, manager, subresource, kind: pod, now: at(seconds) });

const owners = ({ metadata: { managedFields = [] } }: any): readonly string[] =>
  managedFields.flatMap(({ manager, fieldsV1 }: any) =>
    pathsOf(fromFieldsV1(fieldsV1) as never).map((path) => `${manager} ${pathText(path)}`)
  );

test("fields of an entry are read and written", () => {
  const fields = {
    "f:metadata": { "f:labels": { ".": {}, "f:a": {} } },
    "f:spec": { "f:containers": { 'k:{"name":"c"}': { ".": {}, "f:image": {} } } },
    "f:finalizers": { 'v:"x"': {} },
  };
  const set = fromFieldsV1(fields);
  assert.equal(toFieldsV1(set as never), fields);
  assert.equal(pathsOf(set as never).map(pathText), [
    '.finalizers[="x"]',
    ".metadata.labels",
    ".metadata.labels.a",
    '.spec.containers[name="c"]',
    '.spec.containers[name="c"].image',
  ]);
});

test("what is no such fields is not read", () => {
  for (const fields of [null, [], "x", { bad: {} }, { "k:x": {} }, { "k:1": {} }, { "f:a": 1 }]) {
    assert.is(fromFieldsV1(fields as never), undefined, JSON.stringify(fields));
  }
});

test("a write of what is there already changes nothing", () => {
  const before = updated(undefined, object({ spec: { nodeName: "a" } }), "m1");
  const after = updated(before, object({ spec: { nodeName: "a" } }), "m2", "", 9);
  assert.equal(after, before);
});

test("who writes takes over, who removes leaves nothing", () => {
  const first = updated(undefined, object({ spec: { nodeName: "a", subdomain: "s" } }), "m1");
  assert.equal(owners(first), ["m1 .spec.nodeName", "m1 .spec.subdomain"]);
  const second = updated(first, object({ spec: { nodeName: "b", subdomain: "s" } }), "m2");
  assert.equal(owners(second), ["m1 .spec.subdomain", "m2 .spec.nodeName"]);
  const third = updated(second, object({ spec: { subdomain: "s" } }), "m3");
  assert.equal(owners(third), ["m1 .spec.subdomain"]);
});

test("parts of the object have owners by the way they are written", () => {
  const first = updated(undefined, object({ spec: { nodeName: "a" }, status: { phase: "Pending" } }), "m1");
  assert.equal(owners(first), ["m1 .spec.nodeName"]);
  const second = updated(
    first,
    object({ spec: { nodeName: "b" }, status: { phase: "Running" } }),
    "m1",
    "status",
  );
  assert.equal(owners(second), ["m1 .spec.nodeName", "m1 .status.phase"]);
  assert.equal(second.metadata.managedFields.map(({ subresource }: any) => subresource), [
    undefined,
    "status",
  ]);
});

test("what the server marks is nobody's", () => {
  const first = updated(
    undefined,
    object({}, { generation: 1, creationTimestamp: "2020-01-01T00:00:00Z" }),
    "m1",
  );
  assert.equal(owners(first), []);
});

test("a list of owners does not grow for ever", () => {
  let current = object({});
  for (let i = 0; i < 30; i++) {
    const labels = Object.fromEntries(Array.from({ length: i + 1 }, (_, index) => [`l${index}`, "x"]));
    const before = i === 0 ? undefined : current;
    current = updated(
      before,
      object({}, { labels, managedFields: current.metadata.managedFields }),
      `m${i}`,
      "",
      i,
    );
  }
  const managers = current.metadata.managedFields.map(({ manager }: any) => manager);
  assert.is(managers.length, 10);
  assert.ok(managers.includes("ancient-changes") && managers.includes("m29"));
  assert.is(owners(current).filter((text) => text.includes(".metadata.labels.")).length, 30);
});

const apply = (current: any, fields: object, manager: string, more: object = {}): any => {
  const applied = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, ...fields };
  return serverSideApply({
    kind: pod,
    current,
    applied,
    manager,
    force: false,
    subresource: "",
    now: at(1),
    ...more,
  });
};

test("what an applier leaves out goes, and what others have added to it stays", () => {
  const container = (fields: object) => ({ spec: { containers: [{ name: "c", ...fields }] } });
  const made = apply(undefined, container({ image: "i", tty: true }), "m1").right;
  const both = apply(freeze(made), container({ stdin: true }), "m2").right;
  assert.equal(both.spec.containers, [{ name: "c", image: "i", tty: true, stdin: true }]);
  const less = apply(freeze(both), container({ image: "i" }), "m1").right;
  assert.equal(less.spec.containers, [{ name: "c", image: "i", stdin: true }]);
  const none = apply(freeze(less), { spec: {} }, "m1").right;
  assert.equal(none.spec.containers, [{ name: "c", stdin: true }]);
  assert.equal(apply(freeze(none), { spec: {} }, "m2").right.spec?.containers, undefined);
});

test("what nobody owns stays when its surroundings go", () => {
  const current = object({ spec: { securityContext: { runAsUser: 1 } } }, { managedFields: [] });
  const made = apply(current, { spec: { securityContext: { runAsGroup: 2 } } }, "m1").right;
  const gone = apply(freeze(made), {}, "m1").right;
  assert.equal(gone.spec, { securityContext: { runAsUser: 1 } });
});

test("an apply that changes nothing is the object itself", () => {
  const made = freeze(apply(undefined, { spec: { nodeName: "a" } }, "m1").right) as any;
  assert.is(apply(made, { spec: { nodeName: "a" } }, "m1", { now: at(99) }).right, made);
});

test("a conflict names each owner and field", () => {
  const first = apply(undefined, { spec: { nodeName: "a", subdomain: "s" } }, "m1").right;
  const second = updated(
    first,
    object({ spec: { nodeName: "b", subdomain: "s" } }, { managedFields: undefined }),
    "m2",
  );
  const { left } = apply(second, { spec: { nodeName: "c", subdomain: "t" } }, "m3");
  assert.is(
    left.message,
    'Apply failed with 2 conflicts: conflicts with "m1":\n- .spec.subdomain\nconflicts with "m2" using v1:\n- .spec.nodeName',
  );
});

test("fields of another kind are refused", () => {
  assert.match(
    apply(undefined, { spec: { taints: [] } }, "m1").left.message,
    /\.spec\.taints: field not declared in schema$/,
  );
  assert.match(
    apply(undefined, { spec: { containers: {} } }, "m1").left.message,
    /\.spec\.containers: expected list, got /,
  );
  const kind = { kind: "Node", apiVersion: "v1" };
  assert.is(apply(undefined, kind, "m1", { kind: node }).left, undefined);
});

test("YAML that has a field twice is told where", () => {
  const text = "a: 1\nb:\n  c: 1\n  c: 2\n";
  const told: any = appliedBody(text, "Warn");
  assert.equal(told.right.warnings, ['line 4: key "c" already set in map']);
  assert.is((appliedBody(text, "Strict") as any).left.code, 400);
  assert.equal((appliedBody(text, "Ignore") as any).right.warnings, []);
  assert.equal((appliedBody('{"a":1,"a":2}', "Warn") as any).right.warnings, [
    'line 1: key "a" already set in map',
  ]);
});

test("an alias that stands for itself many times is refused", () => {
  const lines = [
    "a0: &a0 x",
    ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`),
  ];
  assert.is(appliedBody(lines.join("\n"), "Warn")._tag, "Left");
});

test.run();
