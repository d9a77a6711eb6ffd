import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eventually, unique } from "./asking.ts";
import { conditionOf, createNode, createPod, heartbeat, withNode, writeStatus } from "./cluster_objects.ts";
import type { Reply, Target } from "./target.ts";

interface Taint {
  readonly key: string;
  readonly effect: string;
}

const nodePath = (name: string): string => `/api/v1/nodes/${name}`;

/** The taints that are not the test's own; the real controllers add them in any order. */
const taintsOf = ({ body }: Reply): readonly string[] =>
  ((body.spec?.taints ?? []) as readonly Taint[])
    .filter(({ key }) => key !== "contract/own")
    .map(({ key, effect }) => `${key}:${effect}`)
    .toSorted();

const taintedWith = async (target: Target, name: string, ...taints: readonly string[]): Promise<void> => {
  const reply = await eventually(
    () => target.send("GET", nodePath(name)),
    (node) => taintsOf(node).join() === taints.join(),
  );
  assert.equal(taintsOf(reply), taints);
};

/** Long enough for the real controllers, that look at nodes every few seconds and taint one every ten. */
const boundMs = 150_000;

/** Asks again and again while `alive` says that it is; what is slow is waited for, or its time is skipped. */
const inTime = async (
  target: Target,
  alive: string,
  ask: () => Promise<Reply>,
  isSo: (reply: Reply) => boolean,
): Promise<Reply> => {
  for (const end = performance.now() + boundMs;;) {
    await heartbeat(target, alive);
    const reply = await ask();
    if (isSo(reply) || performance.now() > end) return reply;
    target.skip?.(1_000);
    await new Promise((resolve) => setTimeout(resolve, target.skip === undefined ? 1_000 : 5));
  }
};

const readyPod = async (target: Target, namespace: string, name: string): Promise<void> =>
  await writeStatus(target, `/api/v1/namespaces/${namespace}/pods/${name}`, {
    phase: "Running",
    conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" }],
  });

const orphaned = async (target: Target, alive: string): Promise<void> => {
  const path = `/api/v1/namespaces/${await target.namespace()}/pods`, node = unique("absent");
  const namespace = path.split("/")[4] ?? "";
  await createPod(target, namespace, "held", { nodeName: node }, {
    metadata: { finalizers: ["example.com/hold"] },
  });
  await createPod(target, namespace, "free", { nodeName: node });
  await readyPod(target, namespace, "held");
  const gone = await inTime(target, alive, () => target.send("GET", `${path}/free`), (r) => r.status === 404);
  assert.is(gone.status, 404);
  const held = await inTime(
    target,
    alive,
    () => target.send("GET", `${path}/held`),
    ({ body }) => body.metadata.deletionTimestamp !== undefined,
  );
  assert.is(held.body.status.phase, "Failed");
  assert.is(held.body.metadata.deletionGracePeriodSeconds, 0);
  const { lastTransitionTime: _, ...condition } = conditionOf(held.body, "DisruptionTarget");
  assert.equal(condition, {
    type: "DisruptionTarget",
    status: "True",
    lastProbeTime: null,
    reason: "DeletionByPodGC",
    message: "PodGC: node no longer exists",
    observedGeneration: 1,
  });
  await target.send("PATCH", `${path}/held`, {
    contentType: "application/merge-patch+json",
    body: { metadata: { finalizers: null } },
  });
};

const unbound = async (target: Target, alive: string): Promise<void> => {
  const namespace = await target.namespace(), path = `/api/v1/namespaces/${namespace}/pods/p`;
  await createPod(target, namespace, "p", { nodeSelector: { "contract/own": "of-nobody" } }, {
    metadata: { finalizers: ["example.com/hold"] },
  });
  await target.send("DELETE", path);
  const pod = await inTime(
    target,
    alive,
    () => target.send("GET", path),
    ({ body }) => body.status.phase === "Failed",
  );
  assert.is(pod.body.status.phase, "Failed");
  await target.send("PATCH", path, {
    contentType: "application/merge-patch+json",
    body: { metadata: { finalizers: null } },
  });
};

const unknown = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

