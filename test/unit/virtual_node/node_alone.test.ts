import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Fault, NodeFacts } from "../../../mod.ts";
import { boundMs, inWorld } from "./world.ts";

const test = suite("a node alone");

test("is registered and Ready from a few names, renews its lease, and never asks for pods", () =>
  inWorld(
    { node: { capacity: { cpu: "4", memory: "8Gi", pods: "10" } } },
    async ({ node, nodeObject, condition, server, spans }) => {
      await node.ready;
      assert.is(condition("Ready"), "True");
      assert.equal(nodeObject()?.status.capacity, { cpu: "4", memory: "8Gi", pods: "10" });
      await server.until(
        "the lease",
        () =>
          server.get("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/lib-1") !== undefined,
        boundMs,
      );
      assert.equal(node.pods(), []);
      assert.equal(spans.filter((span) => span.includes("ListBackend")), []);
    },
  ));

test("says what it is told with setNode, at once", () =>
  inWorld({}, async ({ node, nodeObject, server }) => {
    await node.ready;
    node.setNode({ capacity: { "example.com/gpu": "2" }, labels: { rack: "7" } });
    await server.until(
      "the new capacity and label",
      () =>
        nodeObject()?.status.capacity["example.com/gpu"] === "2" &&
        nodeObject()?.metadata.labels.rack === "7",
      boundMs,
    );
    assert.is(nodeObject()?.status.capacity.cpu, "32");
  }));

test("follows a source: its facts, and its failing ping", async () => {
  let down = false;
  let tell: (facts: NodeFacts) => void = () => {};
  const source = {
    ping: () => {
      if (down) throw new Error("the machine room is dark");
      return Promise.resolve();
    },
    async *node(): AsyncGenerator<NodeFacts> {
      for (;;) yield await new Promise<NodeFacts>((resolve) => tell = resolve);
    },
  };
  await inWorld(
    { source, nodePolicy: { pingPeriodMs: 50 } },
    async ({ node, nodeObject, condition, server }) => {
      await node.ready;
      tell({ conditions: [{ type: "DiskPressure", status: "True", reason: "Full", message: "no room" }] });
      await server.until("the condition of the source", () => condition("DiskPressure") === "True", boundMs);
      down = true;
      await server.until("NotReady", () => condition("Ready") === "False", boundMs);
      const ready = nodeObject()?.status.conditions.find(({ type }: { type: string }) => type === "Ready");
      assert.is(ready.reason, "ProviderUnreachable");
      assert.match(ready.message, /the machine room is dark/);
      down = false;
      await server.until("Ready again", () => condition("Ready") === "True", boundMs);
    },
  );
});

test("tells a handler of failed writes, and goes on until they succeed", async () => {
  const faults: Fault[] = [];
  let refused = 2;
  await inWorld(
    { onNodeWriteFailed: (fault) => void faults.push(fault) },
    async ({ node }) => {
      await node.ready;
      assert.equal(faults.filter(({ _tag }) => _tag === "Unavailable").length, 2);
    },
    (url, init) => {
      if (init?.method !== "POST" || !url.includes("/nodes") || refused-- <= 0) return undefined;
      return new Response('{"kind":"Status","message":"etcd is on holiday","code":500}', { status: 500 });
    },
  );
});

test("is registered again when it is deleted", () =>
  inWorld({}, async ({ node, nodeObject, server }) => {
    await node.ready;
    const { uid } = nodeObject()?.metadata ?? {};
    await server.fetch("https://api.invalid/api/v1/nodes/lib-1", { method: "DELETE", body: "{}" });
    await server.until(
      "a new node",
      () => nodeObject() !== undefined && nodeObject()?.metadata.uid !== uid,
      boundMs,
    );
  }));

test("a handler of failed writes that throws, or rejects, does not keep them from being tried again", async () => {
  const handlers = [
    (): void => {
      throw new Error("the handler is broken");
    },
    (): Promise<void> => Promise.reject(new Error("the handler is broken")),
  ];
  for (const onNodeWriteFailed of handlers) {
    let refused = 0;
    const refuseTwice = (url: string, init?: RequestInit): Response | undefined =>
      init?.method === "POST" && url.includes("/nodes") && ++refused <= 2
        ? new Response("busy", { status: 503 })
        : undefined;
    await inWorld({ onNodeWriteFailed }, async ({ node, condition, lines }) => {
      await node.ready;
      assert.equal([condition("Ready"), refused], ["True", 3]);
      assert.ok(lines.some((line) => line.includes("the handler is broken")), lines.join("\n"));
    }, refuseTwice);
  }
});

test("contradicting options are refused at once, in words", async () => {
  try {
    await inWorld({ nodePolicy: { leaseDurationSeconds: 5, leaseRenewMs: 10_000 } }, () => Promise.resolve());
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /leaseRenewMs is 10000, but the lease lasts only 5 s/);
  }
});

test.run();
