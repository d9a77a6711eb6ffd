import { suite } from "uvu";
import * as assert from "uvu/assert";
import { warningsOf } from "./field_validation.ts";
import type { Reply, Target } from "./target.ts";

const types = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
} as const;

type Type = keyof typeof types;

const rejected = "the server rejected our request due to an error in our request";

/** Operations on a ConfigMap with `data: {a: "1"}`, the label `l: "1"` and the finalizer `x.y/a`: what becomes of it. */
const operations: readonly (readonly [readonly object[], object])[] = [
  [[], { data: { a: "1" } }],
  [[{ op: "add", path: "/data/b", value: "2" }], { data: { a: "1", b: "2" } }],
  [[{ op: "add", path: "/data/a", value: "2" }], { data: { a: "2" } }],
  [[{ op: "replace", path: "/data", value: { c: "3" } }], { data: { c: "3" } }],
  // RFC 6902 would have a fault here; the API server adds
  [[{ op: "replace", path: "/data/b", value: "2" }], { data: { a: "1", b: "2" } }],
  [[{ op: "remove", path: "/data/a" }], {}],
  [[{ op: "move", from: "/data/a", path: "/data/b" }], { data: { b: "1" } }],
  [[{ op: "copy", from: "/data/a", path: "/data/b" }], { data: { a: "1", b: "1" } }],
  [[{ op: "test", path: "/data/a", value: "1" }, { op: "remove", path: "/data/a" }], {}],
  [[{ op: "test", path: "/metadata/labels", value: { l: "1" } }], { data: { a: "1" } }],
  [[{ op: "test", path: "/data/none", value: null }], { data: { a: "1" } }],
  [[{ op: "add", path: "/data/b" }], { data: { a: "1", b: "" } }],
  [[{ op: "add", path: "/metadata/finalizers/-", value: "x.y/b" }], {
    data: { a: "1" },
    finalizers: ["x.y/a", "x.y/b"],
  }],
  [[{ op: "add", path: "/metadata/finalizers/0", value: "x.y/b" }], {
    data: { a: "1" },
    finalizers: ["x.y/b", "x.y/a"],
  }],
  [[{ op: "remove", path: "/metadata/finalizers/0" }], { data: { a: "1" }, finalizers: undefined }],
];

const impossible: readonly (readonly object[])[] = [
  [{ op: "test", path: "/data/a", value: "2" }],
  [{ op: "remove", path: "/data/b" }],
  [{ op: "add", path: "/data/b/c", value: "1" }],
  [{ op: "add", path: "/binaryData/c", value: "1" }],
  [{ op: "frob", path: "/data/a", value: "1" }],
  [{ op: "add", value: "1" }],
  [{ path: "/data/a", value: "1" }],
  [{ op: "add", path: "data", value: {} }],
  [{ op: "move", from: "/data/b", path: "/data/c" }],
  [{ op: "add", path: "/metadata/finalizers/5", value: "x.y/b" }],
  [{ op: "replace", path: "/metadata/finalizers/1", value: "x.y/b" }],
  [{ op: "remove", path: "" }],
];

/** Patches of a pod's metadata: what it has, what is sent, what comes of it. */
const strategic: readonly (readonly [object, object, object])[] = [
  [{ labels: { a: "1" } }, { labels: { b: "2" } }, { labels: { a: "1", b: "2" } }],
  [{ labels: { a: "1", b: "2" } }, { labels: { a: null } }, { labels: { b: "2" } }],
  [{ labels: { a: "1" } }, { labels: { $patch: "replace", c: "3" } }, { labels: { c: "3" } }],
  [{ labels: { a: "1" } }, { labels: { $patch: "delete" } }, { labels: undefined }],
  [{ labels: { a: "1" } }, { labels: null }, { labels: undefined }],
  [{ finalizers: ["x.y/a"] }, { finalizers: ["x.y/b", "x.y/a"] }, { finalizers: ["x.y/b", "x.y/a"] }],
  [{ finalizers: ["x.y/a"] }, { finalizers: ["x.y/b"] }, { finalizers: ["x.y/b", "x.y/a"] }],
  [
    { finalizers: ["x.y/a", "x.y/b"] },
    { "$deleteFromPrimitiveList/finalizers": ["x.y/a"] },
    { finalizers: ["x.y/b"] },
  ],
  [
    { finalizers: ["x.y/a", "x.y/b", "x.y/c"] },
    { "$setElementOrder/finalizers": ["x.y/c", "x.y/a"] },
    { finalizers: ["x.y/b", "x.y/c", "x.y/a"] },
  ],
  [{ annotations: { a: "1" } }, { annotations: { b: null } }, { annotations: { a: "1" } }],
];

