import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Amounts, podRequests } from "../../../../adapters/apiserver/controllers/scheduler/amounts.ts";
import { explain } from "../../../../adapters/apiserver/controllers/scheduler/explain.ts";
import { unfit, type Wanted } from "../../../../adapters/apiserver/controllers/scheduler/filter.ts";
import {
  anyCollides,
  type HostPort,
  hostPortsOf,
} from "../../../../adapters/apiserver/controllers/scheduler/host_ports.ts";
import {
  emptyNode,
  type NodeInfo,
  offerOf,
  withoutTake,
  withTake,
} from "../../../../adapters/apiserver/controllers/scheduler/node_info.ts";
import {
  nodeWishesOf,
  preferenceFor,
  type Term,
  termMatches,
} from "../../../../adapters/apiserver/controllers/scheduler/node_selector.ts";
import { bestOf } from "../../../../adapters/apiserver/controllers/scheduler/score.ts";
import {
  secondsTolerated,
  tolerates,
  type Toleration,
} from "../../../../adapters/apiserver/controllers/tolerations.ts";
import type { JsonObject } from "../../../../adapters/apiserver/object.ts";
import type { Taint } from "../../../../core/kubernetes/node.ts";
import { storedNode, storedPod } from "../../../tools/controller_objects.ts";

const test = suite("scheduler: filters and scores");

const asking = (cpu: string, rest: JsonObject = {}): JsonObject => ({
  name: "main",
  resources: { requests: { cpu } },
  ...rest,
});

const mebi = 1024 * 1024;

const requests: readonly (readonly [string, JsonObject, Amounts])[] = [
  ["nothing", { containers: [{ name: "main" }] }, {}],
  ["cpu is in thousandths, rounded up", { containers: [asking("1.0005")] }, { cpu: 1001 }],
  [
    "everything else in whole units, rounded up",
    { containers: [{ name: "main", resources: { requests: { memory: "1500m", "example.com/gpu": "2" } } }] },
    { memory: 2, "example.com/gpu": 2 },
  ],
  ["containers run together", { containers: [asking("1"), asking("200m")] }, { cpu: 1200 }],
  [
    "init containers run alone",
    { containers: [asking("100m")], initContainers: [asking("1"), asking("2")] },
    { cpu: 2000 },
  ],
  [
    "init containers that stay run beside the containers",
    { containers: [asking("1")], initContainers: [asking("500m", { restartPolicy: "Always" })] },
    { cpu: 1500 },
  ],
  [
    "init containers run beside those before them that stay",
    {
      containers: [asking("1")],
      initContainers: [asking("5"), asking("500m", { restartPolicy: "Always" }), asking("4700m")],
    },
    { cpu: 5200 },
  ],
  [
    "overhead comes on top",
    { containers: [asking("1")], overhead: { cpu: "50m", memory: "1Mi" } },
    { cpu: 1050, memory: mebi },
  ],
  [
    "what the pod asks for as a whole goes before its containers",
    { containers: [asking("1")], resources: { requests: { cpu: "3" } }, overhead: { cpu: "1" } },
    { cpu: 4000 },
  ],
];

for (const [what, spec, amounts] of requests) {
  test(`a pod's requests: ${what}`, () => assert.equal(podRequests(storedPod("p", { spec })), amounts));
}

const red = { color: "red", size: "5", "with.dot/key": "v" };

const expression = (key: string, operator: string, ...values: string[]): Term => ({
  matchExpressions: [{ key, operator, values }],
});

const terms: readonly (readonly [Term, boolean])[] = [
  [{}, false],
  [{ matchExpressions: [], matchFields: [] }, false],
  [expression("color", "In", "blue", "red"), true],
  [expression("toString", "Exists"), false],
  [expression("color", "NotIn", "red"), false],
  [expression("absent", "NotIn", "red"), true],
  [expression("absent", "In", "red"), false],
  [expression("color", "Exists"), true],
  [expression("absent", "DoesNotExist"), true],
  [expression("size", "Gt", "4"), true],
  [expression("size", "Gt", "5"), false],
  [expression("size", "Lt", "10"), true],
  [expression("size", "Lt", "x"), false],
  [expression("color", "Lt", "10"), false],
  [expression("size", "Near", "5"), false],
  [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n"] }] }, true],
  [{ matchFields: [{ key: "metadata.name", operator: "NotIn", values: ["n"] }] }, false],
  [{
    ...expression("color", "Exists"),
    matchFields: [{ key: "metadata.name", operator: "In", values: ["m"] }],
  }, false],
];

for (const [term, expected] of terms) {
  test(`a term of node affinity: ${JSON.stringify(term)}`, () => {
    assert.is(termMatches(term, red, "n"), expected);
  });
}

test("a preference that says nothing means every node, and weights add up", () => {
  const preferred = [
    { weight: 3, preference: {} },
    { weight: 4, preference: expression("color", "In", "red") },
    { weight: 100, preference: expression("color", "In", "blue") },
  ];
  const affinity = { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } };
  const pod = storedPod("p", { spec: { affinity } as unknown as JsonObject });
  assert.is(preferenceFor(nodeWishesOf(pod), red, "n"), 7);
});

