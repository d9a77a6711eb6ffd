import { createPatch } from "rfc6902";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ApiObject, Json, JsonObject } from "../../../adapters/apiserver/object.ts";
import { filled } from "../../../adapters/apiserver/kinds/filled.ts";
import { kinds } from "../../../adapters/apiserver/kinds/kinds.ts";
import { pod } from "../../../adapters/apiserver/kinds/pod.ts";
import { serverSideApply } from "../../../adapters/apiserver/patch/apply.ts";
import { compare } from "../../../adapters/apiserver/patch/comparison.ts";
import {
  difference,
  type FieldSet,
  intersection,
  isEmpty,
  justHere,
  sameSet,
  setOf,
  union,
} from "../../../adapters/apiserver/patch/field_set.ts";
import { fromFieldsV1, toFieldsV1 } from "../../../adapters/apiserver/patch/fields_v1.ts";
import { jsonPatched } from "../../../adapters/apiserver/patch/json_patch.ts";
import { recordUpdate } from "../../../adapters/apiserver/patch/managed_fields.ts";
import { merged } from "../../../adapters/apiserver/patch/merged.ts";
import { mergePatched } from "../../../adapters/apiserver/patch/merge_patch.ts";
import { ownedType } from "../../../adapters/apiserver/patch/ownership.ts";
import { applyPatch, patchedObject } from "../../../adapters/apiserver/patch/patch.ts";
import { strategicPatched } from "../../../adapters/apiserver/patch/strategic_patch.ts";
import { sameJson } from "../../../adapters/apiserver/same_json.ts";
import { checkFields } from "../../../adapters/apiserver/schema/check.ts";
import { structOf } from "../../../adapters/apiserver/schema/type_of.ts";
import fc from "../../tools/fast_check.ts";
import { freeze } from "../../tools/pods.ts";
import { objectsOf } from "../../tools/typed_objects.ts";

const test = suite("patches and applies");

const holds = <Values>(property: fc.IProperty<Values>): void => fc.assert(property);

const now = { mono: 0, wall: 0 } as never;

const pods = objectsOf("Pod").map((object) => freeze(object) as ApiObject);
const anyJson = fc.jsonValue({ maxDepth: 4 }).map((json) => freeze(json) as Json);
const type = ownedType(pod);

const checkedPod = (object: JsonObject): ApiObject => {
  const result: any = checkFields(pod, object, "Ignore");
  return freeze(result.right.object) as ApiObject;
};

const checkedPods = pods.map(checkedPod);

/** Only what can be owned through the object itself, and something that whoever applies it does own. */
const specs = objectsOf("Pod", ["metadata", "spec"]).map((object) => {
  const { labels = {}, finalizers = [], ownerReferences = [] } = object["metadata"] as JsonObject;
  const metadata = { name: "n", uid: "u", resourceVersion: "1", annotations: { o: "w" } };
  const { containers = [], ...rest } = (object["spec"] ?? {}) as JsonObject;
  // nobody owns an empty list, so it stays
  const spec = (containers as readonly Json[]).length === 0 ? rest : { ...rest, containers };
  return checkedPod({ ...object, spec, metadata: { ...metadata, labels, finalizers, ownerReferences } });
});

test("a check says something about any JSON and any kind, and reads only", () => {
  holds(
    fc.property(
      fc.constantFrom(...kinds),
      anyJson,
      fc.constantFrom("Strict", "Warn", "Ignore"),
      (kind, json, mode) => {
        const text = JSON.stringify(json);
        assert.match(checkFields(kind, json, mode as never, text)._tag, /^(Left|Right)$/);
      },
    ),
  );
});

test("what was checked is right, and stays as it is when it is checked again", () => {
  holds(fc.property(pods, (object) => {
    const first: any = checkFields(pod, object, "Strict", JSON.stringify(object));
    assert.is(first._tag, "Right", first.left?.message);
    const again: any = checkFields(pod, freeze(first.right.object), "Strict");
    assert.equal(again.right.object, first.right.object);
  }));
});

test("a patch says something about any JSON, and reads only", () => {
  const types = ["json", "merge", "strategic-merge"].map((each) => `application/${each}-patch+json`);
  holds(fc.property(fc.constantFrom(...types), pods, anyJson, (contentType, current, patch) => {
    const text = JSON.stringify(patch);
    assert.match(
      patchedObject({ kind: pod, contentType, current, patch, text, mode: "Warn" })._tag,
      /^(Left|Right)$/,
    );
  }));
});

test("the operations from one document to another lead there", () => {
  holds(fc.property(anyJson, anyJson, (a, b) => {
    const operations = freeze(createPatch(a, b)) as unknown as Json[];
    const result: any = jsonPatched(a, operations);
    assert.ok(result._tag === "Right" && sameJson(result.right, b), JSON.stringify(operations));
  }));
});

test("a merge patch leaves what it says, once and twice", () => {
  holds(fc.property(anyJson, anyJson, (document, patch) => {
    const once = freeze(mergePatched(document, patch)) as Json;
    assert.equal(mergePatched(once, patch), once);
  }));
});

test("a strategic merge patch twice is the same as once", () => {
  holds(fc.property(checkedPods, checkedPods, (object, patch) => {
    const once: any = strategicPatched(type, object, patch);
    assert.is(once._tag, "Right", once.left?.message);
    const twice: any = strategicPatched(type, freeze(once.right), patch);
    assert.equal(twice.right, once.right);
  }));
});

