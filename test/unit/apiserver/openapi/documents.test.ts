import { suite } from "uvu";
import * as assert from "uvu/assert";
import { absentKinds } from "../../../../adapters/apiserver/discovery/absent.ts";
import { kinds } from "../../../../adapters/apiserver/kinds/kinds.ts";
import { openapiAnswer } from "../../../../adapters/apiserver/openapi/documents.ts";
import { wordsText } from "../../../../adapters/apiserver/openapi/words.ts";
import { structs } from "../../../../adapters/apiserver/schema/types.ts";

const test = suite("OpenAPI documents");

const index: any = openapiAnswer("/openapi/v3");

const documents: readonly any[] = Object.keys(index.paths).map((path) =>
  openapiAnswer(`/openapi/v3/${path}`)
);

test("the index names a document for each group", () => {
  assert.match(index.paths["api/v1"].serverRelativeURL, /^\/openapi\/v3\/api\/v1\?hash=[0-9A-F]{8}$/);
  assert.ok("apis/coordination.k8s.io/v1" in index.paths);
  assert.is(openapiAnswer("/openapi/v3/apis/example.com/v1"), undefined);
  assert.is(openapiAnswer("/openapi"), undefined);
});

test("every kind that can be patched says with what, and that its fields can be validated", () => {
  const patched = documents.flatMap(({ paths }) =>
    Object.values<any>(paths).flatMap(({ patch }) => patch ?? [])
  );
  const told = patched.map((patch) => {
    const { group, version, kind } = patch["x-kubernetes-group-version-kind"];
    assert.ok(patch.parameters.some((each: any) => each.name === "fieldValidation" && each.in === "query"));
    assert.ok("application/strategic-merge-patch+json" in patch.requestBody.content);
    return `${group}/${version} ${kind}`;
  });
  const expected = kinds.filter(({ verbs }) => verbs.includes("patch"))
    .map(({ group, version, kind }) => `${group}/${version} ${kind}`);
  // those that are only named, so that a person is told why they are not served, say so too
  const named = absentKinds.map(({ group, version, kind }) => `${group}/${version} ${kind}`);
  assert.equal([...told].sort(), [...expected, ...named].sort());
});

test("every reference leads somewhere", () => {
  for (const { components: { schemas } } of documents) {
    for (const [, name] of JSON.stringify(schemas).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      assert.ok(schemas[name as string], name);
    }
  }
});

test("a pod's lists say how they merge", () => {
  const { properties } = documents[0].components.schemas["io.k8s.api.core.v1.PodSpec"];
  const { type, items, description, ...topology } = properties.containers;
  assert.equal([type, typeof description, items], ["array", "string", {
    allOf: [{ $ref: "#/components/schemas/io.k8s.api.core.v1.Container" }],
  }]);
  assert.equal(topology, {
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["name"],
    "x-kubernetes-patch-merge-key": "name",
    "x-kubernetes-patch-strategy": "merge",
  });
});

test("words are about what there is, and everything of a pod to its second level has some", () => {
  const names = new Set(wordsText.trim().split("\n").map((line) => line.slice(0, line.indexOf(" "))));
  for (const name of names) {
    const [group, kind, field] = name.split(".");
    const struct = structs.get(`${group}.${kind}`);
    assert.ok(struct && (field === undefined || struct.fields.has(field)), name);
  }
  for (const struct of ["core.Pod", "core.PodSpec", "core.PodStatus", "core.Container", "meta.ObjectMeta"]) {
    for (const field of structs.get(struct)?.fields.keys() ?? []) {
      assert.ok(names.has(`${struct}.${field}`), `${struct}.${field}`);
    }
  }
});

test.run();