const taint: Taint = { key: "k", value: "v", effect: "NoSchedule" };

const tolerations: readonly (readonly [Toleration, Taint, boolean])[] = [
  [{}, taint, false],
  [{ operator: "Exists" }, taint, true],
  [{ key: "k", operator: "Exists" }, taint, true],
  [{ key: "other", operator: "Exists" }, taint, false],
  [{ key: "k", value: "v" }, taint, true],
  [{ key: "k", operator: "Equal", value: "w" }, taint, false],
  [{ key: "k" }, { key: "k", effect: "NoSchedule" }, true],
  [{ key: "k", value: "v", effect: "NoExecute" }, taint, false],
  [{ key: "k", value: "v", effect: "NoSchedule" }, taint, true],
  [{ key: "k", operator: "Gt", value: "3" }, { ...taint, value: "4" }, true],
  [{ key: "k", operator: "Gt", value: "4" }, { ...taint, value: "4" }, false],
  [{ key: "k", operator: "Lt", value: "5" }, { ...taint, value: "4" }, true],
  [{ key: "k", operator: "Lt", value: "5" }, taint, false],
  [{ key: "k", operator: "Unheard", value: "v" }, taint, false],
];

for (const [toleration, of, expected] of tolerations) {
  test(`${JSON.stringify(toleration)} of ${JSON.stringify(of)}`, () => {
    assert.is(tolerates(toleration, of), expected);
  });
}

const executing = (key: string): Taint => ({ key, effect: "NoExecute" });
const forSeconds = (key: string, tolerationSeconds?: number): Toleration => ({
  key,
  operator: "Exists",
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
});

const stays: readonly (readonly [string, readonly Toleration[], readonly Taint[], number | undefined])[] = [
  ["no taints", [], [], undefined],
  ["not tolerated", [], [executing("a")], 0],
  ["one of two not tolerated", [forSeconds("a")], [executing("a"), executing("b")], 0],
  ["for ever", [forSeconds("a")], [executing("a")], undefined],
  ["for a while", [forSeconds("a", 300)], [executing("a")], 300],
  ["the shortest while", [forSeconds("a", 300), forSeconds("b", 5)], [executing("a"), executing("b")], 5],
  [
    "a while for a taint that is not there",
    [forSeconds("a"), forSeconds("b", 5)],
    [executing("a")],
    undefined,
  ],
  ["a while and for ever", [forSeconds("a"), forSeconds("a", 9)], [executing("a")], 9],
  ["less than nothing", [forSeconds("a", -1)], [executing("a")], 0],
];

for (const [what, tolerated, taints, seconds] of stays) {
  test(`time on a tainted node: ${what}`, () => assert.is(secondsTolerated(tolerated, taints), seconds));
}

const port = (number: number, ip = "0.0.0.0", protocol = "TCP"): HostPort => ({ ip, protocol, port: number });

const ports: readonly (readonly [HostPort, HostPort, boolean])[] = [
  [port(80), port(80), true],
  [port(80), port(81), false],
  [port(80), port(80, "0.0.0.0", "UDP"), false],
  [port(80, "10.0.0.1"), port(80, "10.0.0.2"), false],
  [port(80, "10.0.0.1"), port(80, "10.0.0.1"), true],
  [port(80, "10.0.0.1"), port(80), true],
  [port(80), port(80, "10.0.0.1"), true],
];

for (const [wanted, taken, expected] of ports) {
  test(`${JSON.stringify(wanted)} where ${JSON.stringify(taken)} is taken`, () => {
    assert.is(anyCollides([wanted], [taken]), expected);
  });
}

test("a pod takes the host ports of its containers and of init containers that stay", () => {
  const spec = {
    containers: [{ ports: [{ containerPort: 1, hostPort: 1 }, { containerPort: 2 }] }],
    initContainers: [
      { ports: [{ containerPort: 3, hostPort: 3 }] },
      { restartPolicy: "Always", ports: [{ containerPort: 4, hostPort: 4, protocol: "UDP", hostIP: "::1" }] },
    ],
  };
  assert.equal(hostPortsOf(storedPod("p", { spec })), [port(4, "::1", "UDP"), port(1)]);
});

