// What `reconcileNode` asks for, answered by a real API server: as an administrator, and as the node's own identity
// under the Node authorizer and NodeRestriction.
import * as E from "fp-ts/lib/Either.js";
import process from "node:process";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "../../adapters/connect.ts";
import type { ApiPort } from "../../adapters/ports.ts";
import type { EmitEvent } from "../../core/action.ts";
import type { Fault } from "../../core/fault.ts";
import { decodeNode, type Node, type NodeCondition } from "../../core/kubernetes/node.ts";
import {
  type ApiRequest,
  deleteNode,
  getObject,
  leasePath,
  nodePath,
  patchNode,
  patchNodeStatus,
} from "../../core/kubernetes/request.ts";
import { faultOfStatus, parseStatus } from "../../core/kubernetes/status.ts";
import { describeNode } from "../../core/node/describe.ts";
import type { NodeDescription } from "../../core/node/description.ts";
import { emptyNodeMemory, type NodeMemory } from "../../core/node/memory.ts";
import { recordNodeDone, recordNodeFault } from "../../core/node/outcome.ts";
import { reconcileNode } from "../../core/node/reconcile.ts";
import { saysShutdown } from "../../core/node/ready.ts";
import { absent, present, type Seen } from "../../core/seen.ts";
import type { Now } from "../../core/time.ts";
import { mustRun } from "../tools/child.ts";
import { testUnless } from "../tools/skip.ts";

const kubeconfig = process.env.VK_TEST_KUBECONFIG;
if (kubeconfig === undefined || kubeconfig === "") {
  throw new Error("VK_TEST_KUBECONFIG must name the admin kubeconfig of a cluster that tests may write to");
}

const scripts = process.env.VK_TEST_CONTROLPLANE;
const instance = process.env.VK_TEST_CONTROLPLANE_DIR;
const noIdentity = scripts === undefined || instance === undefined
  ? "VK_TEST_CONTROLPLANE and VK_TEST_CONTROLPLANE_DIR do not name a control plane that gives node identities"
  : undefined;

const boundMs = 20_000;
const never = new AbortController().signal;
const now = (): Now => ({ mono: performance.now(), wall: Date.now() });

/** Sends, and gives the fault of every answer that is not a success. */
const send = async (api: ApiPort, request: ApiRequest): Promise<E.Either<Fault, string>> => {
  const answer = await api.send({ ...request, discardAnswer: false }, never);
  if (E.isLeft(answer)) return answer;
  const { status, text, retryAfterMs } = answer.right;
  return status < 300 ? E.right(text) : E.left(faultOfStatus(status, parseStatus(text), retryAfterMs));
};

const must = async (api: ApiPort, request: ApiRequest): Promise<string> => {
  const answer = await send(api, request);
  if (E.isLeft(answer)) throw new Error(`${request.method} ${request.path}: ${JSON.stringify(answer.left)}`);
  return answer.right;
};

const read = async (api: ApiPort, name: string): Promise<Seen<Node>> => {
  const answer = await send(api, getObject(nodePath(name)));
  if (E.isLeft(answer)) {
    assert.is(answer.left._tag, "NotFound", answer.left.message);
    return absent;
  }
  const node = decodeNode(JSON.parse(answer.right));
  if (E.isLeft(node)) throw new Error(node.left.problems.join("; "));
  return present(node.right);
};

interface Settled {
  readonly memory: NodeMemory;
  readonly node: Node;
  /** The writes of the node, with the tag of their fault. */
  readonly writes: readonly string[];
  readonly leases: readonly string[];
  readonly events: readonly EmitEvent[];
}

interface Reading {
  readonly desired: NodeDescription;
  readonly memory?: NodeMemory;
  /** Seen in the place of the first look, as by a late watch. */
  readonly first?: Seen<Node>;
}

