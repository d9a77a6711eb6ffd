import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Reply, Target } from "./target.ts";

type Body = Record<string, unknown>;

const configMap = (name: string, data: unknown, metadata: Body = {}): Body => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
  data,
});

/** `manager operation [subresource]` of each entry, and its fields. */
const owners = ({ body }: Reply): Record<string, unknown> =>
  Object.fromEntries(
    (body.metadata.managedFields ?? []).map((
      { manager, operation, subresource, fieldsV1 }: Record<string, string>,
    ) => [`${manager} ${operation}${subresource === undefined ? "" : ` ${subresource}`}`, fieldsV1]),
  );

const data = (...names: readonly string[]) => ({
  "f:data": Object.fromEntries(names.map((name) => [`f:${name}`, {}])),
});

/** Server-side apply, and who owns which field. */
export const applyContract = (target: Target): void => {
  const test = suite(`${target.name}: apply`);
  let shared: Promise<string> | undefined;
  const namespace = (): Promise<string> => shared ??= target.namespace();
  let named = 0;
  const fresh = async (resource: string): Promise<readonly [string, string]> => {
    const name = `applied-${named++}`;
    return [name, `/api/v1/namespaces/${await namespace()}/${resource}/${name}`];
  };
  const apply = (
    path: string,
    body: unknown,
    fieldManager: string,
    query: Record<string, string> = {},
  ): Promise<Reply> =>
    target.send("PATCH", path, {
      body,
      contentType: "application/apply-patch+yaml",
      query: { fieldManager, ...query },
    });
  const merge = (path: string, body: unknown, fieldManager: string): Promise<Reply> =>
    target.send("PATCH", path, {
      body,
      contentType: "application/merge-patch+json",
      query: { fieldManager },
    });

  test("what is not there is created, and its fields are owned", async () => {
    const [name, path] = await fresh("configmaps");
    const made = await apply(path, configMap(name, { x: "1", y: "2" }), "m1");
    assert.equal([made.status, made.body.data], [201, { x: "1", y: "2" }]);
    const [entry] = made.body.metadata.managedFields;
    assert.match(entry.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal({ ...entry, time: "" }, {
      manager: "m1",
      operation: "Apply",
      apiVersion: "v1",
      time: "",
      fieldsType: "FieldsV1",
      fieldsV1: data("x", "y"),
    });
  });

  test("applying the same again changes nothing", async () => {
    const [name, path] = await fresh("configmaps");
    const { body: made } = await apply(path, configMap(name, { x: "1" }), "m1");
    const again = await apply(path, configMap(name, { x: "1" }), "m1");
    assert.is(again.status, 200);
    assert.equal(again.body, made);
  });

  test("YAML is read", async () => {
    const [name, path] = await fresh("configmaps");
    const made = await apply(
      path,
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  x: "1"\n`,
      "m1",
    );
    assert.equal([made.status, made.body.data], [201, { x: "1" }]);
  });

  test("what a manager leaves out goes, unless another owns it too", async () => {
    const [name, path] = await fresh("configmaps");
    await apply(path, configMap(name, { x: "1", y: "2" }), "m1");
    const both = await apply(path, configMap(name, { x: "1", z: "3" }), "m2");
    assert.equal([both.status, both.body.data], [200, { x: "1", y: "2", z: "3" }]);
    assert.equal(owners(both), { "m1 Apply": data("x", "y"), "m2 Apply": data("x", "z") });
    const less = await apply(path, configMap(name, {}), "m1");
    assert.equal(less.body.data, { x: "1", z: "3" });
    assert.equal(owners(less), { "m1 Apply": { "f:data": {} }, "m2 Apply": data("x", "z") });
    const { data: _, ...nothing } = configMap(name, {});
    assert.equal(owners(await apply(path, nothing, "m1")), { "m2 Apply": data("x", "z") });
  });

  test("another value for a field of another manager is a conflict", async () => {
    const [name, path] = await fresh("configmaps");
    await apply(path, configMap(name, { x: "1", y: "2" }), "m1");
    const one = await apply(path, configMap(name, { x: "9" }), "m2");
    assert.is(one.status, 409);
    assert.is(one.body.reason, "Conflict");
    assert.is(one.body.message, 'Apply failed with 1 conflict: conflict with "m1": .data.x');
    assert.equal(one.body.details, {
      causes: [{ reason: "FieldManagerConflict", message: 'conflict with "m1"', field: ".data.x" }],
    });
    const two = await apply(path, configMap(name, { x: "9", y: "9" }), "m2");
    assert.is(two.body.message, 'Apply failed with 2 conflicts: conflicts with "m1":\n- .data.x\n- .data.y');
    assert.equal((await target.send("GET", path)).body.data, { x: "1", y: "2" });
  });

  test("a conflict that is forced takes the field", async () => {
    const [name, path] = await fresh("configmaps");
    await apply(path, configMap(name, { x: "1", y: "2" }), "m1");
    const forced = await apply(path, configMap(name, { x: "9" }), "m2", { force: "true" });
    assert.equal([forced.status, forced.body.data], [200, { x: "9", y: "2" }]);
    assert.equal(owners(forced), { "m1 Apply": data("y"), "m2 Apply": data("x") });
  });

  test("an update takes fields without asking, and is told in a conflict", async () => {
    const [name, path] = await fresh("configmaps");
    await apply(path, configMap(name, { x: "1", y: "2" }), "m1");
    const updated = await merge(path, { data: { y: "7" } }, "u1");
    assert.equal(owners(updated), { "m1 Apply": data("x"), "u1 Update": data("y") });
    const same = await merge(path, { data: { y: "7" } }, "u2");
    assert.equal(owners(same), owners(updated));
    const conflict = await apply(path, configMap(name, { x: "1", y: "2" }), "m1");
    assert.is(conflict.body.message, 'Apply failed with 1 conflict: conflict with "u1" using v1: .data.y');
    const removed = await merge(path, { data: { y: null } }, "u2");
    assert.equal(owners(removed), { "m1 Apply": data("x") });
  });

  test("a manager needs a name", async () => {
    const [name, path] = await fresh("configmaps");
    const { status, body } = await target.send("PATCH", path, {
      body: configMap(name, {}),
      contentType: "application/apply-patch+yaml",
    });
    assert.equal([status, body.message], [
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ]);
  });

  test("a create records the manager, or the program that asks", async () => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const body = { metadata: { name: "recorded", labels: { a: "1" } }, data: { x: "1" } };
    const headers = { "user-agent": "program/1.0 (linux)" };
    const dryRun = { dryRun: "All" };
    const fields = {
      "f:data": { ".": {}, "f:x": {} },
      "f:metadata": { "f:labels": { ".": {}, "f:a": {} } },
    };
    const byProgram = await target.send("POST", path, { body, headers, query: dryRun });
    assert.equal(owners(byProgram), { "program Update": fields });
    const byName = await target.send("POST", path, {
      body,
      headers,
      query: { ...dryRun, fieldManager: "me" },
    });
    assert.equal(owners(byName), { "me Update": fields });
  });

  test("a created pod's fields are owned with the defaults, without what the server adds", async () => {
    const path = `/api/v1/namespaces/${await namespace()}/pods`;
    const body = {
      metadata: { name: "recorded" },
      spec: {
        containers: [{
          name: "c",
          image: "i",
          ports: [{ containerPort: 80 }],
          env: [{ name: "A", value: "1" }],
        }],
      },
    };
    const made = await target.send("POST", path, { body, query: { fieldManager: "me", dryRun: "All" } });
    assert.equal(owners(made), {
      "me Update": {
        "f:spec": {
          "f:containers": {
            'k:{"name":"c"}': {
              ".": {},
              "f:env": { ".": {}, 'k:{"name":"A"}': { ".": {}, "f:name": {}, "f:value": {} } },
              "f:image": {},
              "f:imagePullPolicy": {},
              "f:name": {},
              "f:ports": {
                ".": {},
                'k:{"containerPort":80,"protocol":"TCP"}': {
                  ".": {},
                  "f:containerPort": {},
                  "f:protocol": {},
                },
              },
              "f:resources": {},
              "f:terminationMessagePath": {},
              "f:terminationMessagePolicy": {},
            },
          },
          "f:dnsPolicy": {},
          "f:enableServiceLinks": {},
          "f:restartPolicy": {},
          "f:schedulerName": {},
          "f:securityContext": {},
          "f:terminationGracePeriodSeconds": {},
        },
      },
    });
  });

  test("the status has its own owners", async () => {
    const [name, path] = await fresh("pods");
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      spec: { nodeName: "none", containers: [{ name: "c", image: "i" }] },
      status: { phase: "Failed" },
    };
    const made = await apply(path, pod, "m1");
    assert.is(made.status, 201, made.text);
    assert.is(made.body.status.phase, "Pending");
    const own = {
      "f:spec": {
        "f:containers": { 'k:{"name":"c"}': { ".": {}, "f:image": {}, "f:name": {} } },
        "f:nodeName": {},
      },
    };
    assert.equal(owners(made)["m1 Apply"], own);
    const condition = { type: "A", status: "True", lastTransitionTime: "2020-01-01T00:00:00Z" };
    const status = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      status: { conditions: [condition], message: "x" },
    };
    const applied = await apply(`${path}/status`, status, "m1");
    assert.is(applied.status, 200, applied.text);
    assert.equal(owners(applied)["m1 Apply status"], {
      "f:status": {
        "f:conditions": {
          'k:{"type":"A"}': { ".": {}, "f:lastTransitionTime": {}, "f:status": {}, "f:type": {} },
        },
        "f:message": {},
      },
    });
    assert.equal(owners(applied)["m1 Apply"], own);
    const conflict = await apply(`${path}/status`, { ...status, status: { message: "y" } }, "m2");
    assert.is(
      conflict.body.message,
      'Apply failed with 1 conflict: conflict with "m1" with subresource "status": .status.message',
    );
    const less = await apply(`${path}/status`, { ...status, status: { message: "x" } }, "m1");
    assert.not.ok((less.body.status.conditions ?? []).some(({ type }: { type: string }) => type === "A"));
  });

  test("lists of objects are owned item by item, sets value by value, atomic ones as a whole", async () => {
    const [name, path] = await fresh("configmaps");
    const owner = { apiVersion: "v1", kind: "Node", name: "n", uid: "u-1" };
    const made = await apply(
      path,
      configMap(name, undefined, { finalizers: ["x.y/a", "x.y/b"], ownerReferences: [owner] }),
      "m1",
      {
        dryRun: "All",
      },
    );
    assert.equal(owners(made), {
      "m1 Apply": {
        "f:metadata": {
          "f:finalizers": { 'v:"x.y/a"': {}, 'v:"x.y/b"': {} },
          "f:ownerReferences": { 'k:{"uid":"u-1"}': {} },
        },
      },
    });
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      spec: {
        containers: [{ name: "c", image: "i", args: ["a", "b"], ports: [{ containerPort: 80 }] }],
        nodeSelector: { a: "b" },
      },
    };
    const podMade = await apply(path.replace("configmaps", "pods"), pod, "m1", { dryRun: "All" });
    assert.equal(owners(podMade)["m1 Apply"], {
      "f:spec": {
        "f:containers": {
          'k:{"name":"c"}': {
            ".": {},
            "f:args": {},
            "f:image": {},
            "f:name": {},
            "f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} } },
          },
        },
        "f:nodeSelector": {},
      },
    });
  });

  test("values of a set go with their managers", async () => {
    const [name, path] = await fresh("configmaps");
    await apply(path, configMap(name, undefined, { finalizers: ["x.y/a", "x.y/b"] }), "m1");
    await apply(path, configMap(name, undefined, { finalizers: ["x.y/b", "x.y/c"] }), "m2");
    const finalizers = async (applied: readonly string[] | undefined, manager: string): Promise<unknown> =>
      (await apply(
        path,
        configMap(name, undefined, applied === undefined ? {} : { finalizers: applied }),
        manager,
      ))
        .body.metadata.finalizers;
    assert.equal(await finalizers(["x.y/b"], "m1"), ["x.y/b", "x.y/c"]);
    assert.equal(await finalizers(undefined, "m2"), ["x.y/b"]);
    assert.equal(await finalizers(undefined, "m1"), undefined);
  });

  test("what both apply to is owned by both, and only a change has a time", async () => {
    const [name, path] = await fresh("configmaps");
    await apply(path, configMap(name, { x: "1" }), "m1");
    const { body } = await apply(path, configMap(name, { x: "1" }), "m2");
    const times = body.metadata.managedFields.map((
      { manager, time }: Record<string, string>,
    ) => [manager, time === undefined]);
    assert.equal(times, [["m2", true], ["m1", false]]);
  });

  test("an applied list keeps its order, what others have added stays behind what it stood behind", async () => {
    const orders = [["abc", "bd", "abcd"], ["abc", "cb", "acb"], ["abc", "dxa", "dxabc"], [
      "abcd",
      "dxb",
      "acdxb",
    ]];
    for (const [live = "", applied = "", merged = ""] of orders) {
      const [name, path] = await fresh("configmaps");
      const finalizers = (letters: string) => ({ finalizers: [...letters].map((letter) => `x.y/${letter}`) });
      await target.send("POST", path.slice(0, path.lastIndexOf("/")), {
        body: configMap(name, {}, finalizers(live)),
      });
      const { body } = await apply(path, configMap(name, undefined, finalizers(applied)), "m1");
      assert.equal(body.metadata.finalizers, finalizers(merged).finalizers);
      await merge(path, { metadata: { finalizers: null } }, "m1");
    }
  });

  test("ownership can be forgotten", async () => {
    const [name, path] = await fresh("configmaps");
    await apply(path, configMap(name, { x: "1" }), "m1");
    const forgotten = await merge(path, { metadata: { managedFields: [{}] } }, "u1");
    assert.is(forgotten.body.metadata.managedFields, undefined);
    const untracked = await merge(path, { data: { y: "2" } }, "u1");
    assert.is(untracked.body.metadata.managedFields, undefined);
    const taken = await apply(path, configMap(name, { x: "1", z: "3" }), "m2");
    assert.equal(owners(taken), {
      "m2 Apply": data("x", "z"),
      "before-first-apply Update": { "f:data": { ".": {}, "f:x": {}, "f:y": {} } },
    });
    const conflict = await apply(path, configMap(name, { y: "3" }), "m2");
    assert.is(
      conflict.body.message,
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.y',
    );
  });

  test("owners that a client writes are taken when they can be read", async () => {
    const [name, path] = await fresh("configmaps");
    await apply(path, configMap(name, { x: "1" }), "m1");
    const entry = {
      manager: "other",
      operation: "Update",
      apiVersion: "v1",
      fieldsType: "FieldsV1",
      fieldsV1: data("x"),
    };
    const unread = await merge(path, { metadata: { managedFields: [{ ...entry, operation: "Foo" }] } }, "u1");
    assert.equal(owners(unread), { "m1 Apply": data("x") });
    const written = await merge(path, { metadata: { managedFields: [entry] } }, "u1");
    assert.equal(owners(written), { "other Update": data("x") });
  });

  test("an apply is of the object's kind, version, name and without owners", async () => {
    const [name, path] = await fresh("configmaps");
    await apply(path, configMap(name, {}), "m1");
    const refused: readonly (readonly [object, string])[] = [
      [{ metadata: { name } }, "invalid object type: /, Kind="],
      [{ apiVersion: "v1", kind: "Secret", metadata: { name } }, "invalid object type: /v1, Kind=Secret"],
      [
        { apiVersion: "v2", kind: "ConfigMap", metadata: { name } },
        "invalid object type: /v2, Kind=ConfigMap",
      ],
      [configMap("other", {}), `the name of the object (other) does not match the name on the URL (${name})`],
      [configMap(name, {}, { managedFields: [] }), "metadata.managedFields must be nil"],
      [
        configMap(name, {}, { namespace: "other" }),
        "the namespace of the provided object does not match the namespace sent on the request",
      ],
    ];
    for (const [body, message] of refused) {
      const reply = await apply(path, body, "m1");
      assert.equal([reply.status, reply.body.reason, reply.body.message], [400, "BadRequest", message]);
    }
    for (const body of ["a: [", "- a", "a"]) {
      const reply = await apply(path, body, "m1");
      assert.is(reply.status, 400);
      assert.match(reply.body.message, /^error decoding YAML: /);
    }
  });

  test("fields and types are checked against the schema", async () => {
    const [name, path] = await fresh("configmaps");
    const failed = (kind: string, why: string): string =>
      `failed to create typed patch object (/${name}; /v1, Kind=${kind}): ${why}`;
    const duplicate = { finalizers: ["x.y/a", "x.y/a"] };
    const refused: readonly (readonly [object, string])[] = [
      [{ ...configMap(name, {}), foo: 1 }, ".foo: field not declared in schema"],
      [configMap(name, "x"), ".data: expected map, got &{x}"],
      [configMap(name, { x: 1 }), ".data.x: expected string, got &value.valueUnstructured{Value:1}"],
      [configMap(name, {}, duplicate), '.metadata.finalizers: duplicate entries for key [="x.y/a"]'],
    ];
    for (const [body, why] of refused) {
      const reply = await apply(path, body, "m1", { fieldValidation: "Strict" });
      assert.equal([reply.status, reply.body.message], [500, failed("ConfigMap", why)]);
    }
    const containers = [{ name: "a", image: "1" }, { name: "a", image: "2" }];
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { containers } };
    const twice = await apply(path.replace("configmaps", "pods"), pod, "m1");
    assert.is(twice.body.message, failed("Pod", '.spec.containers: duplicate entries for key [name="a"]'));
  });

  test("versions and UIDs are conditions of an apply", async () => {
    const [name, path] = await fresh("configmaps");
    const absent = await apply(path, configMap(name, {}, { uid: "u-1" }), "m1");
    assert.equal([absent.status, absent.body.message], [
      409,
      `Operation cannot be fulfilled on configmaps "${name}": uid mismatch: the provided object specified uid u-1, and no existing object was found`,
    ]);
    await apply(path, configMap(name, { x: "1" }), "m1");
    const late = await apply(path, configMap(name, { x: "2" }, { resourceVersion: "1" }), "m1");
    assert.equal([late.status, late.body.reason], [409, "Conflict"]);
    const other = await apply(path, configMap(name, { x: "2" }, { uid: "u-1" }), "m1");
    assert.equal([other.status, other.body.details.causes[0].field], [422, "metadata.uid"]);
  });

  test("a dry run applies nothing", async () => {
    const [name, path] = await fresh("configmaps");
    const made = await apply(path, configMap(name, { x: "1" }), "m1", { dryRun: "All" });
    assert.equal([made.status, made.body.data], [201, { x: "1" }]);
    assert.is((await target.send("GET", path)).status, 404);
  });

  test("kubectl goes over from its older apply without a conflict", async () => {
    const [name, path] = await fresh("configmaps");
    const applied = configMap(name, { x: "1" });
    const annotation = "kubectl.kubernetes.io/last-applied-configuration";
    const annotations = { [annotation]: JSON.stringify(applied) };
    await target.send("POST", path.slice(0, path.lastIndexOf("/")), {
      body: { ...applied, metadata: { name, annotations } },
      query: { fieldManager: "kubectl-client-side-apply" },
    });
    const other = await apply(path, configMap(name, { x: "2" }), "m1");
    assert.is(other.status, 409);
    const own = await apply(path, configMap(name, { x: "2" }), "kubectl");
    assert.equal([own.status, own.body.data], [200, { x: "2" }]);
    assert.equal(JSON.parse(own.body.metadata.annotations[annotation]).data, { x: "2" });
  });

  test.run();
};
