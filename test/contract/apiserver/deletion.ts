import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Reply, Target } from "./target.ts";

const mergePatch = "application/merge-patch+json";

interface Options {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
}

/** How long after its deletion began the time of an object is, in seconds. */
const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

/** Deletion: grace periods, finalizers, preconditions, propagation, collections, namespaces. */
export const deletionContract = (target: Target): void => {
  const test = suite(`${target.name}: deletion`);
  const { send } = target;

  const configMaps = async () => {
    const path = `/api/v1/namespaces/${await target.namespace()}/configmaps`;
    const create = async (metadata: unknown) =>
      (await send("POST", path, { body: { metadata } })).body.metadata;
    return { path, create };
  };

  /** Pods of a node that is not there: nobody starts or stops them. */
  const pods = async () => {
    const path = `/api/v1/namespaces/${await target.namespace()}/pods`;
    const create = (name: string, rest: { readonly spec?: unknown; readonly finalizers?: unknown } = {}) => {
      const spec = {
        terminationGracePeriodSeconds: 20,
        nodeName: "no-such-node",
        containers: [{ name: "c", image: "i" }],
        ...(rest.spec as object | undefined),
      };
      const metadata = { name, ...(rest.finalizers === undefined ? {} : { finalizers: rest.finalizers }) };
      return send("POST", path, { body: { metadata, spec } });
    };
    const remove = async (name: string, options: Options = {}) =>
      (await send("DELETE", `${path}/${name}`, options)).body;
    const status = async (name: string) => (await send("GET", `${path}/${name}`)).status;
    return { path, create, remove, status };
  };

  const release = (path: string) =>
    send("PATCH", path, { body: { metadata: { finalizers: null } }, contentType: mergePatch });

  test("what waits for nothing is gone at once, and the answer says what it was", async () => {
    const { path, create } = await configMaps();
    const { uid } = await create({ name: "a" });
    const { status, body } = await send("DELETE", `${path}/a`);
    assert.is(status, 200);
    assert.equal(body, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: { name: "a", kind: "configmaps", uid },
    });
    const again = await send("DELETE", `${path}/a`);
    assert.equal([again.status, again.body.message], [404, `configmaps "a" not found`]);
  });

  test("preconditions", async () => {
    const { path, create } = await configMaps();
    const { uid, resourceVersion } = await create({ name: "a" });
    const refused = async (preconditions: unknown) => {
      const { status, body } = await send("DELETE", `${path}/a`, { body: { preconditions } });
      assert.equal([status, body.reason, body.details], [409, "Conflict", { name: "a", kind: "ConfigMap" }]);
      return body.message;
    };
    const begin = `Operation cannot be fulfilled on ConfigMap "a": the `;
    assert.is(
      await refused({ uid: "x" }),
      `${begin}UID in the precondition (x) does not match the UID in record (${uid}). The object might have been ` +
        "deleted and then recreated",
    );
    assert.is(
      await refused({ resourceVersion: "1" }),
      `${begin}ResourceVersion in the precondition (1) does not match the ResourceVersion in record ` +
        `(${resourceVersion}). The object might have been modified`,
    );
    const body = { kind: "DeleteOptions", apiVersion: "v1", preconditions: { uid, resourceVersion } };
    assert.is((await send("DELETE", `${path}/a`, { body })).status, 200);
  });

  test("faults of options", async () => {
    const { path, create } = await configMaps();
    await create({ name: "a" });
    const rows: readonly (readonly [Options, number, string])[] = [
      [{ query: { gracePeriodSeconds: "x" } }, 400, `strconv.ParseInt: parsing "x": invalid syntax`],
      [{ body: { kind: "Pod", apiVersion: "v1" } }, 400, `no kind "Pod" is registered for version "v1"`],
      [
        { body: { propagationPolicy: "X" } },
        422,
        `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "X": supported values: ` +
        `"Foreground", "Background", "Orphan", "nil"`,
      ],
      [
        { body: { propagationPolicy: "Orphan", orphanDependents: true } },
        422,
        `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and ` +
        "deletionPropagation cannot be both set",
      ],
      [
        { body: { dryRun: ["z"] } },
        422,
        `DeleteOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["z"]: supported values: "All"`,
      ],
    ];
    for (const [options, code, message] of rows) {
      const { status, body } = await send("DELETE", `${path}/a`, options);
      assert.is(status, code, JSON.stringify(options));
      assert.ok(body.message.startsWith(message), body.message);
    }
    assert.is((await send("DELETE", `${path}/a`, { body: { unknown: 1, dryRun: ["All"] } })).status, 200);
    assert.is((await send("GET", `${path}/a`)).status, 200);
  });

  test("finalizers are waited for, and no new ones come", async () => {
    const { path, create } = await configMaps();
    await create({ name: "a", finalizers: ["example.com/x"] });
    const { status, body: { metadata } } = await send("DELETE", `${path}/a`);
    assert.is(status, 200);
    assert.match(metadata.deletionTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.is(metadata.deletionGracePeriodSeconds, 0);
    const again = await send("DELETE", `${path}/a`);
    assert.is(again.body.metadata.resourceVersion, metadata.resourceVersion);
    const finalizers = ["example.com/x", "example.com/y"];
    const more = await send("PATCH", `${path}/a`, {
      body: { metadata: { finalizers } },
      contentType: mergePatch,
    });
    assert.equal([more.status, more.body.message], [
      422,
      `ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is ` +
      `being deleted, found new finalizers []string{"example.com/y"}`,
    ]);
    const changed = await send("PATCH", `${path}/a`, { body: { data: { k: "v" } }, contentType: mergePatch });
    assert.is(changed.status, 200);
    const last = await release(`${path}/a`);
    assert.equal([last.status, last.body.metadata.finalizers], [200, undefined]);
    assert.is((await send("GET", `${path}/a`)).status, 404);
    const watch = await target.watch(path, { query: { resourceVersion: metadata.resourceVersion } });
    assert.is((await watch.nextOf("a")).type, "MODIFIED");
    const { type, object } = await watch.nextOf("a");
    assert.equal([type, object.data], ["DELETED", { k: "v" }]);
    watch.close();
  });

  test("when an object is deleted is not for others to say", async () => {
    const { path, create } = await configMaps();
    await create({ name: "a", finalizers: ["example.com/x"] });
    const patch = (deletionTimestamp: string | null): Promise<Reply> =>
      send("PATCH", `${path}/a`, { body: { metadata: { deletionTimestamp } }, contentType: mergePatch });
    assert.is((await patch("2020-01-01T00:00:00Z")).status, 422);
    const { deletionTimestamp } = (await send("DELETE", `${path}/a`)).body.metadata;
    for (const other of ["2020-01-01T00:00:00Z", null]) {
      const late = await patch(other);
      assert.equal([late.status, late.body.metadata.deletionTimestamp], [200, deletionTimestamp]);
    }
    await release(`${path}/a`);
  });

  test("propagation is left to whoever collects garbage, as finalizers", async () => {
    const { path, create } = await configMaps();
    const own = ["example.com/x"];
    const after = async (name: string, finalizers: readonly string[], body: unknown) => {
      await create({ name, finalizers });
      return (await send("DELETE", `${path}/${name}`, { body })).body.metadata.finalizers;
    };
    assert.equal(await after("a", own, { propagationPolicy: "Background" }), own);
    assert.equal(await after("b", own, { propagationPolicy: "Foreground" }), [...own, "foregroundDeletion"]);
    assert.equal(await after("c", own, { propagationPolicy: "Orphan" }), [...own, "orphan"]);
    assert.equal(await after("d", own, { orphanDependents: true }), [...own, "orphan"]);
    assert.equal(await after("e", ["orphan", ...own], { propagationPolicy: "Foreground" }), [
      ...own,
      "foregroundDeletion",
    ]);
    for (const name of "abcde") await release(`${path}/${name}`);
  });

  test("a pod on a node is given its grace period; it only gets shorter", async () => {
    const { create, remove, status } = await pods();
    await create("a");
    const first = (await remove("a")).metadata;
    assert.is(first.deletionGracePeriodSeconds, 20);
    assert.is(first.generation, 2);
    const begun = Date.parse(first.deletionTimestamp) - 20_000;
    const rows: readonly (readonly [Options, number])[] = [
      [{}, 20],
      [{ query: { gracePeriodSeconds: "10" } }, 10],
      [{ body: { gracePeriodSeconds: 15 } }, 10],
      [{ body: { gracePeriodSeconds: 10 } }, 10],
      [{ body: { gracePeriodSeconds: -1 } }, 1],
      [{ body: { gracePeriodSeconds: 1 } }, 1],
    ];
    let version = first.resourceVersion, grace = 20;
    for (const [options, seconds] of rows) {
      const { metadata } = await remove("a", options);
      assert.is(metadata.deletionGracePeriodSeconds, seconds, JSON.stringify(options));
      assert.is((Date.parse(metadata.deletionTimestamp) - begun) / 1000, seconds);
      assert.is(metadata.resourceVersion === version, seconds === grace);
      assert.is(metadata.generation, 2);
      [version, grace] = [metadata.resourceVersion, seconds];
    }
    const last = await remove("a", { body: { gracePeriodSeconds: 0 } });
    assert.equal([last.kind, last.metadata.deletionGracePeriodSeconds], ["Pod", 0]);
    assert.is(await status("a"), 404);
  });

  test("a pod that runs nowhere, or no more, goes at once", async () => {
    const { path, create, remove, status } = await pods();
    await create("a", { spec: { nodeName: undefined, nodeSelector: { "example.com/none": "x" } } });
    assert.is((await remove("a")).metadata.deletionGracePeriodSeconds, 0);
    assert.is(await status("a"), 404);
    await create("b");
    await send("PATCH", `${path}/b/status`, {
      body: { status: { phase: "Succeeded" } },
      contentType: mergePatch,
    });
    assert.is((await remove("b")).kind, "Pod");
    assert.is(await status("b"), 404);
  });

  test("finalizers outlive the grace period, and it outlives them", async () => {
    const { path, create, remove, status } = await pods();
    const finalizers = ["example.com/x"];
    await create("a", { finalizers });
    await remove("a", { query: { gracePeriodSeconds: "0" } });
    assert.is(await status("a"), 200);
    await release(`${path}/a`);
    assert.is(await status("a"), 404);
    await create("b", { finalizers });
    const { metadata } = await remove("b");
    assert.is(secondsBetween(metadata.creationTimestamp, metadata.deletionTimestamp) >= 20, true);
    await release(`${path}/b`);
    assert.is(await status("b"), 200);
    await remove("b", { query: { gracePeriodSeconds: "0" } });
    assert.is(await status("b"), 404);
  });

  test("a dry run tells what would become of it", async () => {
    const { create, remove, status } = await pods();
    await create("a");
    const { metadata } = await remove("a", { query: { dryRun: "All" } });
    assert.is(metadata.deletionGracePeriodSeconds, 20);
    const { metadata: now } = await remove("a", { query: { gracePeriodSeconds: "7" } });
    assert.is(now.deletionGracePeriodSeconds, 7);
    await remove("a", { query: { gracePeriodSeconds: "0", dryRun: "All" } });
    assert.is(await status("a"), 200);
    await remove("a", { query: { gracePeriodSeconds: "0" } });
  });

  test("a collection: what is selected, a page of it, all in their own ways", async () => {
    const { path, create } = await configMaps();
    for (const name of ["a", "b", "c", "d", "e"]) {
      const finalizers = name === "e" ? ["example.com/x"] : [];
      await create({ name, labels: { own: "yes", vowel: `${"ae".includes(name)}` }, finalizers });
    }
    const names = async () =>
      (await send("GET", path, { query: { labelSelector: "own" } })).body.items.map((item: any) =>
        item.metadata.name
      );
    const remove = (query: Readonly<Record<string, string>>, body?: unknown) =>
      send("DELETE", path, { query, ...(body === undefined ? {} : { body }) });
    await remove({ labelSelector: "own", dryRun: "All" });
    assert.equal(await names(), ["a", "b", "c", "d", "e"]);
    const { status, body } = await remove({ labelSelector: "vowel=true" });
    assert.equal([status, body.kind], [200, "ConfigMapList"]);
    assert.equal(body.items.map((item: any) => item.metadata.name), ["a", "e"]);
    assert.equal(await names(), ["b", "c", "d", "e"]);
    await remove({ fieldSelector: "metadata.name=b" });
    assert.equal(await names(), ["c", "d", "e"]);
    const page = await remove({ labelSelector: "own", limit: "1" });
    assert.type(page.body.metadata.continue, "string");
    assert.equal(await names(), ["d", "e"]);
    const conflict = await remove({ labelSelector: "own" }, { preconditions: { uid: "x" } });
    assert.is(conflict.status, 409);
    assert.is((await remove({ labelSelector: "!!" })).status, 400);
    await release(`${path}/e`);
    await remove({ labelSelector: "own" });
    assert.equal(await names(), []);
  });

  test("nothing new comes into a namespace that is being deleted", async () => {
    const { path, create } = await configMaps();
    await create({ name: "hold", finalizers: ["example.com/x"] });
    const name = path.split("/")[4], namespace = `/api/v1/namespaces/${name}`;
    const { status, body } = await send("DELETE", namespace);
    assert.equal([status, body.kind, body.status], [200, "Namespace", { phase: "Terminating" }]);
    assert.type(body.metadata.deletionTimestamp, "string");
    const late = await send("POST", path, { body: { metadata: { name: "late" } } });
    assert.equal([late.status, late.body.reason, late.body.message], [
      403,
      "Forbidden",
      `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
    ]);
    assert.equal(late.body.details.causes, [{
      reason: "NamespaceTerminating",
      message: `namespace ${name} is being terminated`,
      field: "metadata.namespace",
    }]);
    await release(`${path}/hold`);
  });

  test("some namespaces may not be deleted", async () => {
    for (const name of ["default", "kube-system", "kube-public"]) {
      const { status, body } = await send("DELETE", `/api/v1/namespaces/${name}`, {
        query: { dryRun: "All" },
      });
      assert.equal([status, body.message], [
        403,
        `namespaces "${name}" is forbidden: this namespace may not be deleted`,
      ]);
    }
  });

  test.run();
};
