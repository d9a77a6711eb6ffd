import { suite } from "uvu";
import * as assert from "uvu/assert";
import { amountsAt, podRequests } from "../../../adapters/apiserver/controllers/scheduler/amounts.ts";
import { podsOfNode } from "../../../adapters/apiserver/controllers/pods_by_node.ts";
import { isTolerated, tolerationsOf } from "../../../adapters/apiserver/controllers/tolerations.ts";
import type { ApiObject, Json, JsonObject } from "../../../adapters/apiserver/object.ts";
import type { Change } from "../../../adapters/apiserver/response.ts";
import { listed } from "../../../adapters/apiserver/store.ts";
import { taintsOf } from "../../../adapters/apiserver/controllers/node_facts.ts";
import { Controlled } from "../../tools/controlled.ts";
import fc, { share } from "../../tools/fast_check.ts";

const test = suite("controllers: properties");

/** What people, kubelets and time do to a cluster. */
type Command =
  | {
    readonly do: "node";
    readonly node: number;
    readonly cpu: number;
    readonly pods: number;
    readonly taint: string;
  }
  | { readonly do: "gone" | "beat" | "unready"; readonly node: number }
  | { readonly do: "cordon"; readonly node: number; readonly on: boolean }
  | {
    readonly do: "pod";
    readonly pod: number;
    readonly cpu: number;
    readonly init: number;
    readonly tolerates: string;
    readonly seconds: number;
    readonly port: number;
    readonly selects: string;
    readonly owner: number;
    readonly finalizer: boolean;
  }
  | { readonly do: "end" | "delete" | "kill" | "release"; readonly pod: number }
  | { readonly do: "pass"; readonly seconds: number }
  | { readonly do: "restart" };

const node = fc.nat({ max: 4 }), pod = fc.nat({ max: 11 });
const key = fc.constantFrom("", "a", "b");

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("node" as const),
      node,
      cpu: fc.integer({ min: 0, max: 4 }),
      pods: fc.integer({ min: 0, max: 4 }),
      taint: key,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("gone" as const, "beat" as const, "unready" as const), node }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cordon" as const), node, on: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("pod" as const),
      pod,
      cpu: fc.integer({ min: 0, max: 3 }),
      init: fc.integer({ min: 0, max: 4 }),
      tolerates: key,
      seconds: fc.constantFrom(0, 7, 300),
      port: fc.constantFrom(0, 0, 80),
      selects: fc.constantFrom("", "", "even"),
      owner: fc.integer({ min: -8, max: 4 }),
      finalizer: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("end" as const, "delete" as const, "kill" as const, "release" as const),
      pod,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("pass" as const), seconds: fc.constantFrom(1, 9, 31, 400) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
);

/** Requests at once: controllers are called again with some of theirs unsent. */
const atOnce = fc.constantFrom(1, 2, 3, 200);

const nodePath = (index: number): string => `/api/v1/nodes/n${index}`;
const podPath = (index: number): string => `/api/v1/namespaces/default/pods/p${index}`;

const merge = "application/merge-patch+json", strategic = "application/strategic-merge-patch+json";

const ready = (world: Controlled, status: string): JsonObject => ({
  conditions: [{
    type: "Ready",
    status,
    lastHeartbeatTime: new Date(world.now.wall).toISOString().slice(0, 19) + "Z",
  }],
});

const nodeBody = (world: Controlled, { node, cpu, pods, taint }: Extract<Command, { do: "node" }>): Json => ({
  metadata: { name: `n${node}`, labels: { parity: node % 2 === 0 ? "even" : "odd" } },
  spec: taint === "" ? {} : { taints: [{ key: taint, effect: "NoExecute" }] },
  status: { allocatable: { cpu: `${cpu}`, memory: "1Gi", pods: `${pods}` }, ...ready(world, "True") },
});

