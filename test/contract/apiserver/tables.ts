import { suite } from "uvu";
import * as assert from "uvu/assert";
import { columnsByPath } from "./rows/columns.ts";
import type { Body } from "./rows/row.ts";
import type { Reply, Target } from "./target.ts";

const form = (as: string, version = "v1"): string => `application/json;as=${as};v=${version};g=meta.k8s.io`;
const table = form("Table");

const namesOf = (reply: Reply): readonly string[] =>
  reply.body.columnDefinitions.map(({ name }: Body) => name);

/** Columns and cells of what `kubectl get` shows, and the other forms that an answer can have. */
export const tablesContract = (target: Target): void => {
  const test = suite(`${target.name}: tables`);

  const made = async (name: string, body: Body = {}): Promise<string> => {
    const path = `/api/v1/namespaces/${await target.namespace()}/configmaps`;
    await target.send("POST", path, { body: { metadata: { name, labels: { a: "b" } }, ...body } });
    return path;
  };

  test("an object is a table of one row, with its metadata", async () => {
    const path = await made("a", { data: { x: "1", y: "2" } });
    const reply = await target.send("GET", `${path}/a`, { headers: { accept: table } });
    assert.is(reply.status, 200, reply.text);
    const { kind, apiVersion, metadata, columnDefinitions, rows } = reply.body;
    assert.is(kind, "Table");
    assert.is(apiVersion, "meta.k8s.io/v1");
    assert.equal(metadata, { resourceVersion: rows[0].object.metadata.resourceVersion });
    assert.equal(columnDefinitions.map(({ description: _, ...rest }: Body) => rest), [
      { name: "Name", type: "string", format: "name", priority: 0 },
      { name: "Data", type: "string", format: "", priority: 0 },
      { name: "Age", type: "string", format: "", priority: 0 },
    ]);
    assert.is(rows.length, 1);
    assert.equal(rows[0].cells.slice(0, 2), ["a", 2]);
    assert.match(rows[0].cells[2], /^\d+s$/);
    assert.is(rows[0].object.kind, "PartialObjectMetadata");
    assert.is(rows[0].object.apiVersion, "meta.k8s.io/v1");
    assert.equal(rows[0].object.metadata.labels, { a: "b" });
    assert.is(rows[0].object.data, undefined);
  });

  test("a list is a table with the list's metadata", async () => {
    const path = await made("a");
    await target.send("POST", path, { body: { metadata: { name: "b" } } });
    const query = { limit: "1", labelSelector: "a=b" };
    const reply = await target.send("GET", path, { headers: { accept: table }, query });
    assert.equal(reply.body.rows.map((row: Body) => row.cells[0]), ["a"]);
    const first = await target.send("GET", path, { headers: { accept: table }, query: { limit: "1" } });
    assert.type(first.body.metadata.continue, "string");
    assert.type(first.body.metadata.resourceVersion, "string");
  });

  test("includeObject says how much of each object a row has", async () => {
    const path = await made("a", { data: { x: "1" } });
    const read = (includeObject: string): Promise<Reply> =>
      target.send("GET", `${path}/a`, { headers: { accept: table }, query: { includeObject } });
    assert.is((await read("None")).body.rows[0].object, null);
    assert.equal((await read("Object")).body.rows[0].object.data, { x: "1" });
    assert.is((await read("Metadata")).body.rows[0].object.kind, "PartialObjectMetadata");
    const bad = await read("Foo");
    assert.is(bad.status, 400);
    const why = "includeObject: Invalid value: \"Foo\": must be 'Metadata', 'Object', 'None', or empty";
    assert.is(bad.body.message, `Unable to convert to Table as requested: ${why}`);
  });

  test("metadata alone", async () => {
    const path = await made("a", { data: { x: "1" } });
    const one = await target.send("GET", `${path}/a`, { headers: { accept: form("PartialObjectMetadata") } });
    assert.is(one.body.kind, "PartialObjectMetadata");
    assert.is(one.body.apiVersion, "meta.k8s.io/v1");
    assert.is(one.body.metadata.name, "a");
    assert.is(one.body.data, undefined);
    const all = await target.send("GET", path, { headers: { accept: form("PartialObjectMetadataList") } });
    assert.is(all.body.kind, "PartialObjectMetadataList");
    assert.type(all.body.metadata.resourceVersion, "string");
    assert.ok(all.body.items.every((item: Body) => item.kind === "PartialObjectMetadata"));
    assert.ok(all.body.items.some((item: Body) => item.metadata.name === "a"));
  });

  test("a list is no object, an object is no list", async () => {
    const path = await made("a");
    const list = await target.send("GET", path, { headers: { accept: form("PartialObjectMetadata") } });
    assert.is(list.status, 406);
    assert.is(list.body.reason, "NotAcceptable");
    const asked =
      "you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)";
    assert.is(list.body.message, asked);
    const one = await target.send("GET", `${path}/a`, {
      headers: { accept: form("PartialObjectMetadataList") },
    });
    assert.is(one.status, 406);
  });

  const accepted: Readonly<Record<string, readonly [string, number, string]>> = {
    "nothing said": ["*/*", 200, "ConfigMap"],
    "an older table": [form("Table", "v1beta1"), 200, "Table"],
    "tables of tomorrow, or the object": [`${form("Table", "v2")},application/json`, 200, "ConfigMap"],
    "something else, or the object": [`${form("Foo")},application/json`, 200, "ConfigMap"],
    "the object before a table": [`application/json,${table}`, 200, "ConfigMap"],
    "a table rather than the object": [`application/json;q=0.1,${table};q=0.9`, 200, "Table"],
    "a page, or anything": ["text/html,*/*;q=0.1", 200, "ConfigMap"],
    "bytes, or the object": ["application/cbor,application/json", 200, "ConfigMap"],
    "as kubectl asks": [`${table},${form("Table", "v1beta1")},application/json`, 200, "Table"],
    "tables of tomorrow": [form("Table", "v2"), 406, "Status"],
    "a page": ["text/html", 406, "Status"],
    "anything of an application": ["application/*", 406, "Status"],
  };

  for (const [why, [accept, status, kind]] of Object.entries(accepted)) {
    test(`accepts ${why}`, async () => {
      const path = await made("a");
      const reply = await target.send("GET", `${path}/a`, { headers: { accept } });
      assert.is(reply.status, status, reply.text);
      assert.is(reply.body.kind, kind);
      if (status === 406) assert.is(reply.body.reason, "NotAcceptable");
    });
  }

  test("what is accepted is asked before what is there", async () => {
    const path = await made("a");
    assert.is((await target.send("GET", `${path}/b`, { headers: { accept: "text/html" } })).status, 406);
    const missing = await target.send("GET", `${path}/b`, { headers: { accept: table } });
    assert.is(missing.status, 404);
    assert.is(missing.body.kind, "Status");
  });

  test("YAML", async () => {
    const path = await made("a", { data: { x: "1" } });
    const reply = await target.send("GET", `${path}/a`, { headers: { accept: "application/yaml" } });
    assert.is(reply.status, 200, reply.text);
    assert.match(reply.headers.get("content-type") ?? "", /^application\/yaml/);
    assert.match(reply.text, /^apiVersion: v1$/m);
    assert.match(reply.text, /^ {2}x: "1"$/m);
  });

  test("what is written is told as a table, too", async () => {
    const path = await made("a");
    const headers = { accept: table };
    const created = await target.send("POST", path, { headers, body: { metadata: { name: "b" } } });
    assert.is(created.status, 201);
    assert.equal(created.body.rows[0].cells.slice(0, 2), ["b", 0]);
    const deleted = await target.send("DELETE", `${path}/b`, { headers });
    assert.is(deleted.body.kind, "Status");
  });

  test("a watch tells tables, and their columns once", async () => {
    const path = await made("a", { data: { x: "1" } });
    const query = { fieldSelector: "metadata.name=a" };
    const watch = await target.watch(path, { headers: { accept: table }, query });
    try {
      const first = await watch.next();
      assert.is(first?.type, "ADDED");
      assert.is(first?.object.kind, "Table");
      assert.equal(first?.object.columnDefinitions.map(({ name }: Body) => name), ["Name", "Data", "Age"]);
      assert.equal(first?.object.rows[0].cells.slice(0, 2), ["a", 1]);
      const body = { data: { y: "2" } };
      await target.send("PATCH", `${path}/a`, { body, contentType: "application/merge-patch+json" });
      const second = await watch.next();
      assert.is(second?.type, "MODIFIED");
      assert.is(second?.object.columnDefinitions, null);
      assert.equal(second?.object.rows[0].cells.slice(0, 2), ["a", 2]);
    } finally {
      watch.close();
    }
  });

  test("a watch tells metadata alone, with bookmarks of the same form", async () => {
    const path = await made("a", { data: { x: "1" } });
    const query = {
      fieldSelector: "metadata.name=a",
      allowWatchBookmarks: "true",
      sendInitialEvents: "true",
      resourceVersionMatch: "NotOlderThan",
      resourceVersion: "",
    };
    const watch = await target.watch(path, { headers: { accept: form("PartialObjectMetadata") }, query });
    try {
      const first = await watch.next();
      assert.is(first?.object.kind, "PartialObjectMetadata");
      assert.is(first?.object.data, undefined);
      const end = await watch.next();
      assert.is(end?.type, "BOOKMARK");
      assert.is(end?.object.kind, "PartialObjectMetadata");
      assert.equal(end?.object.metadata.annotations, { "k8s.io/initial-events-end": "true" });
    } finally {
      watch.close();
    }
  });

  for (const [path, names] of Object.entries(columnsByPath)) {
    test(`columns of ${path}`, async () => {
      const reply = await target.send("GET", path, { headers: { accept: table }, query: { limit: "1" } });
      assert.is(reply.status, 200, reply.text);
      assert.equal(namesOf(reply), names);
      for (const row of reply.body.rows) assert.is(row.cells.length, names.length);
    });
  }

  test.run();
};
