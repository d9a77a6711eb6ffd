import { suite } from "uvu";
import * as assert from "uvu/assert";
import { unique } from "./asking.ts";
import type { Body } from "./rows/row.ts";
import type { Reply, Target } from "./target.ts";

const merge = "application/merge-patch+json";

/** The causes, without what the real API server prints of its own insides. */
const faults = ({ body }: Reply): readonly string[] =>
  (body.details?.causes ?? []).map(({ field, message }: Body) => `${field}: ${message.split("\n", 1)[0]}`);

interface Made {
  readonly path: string;
  readonly object: Body;
  patch(body: Body, subresource?: string): Promise<Reply>;
  put(body: Body, subresource?: string): Promise<Reply>;
}

/** What may change of objects that are there, and what is kept of them, by kind. */
export const changesContract = (target: Target): void => {
  const test = suite(`${target.name}: changes`);

  const make = async (collection: string, body: Body): Promise<Made> => {
    const created = await target.send("POST", collection, { body });
    assert.is(created.status, 201, created.text);
    const path = `${collection}/${created.body.metadata.name}`;
    return {
      path,
      object: created.body,
      patch: (patch, subresource = "") =>
        target.send("PATCH", `${path}${subresource}`, { body: patch, contentType: merge }),
      put: (next, subresource = "") => target.send("PUT", `${path}${subresource}`, { body: next }),
    };
  };

  const namespaced = async (plural: string, body: Body, base = "/api/v1"): Promise<Made> =>
    make(`${base}/namespaces/${await target.namespace()}/${plural}`, { metadata: { name: "x" }, ...body });

  const set = "Forbidden: field is immutable when `immutable` is set";

  test("what was declared immutable never changes", async () => {
    for (const plural of ["configmaps", "secrets"]) {
      const { patch } = await namespaced(plural, { data: { a: "aGk=" }, immutable: true });
      const reply = await patch({ immutable: false, data: { a: "aG8=" } });
      assert.is(reply.status, 422);
      assert.equal(faults(reply), [`immutable: ${set}`, `data: ${set}`]);
      assert.is((await patch({ metadata: { labels: { a: "b" } } })).status, 200);
    }
  });

  test("a secret keeps its type", async () => {
    const { object, patch, put } = await namespaced("secrets", { type: "a/b" });
    assert.equal(faults(await patch({ type: "c/d" })), ['type: Invalid value: "c/d": field is immutable']);
    const { type: _, ...rest } = object;
    const kept = await put({ ...rest, stringData: { a: "hi" } });
    assert.is(kept.status, 422, "what says no type is opaque");
  });

  test("texts of a secret are written once, and never told", async () => {
    const { patch } = await namespaced("secrets", { stringData: { a: "hi" } });
    const { body } = await patch({ stringData: { b: "ho" } });
    assert.equal(body.data, { a: "aGk=", b: "aG8=" });
    assert.is(body.stringData, undefined);
  });

  const port = { port: 80 };

  test("a service keeps its address and its node ports", async () => {
    const { object, patch, put } = await namespaced("services", {
      spec: { ports: [port], type: "NodePort" },
    });
    const { clusterIP, ports } = object.spec;
    assert.match(clusterIP, /^10\.96\./);
    assert.ok(ports[0].nodePort >= 30000 && ports[0].nodePort <= 32767);
    const kept = await put({ metadata: { name: "x" }, spec: { ports: [port], type: "NodePort" } });
    assert.is(kept.status, 200, kept.text);
    assert.equal(kept.body.spec, object.spec);
    assert.equal(faults(await patch({ spec: { clusterIP: "10.96.255.7", clusterIPs: ["10.96.255.7"] } })), [
      'spec.clusterIPs[0]: Invalid value: ["10.96.255.7"]: may not change once set',
    ]);
    const inner = await patch({ spec: { type: "ClusterIP" } });
    assert.is(inner.status, 200, inner.text);
    assert.equal(inner.body.spec.ports, [{ protocol: "TCP", port: 80, targetPort: 80 }]);
    assert.is(inner.body.spec.clusterIP, clusterIP);
    const name = await patch({ spec: { type: "ExternalName", externalName: "a.b" } });
    assert.is(name.status, 200, name.text);
    assert.is(name.body.spec.clusterIP, undefined);
  });

  test("an address and a node port are one service's", async () => {
    const { object } = await namespaced("services", { spec: { ports: [port], type: "NodePort" } });
    const services = `/api/v1/namespaces/${await target.namespace()}/services`;
    const other = (spec: Body): Promise<Reply> =>
      target.send("POST", services, { body: { metadata: { name: "y" }, spec: { ports: [port], ...spec } } });
    const { clusterIP } = object.spec, { nodePort } = object.spec.ports[0];
    assert.equal(faults(await other({ clusterIP })), [
      `spec.clusterIPs: Invalid value: ["${clusterIP}"]: failed to allocate IP ${clusterIP}: provided IP is already allocated`,
    ]);
    assert.equal(faults(await other({ clusterIP: "1.2.3.4" })), [
      'spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided network does not match the current range',
    ]);
    assert.equal(faults(await other({ type: "NodePort", ports: [{ ...port, nodePort }] })), [
      `spec.ports[0].nodePort: Invalid value: ${nodePort}: provided port is already allocated`,
    ]);
    assert.equal(faults(await other({ type: "NodePort", ports: [{ ...port, nodePort: 3 }] })), [
      "spec.ports[0].nodePort: Invalid value: 3: provided port is not in the valid range. The range of valid ports is 30000-32767",
    ]);
  });

  test("a binding is of one role", async () => {
    const base = "/apis/rbac.authorization.k8s.io/v1";
    const roleRef = { kind: "Role", name: "a", apiGroup: "rbac.authorization.k8s.io" };
    const { object, put } = await namespaced("rolebindings", { roleRef }, base);
    const reply = await put({ ...object, roleRef: { ...roleRef, name: "b" } });
    assert.is(reply.status, 422);
    assert.is(reply.body.details.causes[0].field, "roleRef");
    assert.match(reply.body.details.causes[0].message, /: cannot change roleRef$/);
  });

  test("a claim is what was asked for", async () => {
    const spec = {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
      storageClassName: "x",
    };
    const { patch } = await namespaced("persistentvolumeclaims", { spec });
    const why =
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    assert.equal(faults(await patch({ spec: { accessModes: ["ReadOnlyMany"] } })), [
      `spec: Forbidden: ${why}`,
    ]);
    assert.is((await patch({ spec: { volumeName: "v" } })).status, 200);
    const status = await patch({ spec: { volumeName: "w" }, status: { phase: "Bound" } }, "/status");
    assert.is(status.body.spec.volumeName, "v");
    assert.is(status.body.status.phase, "Bound");
  });

  test("a runtime class is of one handler", async () => {
    const { path, patch } = await make("/apis/node.k8s.io/v1/runtimeclasses", {
      metadata: { name: unique("class") },
      handler: "a",
    });
    try {
      assert.equal(faults(await patch({ handler: "b" })), [
        'handler: Invalid value: "b": field is immutable',
      ]);
    } finally {
      await target.send("DELETE", path);
    }
  });

  test("a namespace keeps its name's label and its finalizers", async () => {
    const name = unique("changes");
    const { patch, put, path } = await make("/api/v1/namespaces", { metadata: { name } });
    try {
      const { body } = await patch({ metadata: { labels: null }, spec: { finalizers: null } });
      assert.equal(body.metadata.labels, { "kubernetes.io/metadata.name": name });
      assert.equal(body.spec, { finalizers: ["kubernetes"] });
      assert.equal(faults(await patch({ status: { phase: "Terminating" } }, "/status")), [
        "status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty",
      ]);
      const finalized = await put({ metadata: { name }, spec: { finalizers: ["a/b"] } }, "/finalize");
      assert.is(finalized.status, 200, finalized.text);
      assert.equal(finalized.body.spec, { finalizers: ["a/b"] });
      await put({ metadata: { name }, spec: { finalizers: ["kubernetes"] } }, "/finalize");
    } finally {
      await target.send("DELETE", path);
    }
  });

  test("an event is one under two names", async () => {
    const namespace = await target.namespace();
    const event = {
      metadata: { name: "e" },
      regarding: { kind: "Pod", name: "p", namespace },
      eventTime: "2024-01-01T00:00:00.123456Z",
      reportingController: "a/b",
      reportingInstance: "i",
      action: "A",
      reason: "R",
      type: "Normal",
      note: "n",
    };
    const { path } = await make(`/apis/events.k8s.io/v1/namespaces/${namespace}/events`, event);
    const core = await target.send("GET", `/api/v1/namespaces/${namespace}/events/e`);
    assert.is(core.status, 200, core.text);
    const { metadata: { uid }, kind, apiVersion, ...fields } = core.body;
    assert.is(`${apiVersion} ${kind}`, "v1 Event");
    assert.equal(fields, {
      involvedObject: event.regarding,
      reason: "R",
      message: "n",
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      type: "Normal",
      eventTime: event.eventTime,
      action: "A",
      reportingComponent: "a/b",
      reportingInstance: "i",
    });
    const query = { fieldSelector: "regarding.name=p,reportingController=a/b" };
    const listed = await target.send("GET", path.slice(0, -"/e".length), { query });
    assert.equal(listed.body.items.map((item: Body) => item.metadata.uid), [uid]);
    assert.is(listed.body.items[0].note, "n");
    const contentType = merge;
    const changed = await target.send("PATCH", path, { body: { note: "other" }, contentType });
    assert.equal(faults(changed), ['message: Invalid value: "other": field is immutable']);
  });

  test("metadata that never change", async () => {
    const { object, put } = await namespaced("configmaps", {});
    const with_ = (metadata: Body): Body => ({ ...object, metadata: { ...object.metadata, ...metadata } });
    const named = await put(with_({ name: "y" }));
    assert.is(named.status, 400);
    const born = await put(with_({ creationTimestamp: "2001-01-01T00:00:00Z" }));
    assert.is(born.status, 200, "it is kept");
    assert.is(born.body.metadata.creationTimestamp, object.metadata.creationTimestamp);
  });

  test.run();
};