const orders: readonly (readonly [object, string])[] = [
  [{ spec: { containers: [{ image: "x" }] } }, "map: map[image:x] does not contain declared merge key: name"],
  [
    { spec: { containers: [{ name: "a", $patch: "frob" }] } },
    "unknown patch type: frob in map: map[$patch:frob name:a]",
  ],
  [{ spec: { $patch: "frob" } }, "unknown patch type: frob in map: map[$patch:frob]"],
  [
    { spec: { "$setElementOrder/foo": [{ name: "a" }] } },
    'unable to find api field in struct PodSpec for the json field "foo"',
  ],
  [
    { spec: { "$setElementOrder/containers": [{ name: "b" }], containers: [{ name: "a", image: "z" }] } },
    "The order in patch list:\n[map[image:z name:a]]\n doesn't match $setElementOrder list:\n[map[name:b]]\n",
  ],
];

/** JSON, merge and strategic merge patches. */
export const patchesContract = (target: Target): void => {
  const test = suite(`${target.name}: patches`);
  let shared: Promise<string> | undefined;
  const namespace = (): Promise<string> => shared ??= target.namespace();
  let made = 0;
  const create = async (resource: string, metadata: object, fields: object): Promise<string> => {
    const path = `/api/v1/namespaces/${await namespace()}/${resource}`;
    const name = `patched-${made++}`;
    const { status, text } = await target.send("POST", path, {
      body: { metadata: { name, ...metadata }, ...fields },
    });
    assert.is(status, 201, text);
    return `${path}/${name}`;
  };
  const configMap = (): Promise<string> =>
    create("configmaps", { labels: { l: "1" }, finalizers: ["x.y/a"] }, { data: { a: "1" } });
  const patch = (
    type: Type,
    path: string,
    body: unknown,
    query: Record<string, string> = {},
  ): Promise<Reply> => target.send("PATCH", path, { body, contentType: types[type], query });

  test("the operations of a JSON patch", async () => {
    const path = await configMap();
    for (const [body, expected] of operations) {
      const { status, body: after } = await patch("json", path, body, { dryRun: "All" });
      assert.is(status, 200, JSON.stringify(body));
      const { data, finalizers = ["x.y/a"] } = expected as { data?: object; finalizers?: string[] };
      assert.equal(after.data, data, JSON.stringify(body));
      const kept = "finalizers" in expected ? (expected as { finalizers?: string[] }).finalizers : finalizers;
      assert.equal(after.metadata.finalizers, kept, JSON.stringify(body));
    }
  });

  test("names in a pointer may have slashes", async () => {
    const patched = await patch("json", await configMap(), [{
      op: "add",
      path: "/metadata/labels/x.y~1z",
      value: "1",
    }]);
    assert.equal(patched.body.metadata.labels, { l: "1", "x.y/z": "1" });
  });

  test("a JSON patch that cannot be done as a whole is not done", async () => {
    const path = await configMap();
    for (const operation of impossible) {
      const { status, body } = await patch("json", path, [
        { op: "add", path: "/data/x", value: "1" },
        ...operation,
      ]);
      assert.equal(
        [status, body.reason, body.message, body.details],
        [422, "Invalid", rejected, {}],
        JSON.stringify(operation),
      );
    }
    assert.equal((await target.send("GET", path)).body.data, { a: "1" });
  });

  test("what is no patch is refused", async () => {
    const path = await configMap();
    const map = "Go value of type map[string]interface {}";
    const bodies: readonly (readonly [Type, unknown, string])[] = [
      [
        "json",
        { op: "add" },
        "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
      ],
      ["merge", [], `error decoding patch: json: cannot unmarshal array into ${map}`],
      ["merge", '"x"', `error decoding patch: json: cannot unmarshal string into ${map}`],
      ["merge", "null", "Invalid JSON Patch"],
      ["strategic", [], `json: cannot unmarshal array into ${map}`],
    ];
    for (const [type, body, message] of bodies) {
      const reply = await patch(type, path, body);
      assert.equal([reply.status, reply.body.reason, reply.body.message], [400, "BadRequest", message]);
    }
    for (const [type, body] of [["json", "[{"], ["merge", "{"], ["merge", ""], ["strategic", "{"]] as const) {
      const reply = await patch(type, path, body);
      assert.equal([reply.status, reply.body.reason], [400, "BadRequest"], `${type} ${body}`);
      assert.match(reply.body.message, type === "strategic" ? /JSON/ : /^error decoding patch: /);
    }
  });

  test("a type of patch that nobody knows is refused", async () => {
    const path = await configMap();
    for (const contentType of ["application/json", "text/plain", "application/apply-patch+json"]) {
      const { status, body } = await target.send("PATCH", path, { body: {}, contentType });
      assert.equal([status, body.reason, body.message], [
        415,
        "UnsupportedMediaType",
        "415: Unsupported Media Type",
      ]);
    }
    const charset = "application/merge-patch+json; charset=utf-8";
    assert.is((await target.send("PATCH", path, { body: {}, contentType: charset })).status, 200);
  });

  test("a merge patch sets, removes with null, and replaces lists", async () => {
    const path = await configMap();
    const first = await patch("merge", path, {
      data: { a: null, b: "2" },
      metadata: { finalizers: ["x.y/b"] },
    });
    assert.equal([first.body.data, first.body.metadata.finalizers], [{ b: "2" }, ["x.y/b"]]);
    const second = await patch("merge", path, { data: null, metadata: { finalizers: null } });
    assert.equal([second.body.data, second.body.metadata.finalizers], [undefined, undefined]);
  });

  test("a patch that changes nothing makes no new version", async () => {
    const path = await configMap();
    const { body: before } = await target.send("GET", path);
    for (const [type, body] of [["json", []], ["merge", { data: { a: "1" } }], ["strategic", {}]] as const) {
      const { body: after } = await patch(type, path, body);
      assert.is(after.metadata.resourceVersion, before.metadata.resourceVersion, type);
    }
  });

  test("fields of a patch are checked", async () => {
    const path = await configMap();
    const strict = { fieldValidation: "Strict" };
    const unknown: readonly (readonly [Type, unknown])[] = [
      ["json", [{ op: "add", path: "/foo", value: 1 }]],
      ["merge", { foo: 1 }],
      ["strategic", { foo: 1 }],
    ];
    for (const [type, body] of unknown) {
      const refused = await patch(type, path, body, strict);
      assert.equal([refused.status, refused.body.reason], [422, "Invalid"]);
      assert.match(
        refused.body.message,
        /^ "" is invalid: patch: Invalid value: .*: strict decoding error: unknown field "foo"$/,
      );
      assert.equal(refused.body.details.causes[0].field, "patch");
      const told = await patch(type, path, body);
      assert.equal(
        [told.status, warningsOf(told), told.body.foo],
        [200, ['unknown field "foo"'], undefined],
        type,
      );
    }
    const twice = '{"data":{"x":"1","x":"2"}}';
    for (const type of ["merge", "strategic"] as const) {
      const told = await patch(type, path, twice, { dryRun: "All" });
      assert.equal([told.body.data.x, warningsOf(told)], ["2", ['duplicate field "data.x"']]);
      const refused = await patch(type, path, twice, strict);
      assert.match(refused.body.message, /strict decoding error: duplicate field "data.x"$/);
    }
  });

  test("a value of another type is refused", async () => {
    const path = await configMap();
    for (
      const [type, body] of [["json", [{ op: "add", path: "/data/b", value: 1 }]], ["merge", {
        data: { b: 1 },
      }]] as const
    ) {
      const { status, body: { message } } = await patch(type, path, body);
      assert.is(status, 422);
      assert.match(
        message,
        /: json: cannot unmarshal number into Go struct field ConfigMap.data of type string$/,
      );
    }
    const values: readonly (readonly [object, string])[] = [
      [{ data: { b: 1 } }, 'Invalid value: "map[data:map[b:1]]": cannot convert int64 to string'],
      [{ data: "x" }, 'Invalid value: "map[data:x]": cannot restore map from string'],
      [{ metadata: "x" }, 'Invalid value: "map[metadata:x]": cannot restore struct from: string'],
      [
        { metadata: { finalizers: "x" } },
        'Invalid value: "map[metadata:map[finalizers:x]]": cannot restore slice from string',
      ],
    ];
    for (const [body, message] of values) {
      const reply = await patch("strategic", path, body);
      assert.equal([reply.status, reply.body.message], [422, ` "" is invalid: patch: ${message}`]);
    }
  });

  test("an object keeps its name, kind and version", async () => {
    const path = await configMap();
    const name = path.split("/").at(-1);
    const renamed = await patch("merge", path, { metadata: { name: "x" } });
    assert.equal([renamed.status, renamed.body.message], [
      400,
      `the name of the object (x) does not match the name on the URL (${name})`,
    ]);
    assert.is((await patch("merge", path, { kind: "Secret" })).status, 422);
    assert.is((await patch("merge", path, { apiVersion: "v2" })).status, 422);
    const moved = await patch("merge", path, { metadata: { namespace: "other" } });
    assert.equal([moved.status, moved.body.message], [
      400,
      "the namespace of the provided object does not match the namespace sent on the request",
    ]);
    const uid = await patch("strategic", path, { metadata: { uid: "x" } });
    assert.equal([uid.status, uid.body.details.causes[0].field], [422, "metadata.uid"]);
  });

  test("a patch that names a version is done on that version only", async () => {
    const path = await configMap();
    const { body } = await target.send("GET", path);
    const { resourceVersion } = body.metadata;
    assert.is((await patch("merge", path, { metadata: { resourceVersion }, data: { a: "2" } })).status, 200);
    const late = await patch("merge", path, { metadata: { resourceVersion }, data: { a: "3" } });
    assert.equal([late.status, late.body.reason], [409, "Conflict"]);
  });

  test("what does not exist cannot be patched", async () => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps/none`;
    assert.is((await patch("merge", path, {})).status, 404);
  });

  test("strategic merge patches of metadata", async () => {
    for (const [before, body, after] of strategic) {
      const path = await create("configmaps", before, {});
      const patched = await patch("strategic", path, { metadata: body });
      assert.is(patched.status, 200, patched.text);
      for (const [field, value] of Object.entries(after)) {
        assert.equal(patched.body.metadata[field], value, JSON.stringify(body));
      }
      await patch("merge", path, { metadata: { finalizers: null } });
    }
  });

  const twoContainers = {
    spec: { nodeName: "none", containers: [{ name: "a", image: "i" }, { name: "b", image: "i" }] },
  };

  test("containers are patched by their names", async () => {
    const path = await create("pods", {}, twoContainers);
    const one = await patch("strategic", path, { spec: { containers: [{ name: "b", image: "j" }] } });
    const images = one.body.spec.containers.map((
      container: { name: string; image: string },
    ) => [container.name, container.image]);
    assert.equal(images, [["a", "i"], ["b", "j"]]);
    const ordered = await patch("strategic", path, {
      spec: {
        "$setElementOrder/containers": [{ name: "a" }, { name: "b" }],
        containers: [{ name: "a", image: "k" }],
      },
    });
    assert.equal(ordered.body.spec.containers.map(({ image }: { image: string }) => image), ["k", "j"]);
  });

  test("conditions are patched by their types, and only the status by its subresource", async () => {
    const path = await create("pods", {}, twoContainers);
    const at = "2020-01-01T00:00:00Z";
    const condition = (type: string, status: string) => ({ type, status, lastTransitionTime: at });
    await patch("strategic", `${path}/status`, {
      status: { conditions: [condition("A", "True"), condition("B", "True")] },
    });
    const { body } = await patch("strategic", `${path}/status`, {
      spec: { containers: [{ name: "a", image: "z" }] },
      status: { phase: "Running", conditions: [condition("B", "False"), { type: "A", $patch: "delete" }] },
    });
    assert.is(body.status.phase, "Running");
    assert.is(body.spec.containers[0].image, "i");
    const told = body.status.conditions.filter(({ type }: { type: string }) => type === "A" || type === "B");
    assert.equal(told.map(({ type, status }: { type: string; status: string }) => [type, status]), [[
      "B",
      "False",
    ]]);
  });

  test("directives of a strategic merge patch that make no sense", async () => {
    const path = await create("pods", {}, twoContainers);
    for (const [body, message] of orders) {
      const reply = await patch("strategic", path, body);
      assert.equal([reply.status, reply.body.message], [500, message], JSON.stringify(body));
    }
    const retain = await patch("strategic", path, { spec: { $retainKeys: ["a"], nodeName: "x" } });
    assert.equal([retain.status, retain.body.message], [400, "invalid patch format of retainKeys"]);
  });

  test("options of a patch", async () => {
    const path = await configMap();
    const forced = await patch("merge", path, {}, { force: "true" });
    assert.equal([forced.status, forced.body.message], [
      422,
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ]);
    const long = await patch("merge", path, {}, { fieldManager: "x".repeat(129) });
    assert.equal([long.status, long.body.message], [
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    ]);
    const control = await patch("merge", path, {}, { fieldManager: "a\nb" });
    assert.equal([control.status, control.body.message], [
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\\nb": invalid character U+000A (at position 1)',
    ]);
  });

  test.run();
};