const podBody = (world: Controlled, command: Extract<Command, { do: "pod" }>): Json => {
  const { pod, cpu, init, tolerates, seconds, port, selects, owner, finalizer } = command;
  const resources = (amount: number): JsonObject => ({ requests: { cpu: `${amount}` } });
  const uid = owner < 0 ? undefined : world.get(nodePath(owner))?.metadata.uid ?? "gone";
  return {
    metadata: {
      name: `p${pod}`,
      ...(finalizer ? { finalizers: ["example.com/hold"] } : {}),
      ...(uid === undefined
        ? {}
        : { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: `n${owner}`, uid }] }),
    },
    spec: {
      ...(selects === "" ? {} : { nodeSelector: { parity: selects } }),
      tolerations: tolerates === "" ? [] : [{
        key: tolerates,
        operator: "Exists",
        effect: "NoExecute",
        ...(seconds === 0 ? {} : { tolerationSeconds: seconds }),
      }],
      initContainers: init === 0 ? [] : [{ name: "init", image: "i", resources: resources(init) }],
      containers: [{
        name: "main",
        image: "i",
        resources: resources(cpu),
        ...(port === 0 ? {} : { ports: [{ containerPort: port, hostPort: port }] }),
      }],
    },
  };
};

/** Many of these are refused: there is no such node or pod, or there is one already. */
const carryOut = (world: Controlled, command: Command): readonly Change[] => {
  switch (command.do) {
    case "node":
      return world.do("POST", "/api/v1/nodes", nodeBody(world, command));
    case "gone":
      return world.do("DELETE", nodePath(command.node));
    case "beat":
      return world.do(
        "PATCH",
        `${nodePath(command.node)}/status`,
        { status: ready(world, "True") },
        strategic,
      );
    case "unready":
      return world.do(
        "PATCH",
        `${nodePath(command.node)}/status`,
        { status: ready(world, "False") },
        strategic,
      );
    case "cordon":
      return world.do("PATCH", nodePath(command.node), { spec: { unschedulable: command.on } }, merge);
    case "pod":
      return world.do("POST", "/api/v1/namespaces/default/pods", podBody(world, command));
    case "end":
      return world.do("PATCH", `${podPath(command.pod)}/status`, { status: { phase: "Succeeded" } }, merge);
    case "delete":
      return world.do("DELETE", podPath(command.pod));
    case "kill":
      return world.do("DELETE", podPath(command.pod), { gracePeriodSeconds: 0 });
    case "release":
      return world.do("PATCH", podPath(command.pod), { metadata: { finalizers: null } }, merge);
    case "pass":
      return world.pass(command.seconds * 1000);
    case "restart":
      return world.restart();
  }
};

// deno-lint-ignore no-explicit-any
const deep = (object: ApiObject): any => object;

const nodeOf = (pod: ApiObject): string => deep(pod).spec.nodeName ?? "";
const takes = (pod: ApiObject): boolean => !["Succeeded", "Failed"].includes(deep(pod).status.phase);

const portsOf = (pod: ApiObject): readonly number[] =>
  // deno-lint-ignore no-explicit-any
  deep(pod).spec.containers.flatMap(({ ports = [] }: any) => ports.map(({ hostPort }: any) => hostPort));

/** A much simpler judge of whether a pod may run beside others on a node: it knows only what the commands make. */
const couldRun = (pod: ApiObject, node: ApiObject, others: readonly ApiObject[]): boolean => {
  const allocatable = amountsAt(node, "status", "allocatable");
  const cpu = [...others, pod].reduce((sum, each) => sum + (podRequests(each)["cpu"] ?? 0), 0);
  const own = podRequests(pod)["cpu"] ?? 0;
  const selector = deep(pod).spec.nodeSelector?.parity;
  return others.length < (allocatable["pods"] ?? 0) &&
    (own === 0 || cpu <= (allocatable["cpu"] ?? 0)) &&
    (selector === undefined || node.metadata.labels?.["parity"] === selector) &&
    deep(node).spec.unschedulable !== true &&
    taintsOf(node).every((taint) => isTolerated(tolerationsOf(pod), taint)) &&
    portsOf(pod).every((port) => !others.some((other) => portsOf(other).includes(port)));
};

