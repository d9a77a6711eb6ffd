import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Target } from "./target.ts";

const mergePatch = "application/merge-patch+json";

/** Create, read, update and delete: versions, UIDs, conflicts. */
export const objectsContract = (target: Target): void => {
  const test = suite(`${target.name}: objects`);
  const { send } = target;

  const configMaps = async (): Promise<string> => `/api/v1/namespaces/${await target.namespace()}/configmaps`;

  test("a created object has a uid, a resourceVersion and a time, and can be read", async () => {
    const path = await configMaps();
    const created = await send("POST", path, { body: { metadata: { name: "a" }, data: { k: "v" } } });
    assert.is(created.status, 201);
    assert.match(
      created.body.metadata.uid,
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.match(created.body.metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const read = await send("GET", `${path}/a`);
    assert.is(read.status, 200);
    assert.equal(read.body, { kind: "ConfigMap", apiVersion: "v1", ...created.body });
  });

  test("what is the server's own in metadata is not taken from a new object", async () => {
    const path = await configMaps();
    const metadata = {
      name: "a",
      uid: "mine",
      creationTimestamp: "2000-01-01T00:00:00Z",
      deletionTimestamp: "2000-01-01T00:00:00Z",
      deletionGracePeriodSeconds: 3,
      selfLink: "/x",
      finalizers: ["example.com/x"],
    };
    const { status, body } = await send("POST", path, { body: { metadata } });
    assert.is(status, 201);
    assert.is.not(body.metadata.uid, "mine");
    assert.not.match(body.metadata.creationTimestamp, /^2000/);
    assert.is(body.metadata.deletionTimestamp, undefined);
    assert.is(body.metadata.deletionGracePeriodSeconds, undefined);
    assert.is(body.metadata.selfLink, undefined);
    assert.equal(body.metadata.finalizers, ["example.com/x"]);
    await send("PATCH", `${path}/a`, { body: { metadata: { finalizers: null } }, contentType: mergePatch });
    const versioned = await send("POST", path, { body: { metadata: { name: "b", resourceVersion: "5" } } });
    assert.is(versioned.status, 500);
    assert.is(versioned.body.message, "resourceVersion should not be set on objects to be created");
    const again = { metadata: { name: "b", resourceVersion: "5" } };
    const dry = await send("POST", path, { body: again, query: { dryRun: "All" } });
    assert.is(dry.status, 201, dry.text);
  });

  test("a name is made of generateName", async () => {
    const path = await configMaps();
    const make = async (metadata: unknown) =>
      (await send("POST", path, { body: { metadata } })).body.metadata;
    const [a, b] = [await make({ generateName: "some-" }), await make({ generateName: "some-" })];
    assert.match(a.name, /^some-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    assert.is(a.generateName, "some-");
    assert.is.not(a.name, b.name);
    assert.is((await make({ name: "own", generateName: "some-" })).name, "own");
    const long = await make({ generateName: "x".repeat(70) });
    assert.match(long.name, /^x{58}[a-z0-9]{5}$/);
  });

  test("refusals say what is wrong", async () => {
    const path = await configMaps(), namespace = path.split("/")[4];
    const ask = async (method: string, at: string, body?: unknown, query = {}) => {
      const answer = await send(method, at, { query, ...(body === undefined ? {} : { body }) });
      return [answer.status, answer.body.reason, answer.body.message];
    };
    await send("POST", path, { body: { metadata: { name: "a" } } });
    assert.equal(await ask("GET", `${path}/no`), [404, "NotFound", `configmaps "no" not found`]);
    assert.equal(await ask("POST", path, { metadata: { name: "a" } }), [
      409,
      "AlreadyExists",
      `configmaps "a" already exists`,
    ]);
    assert.equal(await ask("PUT", `${path}/no`, { metadata: { name: "no" } }), [
      404,
      "NotFound",
      `configmaps "no" not found`,
    ]);
    assert.equal(await ask("PUT", `${path}/a`, { metadata: { name: "b" } }), [
      400,
      "BadRequest",
      "the name of the object (b) does not match the name on the URL (a)",
    ]);
    assert.equal(await ask("PUT", `${path}/a`, { metadata: {} }), [
      400,
      "BadRequest",
      "the name of the object (a based on URL) was undeterminable: name must be provided",
    ]);
    assert.equal(await ask("POST", path, { metadata: { name: "b", namespace: "other" } }), [
      400,
      "BadRequest",
      "the namespace of the provided object does not match the namespace sent on the request",
    ]);
    assert.equal(await ask("POST", path, {}), [
      422,
      "Invalid",
      `ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required`,
    ]);
    const none = `${path.slice(0, path.indexOf(namespace ?? ""))}none-${namespace}/configmaps`;
    assert.equal(await ask("POST", none, { metadata: { name: "a" } }), [
      404,
      "NotFound",
      `namespaces "none-${namespace}" not found`,
    ]);
    assert.equal(await ask("POST", path, { metadata: { name: "b" } }, { dryRun: "x" }), [
      422,
      "Invalid",
      `CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["x"]: supported values: "All"`,
    ]);
  });

  test("paths and methods that are not served", async () => {
    const path = await configMaps(), namespace = path.split("/")[4];
    const ask = async (method: string, at: string) => {
      const body = method === "GET" || method === "DELETE" ? {} : { body: {} };
      const { status, body: answer } = await send(method, at, body);
      return [status, answer.reason, answer.message];
    };
    const noPath = [404, "NotFound", "the server could not find the requested resource"];
    assert.equal(await ask("GET", "/api/v1/nothing"), noPath);
    assert.equal(await ask("GET", "/api/v1/configmaps/a"), noPath);
    assert.equal(await ask("GET", `/api/v1/namespaces/${namespace}/nodes`), noPath);
    assert.equal(await ask("GET", `/api/v1/namespaces/${namespace}/pods/a/nothing`), noPath);
    assert.equal(await ask("GET", `/api/v1/namespaces/${namespace}/pods/a/status/x`), noPath);
    const noMethod = [
      405,
      "MethodNotAllowed",
      "the server does not allow this method on the requested resource",
    ];
    assert.equal(await ask("POST", "/api/v1/configmaps"), noMethod);
    assert.equal(await ask("DELETE", "/api/v1/configmaps"), noMethod);
    assert.equal(await ask("POST", `${path}/a`), noMethod);
    assert.equal(await ask("PUT", path), noMethod);
    assert.equal(await ask("DELETE", "/api/v1/namespaces"), noMethod);
    const unknown = await send("GET", "/apis/example.com/v1/things");
    assert.equal([unknown.status, unknown.text], [404, "404 page not found\n"]);
  });

  test("bodies that are none", async () => {
    const path = await configMaps();
    const ask = (body: string, contentType?: string) =>
      send("POST", path, { body, ...(contentType === undefined ? {} : { contentType }) });
    const unread =
      "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; ";
    for (const text of ["{", "[]", `"x"`]) {
      const { status, body } = await ask(text);
      assert.equal([status, body.reason], [400, "BadRequest"], text);
      assert.ok(body.message.startsWith(unread), body.message);
    }
    assert.is((await ask("null")).status, 422);
    const text = await ask("a: b", "text/plain");
    assert.equal([text.status, text.body.reason], [415, "UnsupportedMediaType"]);
    assert.match(
      text.body.message,
      /^the body of the request was in an unknown format - accepted media types/,
    );
    const yaml = await ask("metadata: {name: yaml}\ndata:\n  a: |\n    b\n", "application/yaml");
    assert.equal([yaml.status, yaml.body.data], [201, { a: "b\n" }]);
    const other = await ask(`{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}`);
    assert.is(other.status, 400);
    assert.match(other.body.message, /^Pod in version "v1" cannot be handled as a ConfigMap: /);
    const large = await ask(JSON.stringify({ metadata: { name: "x" }, data: { a: "x".repeat(3_200_000) } }));
    assert.equal([large.status, large.body.reason, large.body.message], [
      413,
      "RequestEntityTooLarge",
      "Request entity too large: limit is 3145728",
    ]);
  });

  test("an update is refused when it was made from another version, or for another object", async () => {
    const path = await configMaps();
    const first = (await send("POST", path, { body: { metadata: { name: "a" }, data: { k: "1" } } })).body;
    const put = (metadata: Record<string, unknown>, k: string) =>
      send("PUT", `${path}/a`, { body: { metadata: { name: "a", ...metadata }, data: { k } } });
    const { uid, resourceVersion } = first.metadata;
    const second = await put({ resourceVersion, uid }, "2");
    assert.is(second.status, 200);
    assert.ok(Number(second.body.metadata.resourceVersion) > Number(resourceVersion));
    const stale = await put({ resourceVersion }, "3");
    assert.equal([stale.status, stale.body.reason, stale.body.message], [
      409,
      "Conflict",
      `Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes ` +
      `to the latest version and try again`,
    ]);
    assert.equal(stale.body.details, { name: "a", kind: "configmaps" });
    const other = await put({ uid: "other" }, "3");
    assert.equal([other.status, other.body.reason], [409, "Conflict"]);
    assert.match(
      other.body.message,
      `Precondition failed: UID in precondition: other, UID in object meta: ${uid}`,
    );
    assert.equal((await send("GET", `${path}/a`)).body.data, { k: "2" });
    for (const version of [{}, { resourceVersion: "0" }, { resourceVersion: "" }]) {
      assert.is((await put(version, "4")).status, 200, JSON.stringify(version));
    }
    assert.is((await put({ resourceVersion: "x" }, "5")).status, 500);
  });

  test("an update keeps what is the server's own, and takes away what it does not say", async () => {
    const path = await configMaps();
    const first = await send("POST", path, {
      body: { metadata: { name: "a", labels: { x: "1" } }, data: {} },
    });
    const metadata = { name: "a", creationTimestamp: "2000-01-01T00:00:00Z", generation: 9 };
    const second = await send("PUT", `${path}/a`, { body: { metadata, data: { k: "v" } } });
    assert.is(second.status, 200);
    assert.is(second.body.metadata.creationTimestamp, first.body.metadata.creationTimestamp);
    assert.is(second.body.metadata.uid, first.body.metadata.uid);
    assert.is(second.body.metadata.labels, undefined);
    assert.is(second.body.metadata.generation, undefined);
    const deleted = { name: "a", deletionTimestamp: "2000-01-01T00:00:00Z", deletionGracePeriodSeconds: 4 };
    const refused = await send("PUT", `${path}/a`, { body: { metadata: deleted } });
    assert.equal([refused.status, refused.body.message], [
      422,
      `ConfigMap "a" is invalid: [metadata.deletionTimestamp: Invalid value: "2000-01-01T00:00:00Z": field is ` +
      `immutable, metadata.deletionGracePeriodSeconds: Invalid value: 4: field is immutable]`,
    ]);
  });

  test("a write that changes nothing is none", async () => {
    const path = await configMaps();
    const made = (await send("POST", path, { body: { metadata: { name: "a" }, data: { k: "v" } } })).body;
    const current = (await send("GET", `${path}/a`)).body;
    const { managedFields: _, ...metadata } = current.metadata;
    for (const body of [current, { ...current, metadata }]) {
      const again = await send("PUT", `${path}/a`, { body });
      assert.equal([again.status, again.body.metadata.resourceVersion], [200, made.metadata.resourceVersion]);
    }
    const patched = await send("PATCH", `${path}/a`, { body: { data: { k: "v" } }, contentType: mergePatch });
    assert.is(patched.body.metadata.resourceVersion, made.metadata.resourceVersion);
  });

  test("some kinds are made by an update, some say from which version they are changed", async () => {
    const namespace = await target.namespace();
    const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/a`;
    const lease = (holderIdentity: string) => ({
      metadata: { name: "a", namespace },
      spec: { holderIdentity },
    });
    assert.is((await send("PUT", path, { body: lease("one") })).status, 201);
    const blind = await send("PUT", path, { body: lease("two") });
    assert.equal([blind.status, blind.body.message], [
      422,
      `leases.coordination.k8s.io "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for ` +
      `an update`,
    ]);
  });

  test("a dry run answers and changes nothing", async () => {
    const path = await configMaps(), query = { dryRun: "All" };
    const made = await send("POST", path, { query, body: { metadata: { name: "a" } } });
    assert.is(made.status, 201);
    assert.is(made.body.metadata.resourceVersion, undefined);
    assert.type(made.body.metadata.uid, "string");
    assert.is((await send("GET", `${path}/a`)).status, 404);
    const { body } = await send("POST", path, { body: { metadata: { name: "a" }, data: { k: "1" } } });
    const put = await send("PUT", `${path}/a`, { query, body: { ...body, data: { k: "2" } } });
    assert.equal([put.status, put.body.data, put.body.metadata.resourceVersion], [
      200,
      { k: "2" },
      body.metadata.resourceVersion,
    ]);
    const gone = await send("DELETE", `${path}/a`, { query });
    assert.equal([gone.status, gone.body.status], [200, "Success"]);
    assert.equal((await send("GET", `${path}/a`)).body.data, { k: "1" });
  });

  test("the generation of a pod counts changes of its spec", async () => {
    const path = `/api/v1/namespaces/${await target.namespace()}/pods`;
    const spec = { nodeName: "no-such-node", containers: [{ name: "c", image: "i" }] };
    const generation = async (method: string, at: string, body: unknown) => {
      const answer = await send(method, at, method === "POST" ? { body } : { body, contentType: mergePatch });
      return answer.body.metadata?.generation;
    };
    assert.is(await generation("POST", path, { metadata: { name: "a" }, spec }), 1);
    assert.is(await generation("PATCH", `${path}/a`, { metadata: { labels: { x: "y" } } }), 1);
    assert.is(await generation("PATCH", `${path}/a`, { spec: { activeDeadlineSeconds: 77 } }), 2);
    assert.is(await generation("PATCH", `${path}/a/status`, { status: { message: "m" } }), 2);
    await send("DELETE", `${path}/a`, { body: { gracePeriodSeconds: 0 } });
  });

  test("a version of the future is not waited for longer than a few seconds", async () => {
    const path = await configMaps();
    await send("POST", path, { body: { metadata: { name: "a" } } });
    const { status, body, headers } = await send("GET", `${path}/a`, {
      query: { resourceVersion: "99999999" },
    });
    assert.equal([status, body.reason], [504, "Timeout"]);
    assert.match(body.message, /^Timeout: Too large resource version: 99999999, current: \d+$/);
    assert.is(headers.get("retry-after"), "1");
    assert.equal(body.details.causes, [{
      reason: "ResourceVersionTooLarge",
      message: "Too large resource version",
    }]);
    assert.is((await send("GET", `${path}/a`, { query: { resourceVersion: "0" } })).status, 200);
    assert.is((await send("GET", `${path}/a`, { query: { resourceVersion: "x" } })).status, 500);
  });

  test("unknown fields are told, refused or ignored", async () => {
    const path = await configMaps();
    const make = (name: string, query: Record<string, string>) =>
      send("POST", path, { query, body: { metadata: { name }, bar: 2 } });
    const warned = await make("a", {});
    assert.equal([warned.status, warned.headers.get("warning")], [201, `299 - "unknown field \\"bar\\""`]);
    assert.is((await make("b", { fieldValidation: "Ignore" })).headers.get("warning"), null);
    const strict = await make("c", { fieldValidation: "Strict" });
    assert.equal([strict.status, strict.body.message], [
      400,
      `ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "bar"`,
    ]);
    assert.is((await make("d", { fieldValidation: "x" })).status, 422);
  });

  test.run();
};