test("an object is its own patch", () => {
  holds(fc.property(checkedPods, (object) => {
    const types = ["application/merge-patch+json", "application/strategic-merge-patch+json"];
    for (const each of types) assert.equal((applyPatch(pod, each, object, object) as any).right, object);
    assert.equal(merged(type, object, object), object);
  }));
});

const sets: fc.Arbitrary<FieldSet> = fc.letrec<{ set: FieldSet }>((tie) => ({
  set: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(justHere),
    fc.tuple(
      fc.boolean(),
      fc.dictionary(fc.constantFrom("f:a", "f:b", 'v:"x"', 'k:{"n":1}'), tie("set"), { maxKeys: 3 }),
    )
      .map(([member, children]) => setOf(member, Object.entries(children))),
  ),
})).set;

test("sets of fields are sets", () => {
  holds(fc.property(sets, sets, (a, b) => {
    assert.ok(sameSet(union(a, b), union(b, a)));
    assert.ok(sameSet(intersection(a, b), intersection(b, a)));
    assert.ok(sameSet(union(difference(a, b), intersection(a, b)), a));
    assert.ok(isEmpty(intersection(difference(a, b), b)));
    assert.ok(isEmpty(difference(a, union(a, b))));
  }));
});

test("sets of fields are written and read", () => {
  holds(fc.property(sets, (set) => {
    const json = toFieldsV1(set);
    const read = fromFieldsV1(JSON.parse(JSON.stringify(json)));
    // the whole object cannot be told from nothing: nobody owns it
    if (set.children.size > 0) assert.ok(read !== undefined && sameSet(read, set));
  }));
});

test("what is compared with itself is the same, and with another one all differences are told", () => {
  holds(fc.property(checkedPods, checkedPods, (a, b) => {
    const copy = JSON.parse(JSON.stringify(a));
    const none = compare(type, a, copy);
    assert.ok([none.added, none.modified, none.removed].every(isEmpty));
    const { added, modified, removed } = compare(type, a, b);
    const isSame = [added, modified, removed].every(isEmpty);
    const struct = structOf(pod);
    assert.is(sameJson(filled(struct, a), filled(struct, b)), isSame);
    const back = compare(type, b, a);
    assert.ok(
      sameSet(back.added, removed) && sameSet(back.removed, added) && sameSet(back.modified, modified),
    );
  }));
});

const apply = (current: ApiObject | undefined, applied: JsonObject, manager: string, force = true): any => {
  const { metadata, ...rest } = applied;
  const { resourceVersion: _, uid: __, ...own } = metadata as JsonObject;
  return serverSideApply({
    kind: pod,
    current,
    applied: freeze({ ...rest, metadata: own }) as JsonObject,
    manager,
    force,
    subresource: "",
    now,
  });
};

test("an apply twice is the same as once, and everything that is applied is there", () => {
  holds(fc.property(specs, specs, (current, applied) => {
    const once = apply(current, applied, "m1");
    assert.is(once._tag, "Right", once.left?.message);
    const object = freeze(once.right) as ApiObject;
    assert.is(apply(object, applied, "m1").right, object);
    const { metadata: { resourceVersion: _, uid: __, ...metadata }, ...rest } = applied;
    const own = { ...rest, metadata };
    assert.ok(isEmpty(compare(type, object, merged(type, object, own)).modified));
  }));
});

test("who applies and then applies nothing leaves an object as it was", () => {
  holds(fc.property(specs, (applied) => {
    const bare = { apiVersion: "v1", kind: "Pod", metadata: { name: "n", uid: "u", resourceVersion: "1" } };
    const start = apply(undefined, bare, "m0").right;
    const made = freeze(
      apply(freeze({ ...start, metadata: { ...start.metadata, uid: "u" } }) as ApiObject, applied, "m1")
        .right,
    ) as ApiObject;
    const { metadata: { managedFields: _, ...metadata }, ...rest } = apply(made, bare, "m1").right;
    assert.equal({ ...checkedPod({ ...rest, metadata }) }, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "n", uid: "u" },
    });
  }));
});

test("without force nothing that another owns gets another value", () => {
  holds(fc.property(specs, specs, (first, second) => {
    const made = freeze(apply(undefined, first, "m1").right) as ApiObject;
    const result = apply(made, second, "m2", false);
    if (result._tag === "Left") {
      assert.is(result.left.code, 409);
      return;
    }
    const again = apply(freeze(result.right) as ApiObject, first, "m1", false);
    assert.is(again._tag, "Right", again.left?.message);
    // the order may be another: nobody owns it
    const { added, modified, removed } = compare(type, result.right, again.right);
    assert.ok([added, modified, removed].every(isEmpty));
  }));
});

test("an update is owned by who made it, and by nobody else", () => {
  holds(fc.property(specs, specs, (first, second) => {
    const record = (before: ApiObject | undefined, after: ApiObject, manager: string): ApiObject =>
      freeze(recordUpdate({ before, after, manager, subresource: "", kind: pod, now })) as ApiObject;
    const made = record(undefined, first, "m1");
    const after = record(
      made,
      {
        ...second,
        metadata: { ...second.metadata, managedFields: made.metadata.managedFields },
      } as ApiObject,
      "m2",
    );
    const fields = (object: ApiObject, manager: string): FieldSet => {
      const entry = (object.metadata.managedFields ?? []).find((each) => each["manager"] === manager);
      return fromFieldsV1(entry?.["fieldsV1"] ?? {}) ?? justHere;
    };
    assert.ok(isEmpty(difference(fields(after, "m1"), fields(made, "m1"))));
    assert.ok(isEmpty(intersection(fields(after, "m1"), fields(after, "m2"))));
  }));
});

test.run();