const wantedBy = (spec: JsonObject): Wanted => {
  const pod = storedPod("p", { spec });
  return {
    requests: podRequests(pod),
    ports: hostPortsOf(pod),
    tolerations: (spec["tolerations"] ?? []) as unknown as readonly Toleration[],
    wishes: nodeWishesOf(pod),
    volumes: [],
  };
};

const offer = offerOf(storedNode("n", {
  metadata: { labels: red },
  spec: { taints: [{ key: "soft", effect: "PreferNoSchedule" }] },
}));
const tainted = offerOf(storedNode("t", { spec: { taints: [{ key: "hard", effect: "NoExecute" }] } }));
const cordoned = offerOf(storedNode("c", { spec: { unschedulable: true } }));

const used = (amounts: Amounts, pods = 1): NodeInfo => ({ ...emptyNode, used: amounts, pods });

const fits: readonly (readonly [string, JsonObject, typeof offer, NodeInfo, string, boolean?])[] = [
  ["an empty node", {}, offer, emptyNode, ""],
  ["exactly the rest", { containers: [asking("500m")] }, offer, used({ cpu: 1500 }), ""],
  ["a little more", { containers: [asking("501m")] }, offer, used({ cpu: 1500 }), "Insufficient cpu", true],
  ["more than there ever is", { containers: [asking("2001m")] }, offer, emptyNode, "Insufficient cpu", false],
  [
    "a node that asks too much of itself, by a pod that asks for nothing",
    {},
    offer,
    used({ cpu: 9000 }),
    "",
  ],
  ["the last place", {}, offer, used({}, 9), ""],
  ["no place", {}, offer, used({}, 10), "Too many pods", true],
  ["a taint", {}, tainted, emptyNode, "node(s) had untolerated taint(s)", false],
  ["a taint, tolerated", { tolerations: [{ operator: "Exists" }] }, tainted, emptyNode, ""],
  ["a cordoned node", {}, cordoned, emptyNode, "node(s) were unschedulable", false],
  [
    "a cordoned node, tolerated",
    { tolerations: [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" }] },
    cordoned,
    emptyNode,
    "",
  ],
  [
    "another selector",
    { nodeSelector: { color: "blue" } },
    offer,
    emptyNode,
    "node(s) didn't match Pod's node affinity/selector",
    false,
  ],
  ["its selector", { nodeSelector: { color: "red" } }, offer, emptyNode, ""],
];

for (const [what, spec, on, info, reason, isForPods] of fits) {
  test(`a pod on ${what}`, () => {
    assert.equal(
      unfit(wantedBy(spec), on, info),
      reason === "" ? undefined : { reasons: [reason], isForPods },
    );
  });
}

test("what a pod takes is given back", () => {
  const take = { requests: { cpu: 5, x: 1 }, ports: [port(80), port(80, "0.0.0.0", "UDP")] };
  const other = { requests: { cpu: 7 }, ports: [port(81)] };
  const info = withoutTake(withTake(withTake(emptyNode, take), other), take);
  assert.equal(info, { used: { cpu: 7, x: 0 }, pods: 1, ports: [port(81)] });
});

test("the emptiest node is taken, the first by name of equal ones", () => {
  const wanted = wantedBy({ containers: [asking("100m")] });
  const at = (name: string, info: NodeInfo) => ({ offer: { ...offer, name }, info });
  assert.is(bestOf(wanted, [at("b", emptyNode), at("a", emptyNode), at("c", emptyNode)])?.offer.name, "a");
  assert.is(bestOf(wanted, [at("a", used({ cpu: 1500 })), at("b", used({ cpu: 500 }))])?.offer.name, "b");
  assert.is(bestOf(wanted, []), undefined);
});

test("a node that discourages is taken last", () => {
  const candidates = [
    { offer: { ...offer, name: "a" }, info: emptyNode },
    { offer: { ...offer, name: "b", discouraging: [] }, info: used({ cpu: 1500 }) },
  ];
  assert.is(bestOf(wantedBy({}), candidates)?.offer.name, "b");
  const tolerant = wantedBy({ tolerations: [{ key: "soft", operator: "Exists" }] });
  assert.is(bestOf(tolerant, candidates)?.offer.name, "a");
});

test("reasons are counted and sorted", () => {
  const full = {
    unfit: { reasons: ["Too many pods", "Insufficient cpu"], isForPods: true },
    hasVictims: false,
  };
  const away = { unfit: { reasons: ["node(s) were unschedulable"], isForPods: false }, hasVictims: false };
  assert.is(
    explain([full, away, full]),
    "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu, 2 Too many pods. " +
      "no new claims to deallocate, preemption: 0/3 nodes are available: " +
      "1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.",
  );
  assert.is(explain([]), "no nodes available to schedule pods");
  assert.match(explain([{ ...full, hasVictims: true }]), /1 Preemption is not done by the scheduler of/);
});

test.run();