/** Looks at every binding when it is made: the pod may run there, beside those that are there. */
const checkBindings = (
  before: { readonly nodes: ReadonlyMap<string, ApiObject>; readonly pods: Map<string, ApiObject> },
  changes: readonly Change[],
): void => {
  const nodes = new Map(before.nodes), pods = before.pods;
  for (const { resource, type, object, previous } of changes) {
    const { name } = object.metadata;
    if (resource === "nodes") {
      if (type === "DELETED") nodes.delete(name);
      else nodes.set(name, object);
    }
    if (resource !== "pods") continue;
    if (previous !== undefined && type === "MODIFIED" && nodeOf(previous) === "" && nodeOf(object) !== "") {
      const others = [...pods.values()].filter((other) => nodeOf(other) === nodeOf(object) && takes(other));
      const on = nodes.get(nodeOf(object));
      assert.ok(on !== undefined, `${name} was bound to ${nodeOf(object)}, which is not there`);
      assert.ok(couldRun(object, on, others), `${name} was bound to ${nodeOf(object)}, where it may not run`);
    }
    if (type === "DELETED") pods.delete(name);
    else pods.set(name, object);
  }
};

const named = (objects: readonly ApiObject[]): Map<string, ApiObject> =>
  new Map(objects.map((object) => [object.metadata.name, object]));

const checkWaiting = (pods: readonly ApiObject[], nodes: readonly ApiObject[]): void => {
  for (const pod of pods) {
    if (nodeOf(pod) !== "" || !takes(pod) || pod.metadata.deletionTimestamp !== undefined) continue;
    for (const node of nodes) {
      const others = pods.filter((other) => nodeOf(other) === node.metadata.name && takes(other));
      assert.not(
        couldRun(pod, node, others),
        `${pod.metadata.name} waits though ${node.metadata.name} could run it`,
      );
    }
    // deno-lint-ignore no-explicit-any
    const condition = deep(pod).status.conditions?.find(({ type }: any) => type === "PodScheduled");
    assert.is(condition?.reason, "Unschedulable", `${pod.metadata.name} does not say why it waits`);
  }
};

const checkIndex = (world: Controlled, pods: readonly ApiObject[]): void => {
  for (const name of ["", ...pods.map(nodeOf)]) {
    assert.equal(podsOfNode(world.control.pods, name), pods.filter((pod) => nodeOf(pod) === name));
  }
};

/** Events, and words on why a pod waits that were true when they were said. */
const isTalk = ({ resource, object, previous }: Change): boolean =>
  resource === "events" ||
  (resource === "pods" && previous !== undefined && nodeOf(object) === "" && takes(object) &&
    object.metadata.deletionTimestamp === undefined);

test("whatever happens: no node is overbooked, nobody waits in vain, and everything comes to rest", () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 40 }), atOnce, (commands, requestsAtOnce) => {
      const world = new Controlled({ terminatedPodThreshold: 3, requestsAtOnce });
      for (const each of commands) {
        const before = {
          nodes: named(listed(world.state, "nodes")),
          pods: named(listed(world.state, "pods")),
        };
        checkBindings(before, carryOut(world, each));
        const nodes = listed(world.state, "nodes"), pods = listed(world.state, "pods");
        checkWaiting(pods, nodes);
        checkIndex(world, pods);
        assert.equal(world.refused, []);
        assert.ok(world.wakeAt === undefined || world.wakeAt > world.mono);
        // nothing is left to do, also for controllers that have forgotten everything
        assert.equal(world.settle([]), []);
        const { state, control } = world;
        assert.equal(world.restart().filter((change) => !isTalk(change)), []);
        world.state = state;
        world.control = control;
        world.settle([]);
      }
    }),
    share(0.05),
  );
});

test("in the end a cluster of lost nodes is empty of pods that would have left, and its namespaces can be deleted", () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 25 }), (commands) => {
      const world = new Controlled();
      for (const each of commands) carryOut(world, each);
      for (const { metadata } of listed(world.state, "pods")) {
        world.do("PATCH", `/api/v1/namespaces/default/pods/${metadata.name}`, {
          metadata: { finalizers: null },
        }, merge);
      }
      for (const { metadata } of listed(world.state, "nodes")) {
        world.do("DELETE", `/api/v1/nodes/${metadata.name}`);
      }
      world.pass(100_000);
      assert.equal(listed(world.state, "pods").filter((pod) => nodeOf(pod) !== ""), []);
      world.do("POST", "/api/v1/namespaces", { metadata: { name: "extra" } });
      world.do("DELETE", "/api/v1/namespaces/extra");
      assert.is(world.get("/api/v1/namespaces/extra"), undefined);
      assert.equal(world.refused, []);
    }),
    share(0.05),
  );
});

test.run();