const silent = async (target: Target, alive: string): Promise<void> => {
  const name = unique("silent"), namespace = await target.namespace();
  const pod = `/api/v1/namespaces/${namespace}/pods/p`;
  await createNode(target, name);
  try {
    const toleration = { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" };
    const tolerations = [{ ...toleration, tolerationSeconds: 3 }];
    await createPod(target, namespace, "p", { nodeName: name, tolerations });
    await readyPod(target, namespace, "p");
    const lost = await inTime(
      target,
      alive,
      () => target.send("GET", nodePath(name)),
      (node) => taintsOf(node).length === 2,
    );
    assert.equal(taintsOf(lost), [
      "node.kubernetes.io/unreachable:NoExecute",
      "node.kubernetes.io/unreachable:NoSchedule",
    ]);
    for (const type of unknown) assert.is(conditionOf(lost.body, type)?.status, "Unknown", type);
    const ready = conditionOf(lost.body, "Ready"), pressure = conditionOf(lost.body, "MemoryPressure");
    assert.equal([ready.reason, ready.message], [
      "NodeStatusUnknown",
      "Kubelet stopped posting node status.",
    ]);
    assert.equal([pressure.reason, pressure.message], [
      "NodeStatusNeverUpdated",
      "Kubelet never posted node status.",
    ]);
    const evicted = await inTime(
      target,
      alive,
      () => target.send("GET", pod),
      ({ body }) => body.metadata.deletionTimestamp !== undefined,
    );
    assert.is(conditionOf(evicted.body, "Ready").status, "False");
    assert.is(evicted.body.metadata.deletionGracePeriodSeconds, 30);
    const target_ = conditionOf(evicted.body, "DisruptionTarget");
    assert.equal([target_.reason, target_.message], [
      "DeletionByTaintManager",
      "Taint manager: deleting due to NoExecute taint",
    ]);
    await heartbeat(target, name);
    await inTime(
      target,
      alive,
      () => target.send("GET", nodePath(name)),
      (node) => taintsOf(node).length === 0,
    );
    await taintedWith(target, name);
  } finally {
    await target.send("DELETE", nodePath(name));
    await target.send("DELETE", pod, { query: { gracePeriodSeconds: "0" } });
  }
};

/** What becomes of nodes that are not ready, not there or silent, and of their pods. */
export const lostNodesContract = (target: Target): void => {
  const test = suite(`${target.name}: lost nodes`);

  test("a new node takes no pods until it is known to be ready", () =>
    withNode(target, { ready: "False" }, async (name) => {
      await taintedWith(target, name, "node.kubernetes.io/not-ready:NoSchedule");
      await heartbeat(target, name);
      await taintedWith(target, name);
    }));

  test("taints follow the conditions of a node", () =>
    withNode(target, {}, async (name) => {
      await taintedWith(target, name);
      await writeStatus(target, nodePath(name), {
        conditions: ["Memory", "Disk", "PID"].map((what) => ({ type: `${what}Pressure`, status: "True" })),
      });
      await taintedWith(
        target,
        name,
        ...["disk", "memory", "pid"].map((what) => `node.kubernetes.io/${what}-pressure:NoSchedule`),
      );
      await writeStatus(target, nodePath(name), {
        conditions: ["Memory", "Disk", "PID"].map((what) => ({ type: `${what}Pressure`, status: "False" })),
      });
      await taintedWith(target, name);
    }));

  test("a node that is cordoned is tainted until it is not", () =>
    withNode(target, {}, async (name) => {
      await taintedWith(target, name);
      for (
        const [unschedulable, taints] of [[true, ["node.kubernetes.io/unschedulable:NoSchedule"]], [
          false,
          [],
        ]] as const
      ) {
        await target.send("PATCH", nodePath(name), {
          contentType: "application/merge-patch+json",
          body: { spec: { unschedulable } },
        });
        await taintedWith(target, name, ...taints);
      }
    }));

  test("a taint drives away the pods that do not tolerate it", () =>
    withNode(target, {}, async (name) => {
      const namespace = await target.namespace(), pods = `/api/v1/namespaces/${namespace}/pods`;
      await createPod(target, namespace, "goes", { nodeName: name, terminationGracePeriodSeconds: 7 });
      await createPod(target, namespace, "stays", {
        nodeName: name,
        tolerations: [{ key: "example.com/leave", operator: "Exists" }],
      });
      await taintedWith(target, name);
      const { body } = await target.send("GET", nodePath(name));
      const taints = [...body.spec.taints, { key: "example.com/leave", effect: "NoExecute" }];
      await target.send("PATCH", nodePath(name), {
        contentType: "application/merge-patch+json",
        body: { spec: { taints } },
      });
      const gone = await eventually(
        () => target.send("GET", `${pods}/goes`),
        (reply) => reply.body.metadata?.deletionTimestamp !== undefined,
      );
      assert.is(gone.body.metadata.deletionGracePeriodSeconds, 7);
      assert.is(conditionOf(gone.body, "DisruptionTarget")?.reason, "DeletionByTaintManager");
      const events = await eventually(
        () =>
          target.send("GET", `/api/v1/namespaces/${namespace}/events`, {
            query: { fieldSelector: "reason=TaintManagerEviction" },
          }),
        (reply) => reply.body.items.length > 0,
      );
      const [event] = events.body.items;
      assert.is(event.message, `Marking for deletion Pod ${namespace}/goes`);
      assert.equal(event.source, { component: "taint-eviction-controller" });
      const stays = await target.send("GET", `${pods}/stays`);
      assert.is(stays.body.metadata.deletionTimestamp, undefined);
    }));

  // beside each other: the real controllers take a minute for each
  test("nobody waits for ever for a node that is lost", () =>
    withNode(target, {}, async (alive) => {
      await Promise.all([orphaned(target, alive), unbound(target, alive), silent(target, alive)]);
    }));

  test.run();
};