/** Reconciles against the server until there is nothing to do, or only something that is held back for long. */
const settle = async (api: ApiPort, { desired, first, ...start }: Reading): Promise<Settled> => {
  let memory = start.memory ?? emptyNodeMemory;
  let stale = first;
  const writes: string[] = [];
  const leases: string[] = [];
  const events: EmitEvent[] = [];
  const bound = now().mono + boundMs;
  for (;;) {
    assert.ok(now().mono < bound, `settled within ${boundMs} ms: ${writes.join(", ")}`);
    const observed = stale ?? await read(api, desired.name);
    stale = undefined;
    const plan = reconcileNode(desired, observed, memory, now());
    memory = plan.memory;
    for (const action of plan.actions) {
      if (action._tag === "EmitEvent") events.push(action);
      if (!("request" in action)) continue;
      const answer = await send(api, action.request);
      const label = E.isLeft(answer) ? `${action._tag} ${answer.left._tag}` : action._tag;
      (/Lease$/.test(action._tag) ? leases : writes).push(label);
      memory = E.isLeft(answer)
        ? recordNodeFault(memory, action, answer.left, now())
        : recordNodeDone(memory, action, now());
    }
    const soon = plan.wakeAt !== undefined && plan.wakeAt < now().mono + 5_000;
    if (plan.actions.length > 0) continue;
    if (!soon && observed._tag === "Present") return { memory, node: observed.value, writes, leases, events };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const conditionOf = (node: Node, type: string): NodeCondition | undefined =>
  node.status.conditions?.find((condition) => condition.type === type);

/** Without those of the node controller, which come and go as it likes. */
const stableTaints = (node: Node) =>
  (node.spec.taints ?? []).filter(({ key }) => !key.startsWith("node.kubernetes.io/"));

const taintsOf = (node: Node): readonly string[] =>
  stableTaints(node).map(({ key, effect }) => `${key}:${effect}`);

/** Without what the control plane adds by itself. */
const addressesOf = (node: Node): readonly string[] =>
  (node.status.addresses ?? []).map(({ type, address }) => `${type}=${address}`);

interface Subject {
  readonly who: "admin" | "node";
  readonly name: string;
  readonly admin: ApiPort;
  readonly api: ApiPort;
}

const opened: (() => Promise<void>)[] = [];

const open = async (path: string): Promise<ApiPort> => {
  const connected = await connect({ kubeconfig: path });
  opened.push(connected.close);
  return connected.api;
};

const run = Math.random().toString(36).slice(2, 8);

const subjectOf = async (who: Subject["who"]): Promise<Subject> => {
  const name = `vk-node-${who}-${run}`;
  const admin = await open(kubeconfig);
  if (who === "admin" || noIdentity !== undefined) return { who, name, admin, api: admin };
  const path = await mustRun(join(scripts ?? "", "node-kubeconfig"), [instance ?? "", name]);
  return { who, name, admin, api: await open(path.trim()) };
};

const describe = (name: string): NodeDescription =>
  describeNode({
    name,
    provider: "memory",
    capacity: { cpu: "4000m", memory: "8192Mi", pods: "110", "example.com/gpu": "2" },
    addresses: [{ type: "InternalIP", address: "10.0.0.1" }, { type: "InternalIP", address: "fd00::1" }],
    labels: { "example.com/pool": "a" },
    annotations: { "example.com/note": "b" },
    conditions: [{ type: "GpuReady", status: "True", reason: "Found" }],
    kubeletPort: 10250,
  });

const suiteOf = (who: Subject["who"]): void => {
  const test = suite(`reconcileNode on a real API server, as ${who}`);
  const reason = who === "node" ? noIdentity : undefined;
  const opening = subjectOf(who);
  const cell = (name: string, body: (subject: Subject, desired: NodeDescription) => Promise<void>): void =>
    testUnless(reason, test, name, async () => {
      const subject = await opening;
      await body(subject, describe(subject.name));
    });

  let memory = emptyNodeMemory;

  cell("one write registers it: Ready, with its taint, resources and addresses", async ({ api }, desired) => {
    const settled = await settle(api, { desired });
    memory = settled.memory;
    assert.equal(settled.writes, ["CreateNode"]);
    assert.is(settled.leases.at(-1), "CreateLease");
    assert.is(conditionOf(settled.node, "Ready")?.status, "True");
    assert.equal(taintsOf(settled.node), ["virtual-kubelet.io/provider:NoSchedule"]);
    assert.is(settled.node.status.capacity?.cpu, "4", "the server spells quantities its own way");
    assert.equal(addressesOf(settled.node), ["InternalIP=10.0.0.1", "InternalIP=fd00::1"]);
    assert.equal(settled.events, []);
  });

  cell("started again with no memory: nothing is written but the lease", async ({ api }, desired) => {
    const settled = await settle(api, { desired });
    assert.equal([...settled.writes, ...settled.leases], ["RenewLease"]);
  });

  cell("the lease is owned by the node, and comes back when it is deleted", async (subject, desired) => {
    const { api, admin, name } = subject;
    const lease = JSON.parse(await must(api, getObject(leasePath(name))));
    const node = (await settle(api, { desired })).node;
    assert.equal(lease.metadata.ownerReferences, [{
      apiVersion: "v1",
      kind: "Node",
      name,
      uid: node.metadata.uid,
    }]);
    assert.is(lease.spec.holderIdentity, name);
    assert.is(lease.spec.leaseDurationSeconds, 40);
    await must(admin, { method: "DELETE", path: leasePath(name) });
    assert.equal((await settle(api, { desired })).leases, ["RenewLease NotFound", "CreateLease"]);
  });

  cell("drift: ours is healed, what is another's stays", async ({ api, admin, name }, desired) => {
    await must(
      admin,
      patchNode(name, {
        metadata: {
          labels: { type: "x", foreign: "1" },
          annotations: { "example.com/note": null, foreign: "2" },
        },
      }),
    );
    await must(
      admin,
      patchNodeStatus(name, {
        status: {
          capacity: { "foreign.io/x": "3", memory: "1Gi" },
          conditions: [{ type: "Ready", status: "False", reason: "Mischief" }, {
            type: "Foreign",
            status: "True",
          }],
          addresses: [{ $patch: "replace" }, { type: "ExternalIP", address: "1.2.3.4" }],
        },
      }),
    );
    const settled = await settle(api, { desired, memory });
    memory = settled.memory;
    const { node } = settled;
    assert.equal(settled.writes, ["PatchNodeStatus", "PatchNodeStatus", "PatchNode"]);
    assert.is(conditionOf(node, "Ready")?.reason, "KubeletReady");
    assert.is(conditionOf(node, "Foreign")?.status, "True");
    assert.equal([node.metadata.labels?.type, node.metadata.labels?.foreign], ["virtual-kubelet", "1"]);
    assert.equal(
      [node.metadata.annotations?.["example.com/note"], node.metadata.annotations?.foreign],
      ["b", "2"],
    );
    assert.equal([node.status.capacity?.memory, node.status.capacity?.["foreign.io/x"]], ["8Gi", "3"]);
    assert.equal(addressesOf(node), ["InternalIP=10.0.0.1", "InternalIP=fd00::1", "ExternalIP=1.2.3.4"]);
    const gpu = conditionOf(node, "GpuReady");
    assert.is(gpu?.status, "True");
    assert.ok((gpu?.lastTransitionTime ?? "") <= (gpu?.lastHeartbeatTime ?? ""));
  });

  cell("what we set and no longer want goes; the rest of it stays", async ({ api }, desired) => {
    const { "example.com/pool": _pool, ...labels } = desired.labels;
    const { "example.com/gpu": _gpu, ...capacity } = desired.capacity;
    const leaner: NodeDescription = {
      ...desired,
      labels,
      capacity,
      annotations: {},
      conditions: desired.conditions.filter((condition) => condition.type !== "GpuReady"),
      addresses: [{ type: "InternalIP", address: "10.0.0.2" }],
      kubeletPort: undefined,
      nodeInfo: { ...desired.nodeInfo, kernelVersion: "6.1" },
      providerID: `vk://${desired.name}`,
    };
    const { node } = await settle(api, { desired: leaner });
    assert.is(node.metadata.labels?.["example.com/pool"], undefined);
    assert.is(node.metadata.labels?.foreign, "1");
    assert.is(node.metadata.annotations?.["example.com/note"], undefined);
    assert.is(node.metadata.annotations?.foreign, "2");
    assert.is(node.status.capacity?.["example.com/gpu"], undefined);
    assert.is(node.status.allocatable?.["example.com/gpu"], undefined);
    assert.is(node.status.capacity?.["foreign.io/x"], "3");
    assert.is(conditionOf(node, "GpuReady"), undefined);
    assert.is(conditionOf(node, "Foreign")?.status, "True");
    assert.equal(addressesOf(node), ["InternalIP=10.0.0.2", "ExternalIP=1.2.3.4"]);
    assert.is(node.status.daemonEndpoints?.kubeletEndpoint?.Port, 0);
    assert.is(node.status.nodeInfo?.kernelVersion, "6.1");
    assert.is(node.spec.providerID, `vk://${desired.name}`);
    assert.equal((await settle(api, { desired: leaner })).writes, [], "settled for good");
    await settle(api, { desired });
  });

  cell("the heartbeat moves lastHeartbeatTime and nothing else", async ({ api }, desired) => {
    const before = await settle(api, { desired });
    const due = { ...before.memory, heartbeatAt: now().mono - 300_000 };
    const after = await settle(api, { desired, memory: due });
    assert.equal(after.writes, ["PatchNodeStatus"]);
    const times = (node: Node) => node.status.conditions?.map((condition) => condition.lastTransitionTime);
    assert.equal(times(after.node), times(before.node));
  });

  cell("taints: an administrator's are merged, a node may not change its own", async (subject, desired) => {
    const { api, admin, name } = subject;
    const foreign = { key: "foreign", value: "1", effect: "NoSchedule" };
    const node = (await settle(api, { desired })).node;
    await must(
      admin,
      patchNode(name, { spec: { taints: [...node.spec.taints ?? [], foreign] } }),
    );
    const changed = {
      ...desired,
      taints: [{ key: "mine", effect: "NoExecute" }],
      labels: { ...desired.labels, l: "1" },
    };
    const settled = await settle(api, { desired: changed });
    assert.is(settled.node.metadata.labels?.l, "1", "the labels arrive all the same");
    if (subject.who === "admin") {
      // the node controller writes taints too, so that one of ours may have to be made again
      assert.equal(settled.writes.filter((write) => write !== "PatchNode Conflict"), [
        "PatchNode",
        "PatchNode",
      ]);
      assert.equal(taintsOf(settled.node), ["foreign:NoSchedule", "mine:NoExecute"]);
      const none = await settle(api, { desired: { ...desired, taints: [] } });
      assert.equal(stableTaints(none.node), [foreign]);
    } else {
      assert.equal(settled.writes, ["PatchNode Forbidden", "PatchNode"]);
      assert.equal(taintsOf(settled.node), ["virtual-kubelet.io/provider:NoSchedule", "foreign:NoSchedule"]);
      assert.equal(settled.events.map((event) => [event.type, event.reason]), [[
        "Warning",
        "NodeWriteRefused",
      ]]);
      const again = await settle(api, { desired: changed, memory: settled.memory });
      assert.equal([...again.writes, ...again.events], [], "not tried again for now");
    }
    await must(admin, patchNode(name, { spec: { taints: [foreign] } }));
    await must(admin, patchNode(name, { spec: { taints: desired.taints } }));
    await settle(api, { desired });
  });

  // a node's is refused before it comes to that
  const adminCell = who === "admin" ? cell : () => {};
  adminCell(
    "a taint patch made from an older object is a Conflict, and then goes through",
    async (subject, desired) => {
      const { api, admin, name } = subject;
      const first = await read(api, name);
      await must(admin, patchNode(name, { metadata: { annotations: { foreign: "3" } } }));
      const tainted = { ...desired, taints: [...desired.taints, { key: "late", effect: "NoSchedule" }] };
      const settled = await settle(api, { desired: tainted, first });
      assert.is(settled.writes[0], "PatchNode Conflict");
      assert.is(settled.writes.at(-1), "PatchNode");
      assert.ok(taintsOf(settled.node).includes("late:NoSchedule"));
      await settle(api, { desired });
    },
  );

  cell("a quantity that is none is refused; Ready changes all the same", async ({ api }, desired) => {
    const broken: NodeDescription = {
      ...desired,
      capacity: { ...desired.capacity, cpu: "many" },
      conditions: [...desired.conditions, { type: "Ready", status: "False", reason: "Broken" }],
    };
    const settled = await settle(api, { desired: broken });
    assert.equal(settled.writes, ["PatchNodeStatus", "PatchNodeStatus Rejected"]);
    assert.is(conditionOf(settled.node, "Ready")?.reason, "Broken");
    assert.equal(settled.events.map((event) => event.reason).sort(), ["NodeNotReady", "NodeWriteRefused"]);
    await settle(api, { desired });
  });

  cell("drain: cordoned, then NotReady; running again: uncordoned and Ready", async ({ api }, desired) => {
    const draining = await settle(api, { desired: { ...desired, lifecycle: "draining" } });
    assert.is(draining.node.spec.unschedulable, true);
    assert.not(saysShutdown(draining.node));
    const drained = await settle(api, { desired: { ...desired, lifecycle: "drained" } });
    assert.ok(saysShutdown(drained.node));
    const { node } = await settle(api, { desired });
    assert.is(node.spec.unschedulable ?? false, false);
    assert.is(conditionOf(node, "Ready")?.status, "True");
  });

  cell("created already, seen too late: no second node", async ({ api, name }, desired) => {
    const before = await read(api, name);
    const settled = await settle(api, { desired, first: absent });
    assert.equal(settled.writes, ["CreateNode AlreadyExists"]);
    assert.is(settled.node.metadata.uid, before._tag === "Present" ? before.value.metadata.uid : "");
  });

  cell("deleted: it registers again, whole", async ({ api, admin, name }, desired) => {
    const before = await settle(api, { desired });
    await must(admin, deleteNode(name, before.node.metadata.uid));
    const after = await settle(api, { desired, memory: before.memory });
    assert.equal(after.writes, ["CreateNode"]);
    assert.is.not(after.node.metadata.uid, before.node.metadata.uid);
    assert.equal(taintsOf(after.node), ["virtual-kubelet.io/provider:NoSchedule"]);
    const lease = JSON.parse(await must(api, getObject(leasePath(name))));
    assert.is(lease.metadata.ownerReferences[0].uid, after.node.metadata.uid);
  });

  cell("a label kept for others is refused to a node, and said so", async ({ api, who }, desired) => {
    const labelled = { ...desired, labels: { ...desired.labels, "kubernetes.io/role": "agent" } };
    const settled = await settle(api, { desired: labelled });
    assert.equal(settled.writes, [who === "admin" ? "PatchNode" : "PatchNode Forbidden"]);
    if (who === "admin") return;
    assert.equal(settled.events.map((event) => event.reason), ["NodeWriteRefused"]);
    assert.match(settled.events[0]?.message ?? "", /kubernetes\.io\/role.*NodeRestriction/);
  });

  cell("clean up", async ({ admin, name }) => {
    const node = await read(admin, name);
    if (node._tag === "Present") await must(admin, deleteNode(name, node.value.metadata.uid));
    await send(admin, { method: "DELETE", path: leasePath(name) });
  });

  test.run();
};

suiteOf("admin");
suiteOf("node");

const closing = suite("clean up");
closing("connections are closed", async () => {
  await Promise.all(opened.map((close) => close()));
});
closing.run();
