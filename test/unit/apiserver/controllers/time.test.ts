import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Json, JsonObject } from "../../../../adapters/apiserver/object.ts";
import { Controlled } from "../../../tools/controlled.ts";

const test = suite("controllers: what time does");

const merge = "application/merge-patch+json", strategic = "application/strategic-merge-patch+json";

const timeText = (world: Controlled): string => `${new Date(world.now.wall).toISOString().slice(0, 19)}Z`;

const status = (world: Controlled, ready: string): JsonObject => ({
  allocatable: { cpu: "4", memory: "4Gi", pods: "10" },
  conditions: ready === ""
    ? []
    : [{ type: "Ready", status: ready, reason: "Test", lastHeartbeatTime: timeText(world) }],
});

const addNode = (world: Controlled, name: string, ready = "True", zone = "z"): void => {
  const labels = { "topology.kubernetes.io/zone": zone };
  world.do("POST", "/api/v1/nodes", { metadata: { name, labels }, status: status(world, ready) });
};

const beat = (world: Controlled, name: string, ready = "True"): void => {
  world.do("PATCH", `/api/v1/nodes/${name}/status`, { status: status(world, ready) }, strategic);
};

const lease = (name: string): string =>
  `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`;

const leaseBody = (world: Controlled, name: string): Json => ({
  metadata: { name, namespace: "kube-node-lease" },
  spec: {
    holderIdentity: name,
    leaseDurationSeconds: 40,
    renewTime: `${new Date(world.now.wall).toISOString().slice(0, 23)}000Z`,
  },
});

const podOn = (world: Controlled, name: string, node: string, spec: JsonObject = {}): void => {
  const containers = [{ name: "main", image: "i" }];
  world.do("POST", "/api/v1/namespaces/default/pods", {
    metadata: { name },
    spec: { ...(node === "" ? {} : { nodeName: node }), containers, ...spec },
  });
};

const pod = (world: Controlled, name: string) => world.get(`/api/v1/namespaces/default/pods/${name}`);

const setPod = (world: Controlled, name: string, fields: JsonObject): void => {
  world.do("PATCH", `/api/v1/namespaces/default/pods/${name}/status`, { status: fields }, strategic);
};

// deno-lint-ignore no-explicit-any
const readyOf = (object: any): string =>
  object.status.conditions?.find(({ type }: any) => type === "Ready")?.status;

const taints = (world: Controlled, name: string): readonly string[] =>
  (world.get(`/api/v1/nodes/${name}`).spec.taints ?? []).map(
    ({ key, effect }: Readonly<Record<string, string>>) => `${key?.split("/")[1]}:${effect}`,
  );

const seconds = 1000;

/** One node stays, so that the others are not lost in an outage. */
const withAnchor = (): Controlled => {
  const world = new Controlled();
  addNode(world, "anchor");
  return world;
};

/** Time passes, in which the anchor is alive. */
const pass = (world: Controlled, ms: number): void => {
  for (let left = ms; left > 0; left -= 5 * seconds) {
    world.pass(Math.min(left, 5 * seconds));
    beat(world, "anchor");
  }
};

test("a node that is silent for 50 s is unreachable, to the millisecond", () => {
  const world = withAnchor();
  addNode(world, "n");
  pass(world, 50 * seconds - 1);
  assert.is(readyOf(world.get("/api/v1/nodes/n")), "True");
  pass(world, 1);
  assert.is(readyOf(world.get("/api/v1/nodes/n")), "Unknown");
  assert.equal(taints(world, "n"), ["unreachable:NoSchedule", "unreachable:NoExecute"]);
  beat(world, "n");
  assert.equal(taints(world, "n"), []);
});

test("a node that renews its lease is not silent", () => {
  const world = withAnchor();
  addNode(world, "n");
  world.do("POST", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", leaseBody(world, "n"));
  for (let times = 0; times < 12; times++) {
    pass(world, 10 * seconds);
    world.do("PATCH", lease("n"), leaseBody(world, "n"), merge);
  }
  assert.is(readyOf(world.get("/api/v1/nodes/n")), "True");
  pass(world, 50 * seconds - 1);
  assert.is(readyOf(world.get("/api/v1/nodes/n")), "True");
  pass(world, 1);
  assert.is(readyOf(world.get("/api/v1/nodes/n")), "Unknown");
});

test("a node that has never said anything has 60 s", () => {
  const world = withAnchor();
  addNode(world, "n", "");
  pass(world, 60 * seconds - 1);
  assert.is(readyOf(world.get("/api/v1/nodes/n")), undefined);
  pass(world, 1);
  assert.is(readyOf(world.get("/api/v1/nodes/n")), "Unknown");
});

test("when every node is lost nobody is driven away, until one is back", () => {
  const world = new Controlled();
  addNode(world, "a");
  addNode(world, "b");
  podOn(world, "p", "a");
  world.pass(500 * seconds);
  assert.equal([taints(world, "a"), taints(world, "b")], [["unreachable:NoSchedule"], [
    "unreachable:NoSchedule",
  ]]);
  assert.is(pod(world, "p").metadata.deletionTimestamp, undefined);
  beat(world, "b");
  assert.equal(taints(world, "b"), []);
  assert.equal(taints(world, "a"), ["unreachable:NoSchedule", "unreachable:NoExecute"]);
  world.pass(50 * seconds);
  assert.equal(taints(world, "a"), ["unreachable:NoSchedule"]);
});

test("the pods of a lost node are not ready, and leave after 300 s", () => {
  const world = withAnchor();
  addNode(world, "n");
  podOn(world, "p", "n");
  podOn(world, "stays", "n", { tolerations: [{ operator: "Exists" }] });
  setPod(world, "p", { phase: "Running", conditions: [{ type: "Ready", status: "True" }] });
  pass(world, 50 * seconds);
  assert.is(readyOf(pod(world, "p")), "False");
  pass(world, 300 * seconds - 1);
  assert.is(pod(world, "p").metadata.deletionTimestamp, undefined);
  pass(world, 1);
  assert.is.not(pod(world, "p").metadata.deletionTimestamp, undefined);
  assert.is(pod(world, "p").status.phase, "Running");
  pass(world, 3_000 * seconds);
  assert.is(pod(world, "stays").metadata.deletionTimestamp, undefined);
});

test("a node that comes back in time keeps its pods; the next time they have their whole time", () => {
  const world = withAnchor();
  addNode(world, "n");
  podOn(world, "p", "n");
  pass(world, 340 * seconds);
  beat(world, "n");
  assert.equal(taints(world, "n"), []);
  pass(world, 349 * seconds);
  assert.is(pod(world, "p").metadata.deletionTimestamp, undefined);
  pass(world, 1 * seconds);
  assert.is.not(pod(world, "p").metadata.deletionTimestamp, undefined);
});

test("a kubelet that says it is not ready speaks for its pods, but they leave as well", () => {
  const world = withAnchor();
  addNode(world, "n");
  podOn(world, "p", "n");
  setPod(world, "p", { phase: "Running", conditions: [{ type: "Ready", status: "True" }] });
  beat(world, "n", "False");
  assert.equal(taints(world, "n"), ["not-ready:NoSchedule", "not-ready:NoExecute"]);
  assert.is(readyOf(pod(world, "p")), "True");
  for (let times = 0; times < 30; times++) {
    assert.is(pod(world, "p").metadata.deletionTimestamp, undefined);
    pass(world, 10 * seconds);
    beat(world, "n", "False");
  }
  assert.is.not(pod(world, "p").metadata.deletionTimestamp, undefined);
});

test("a pod of a node that does not exist is collected after 40 s", () => {
  const world = new Controlled();
  podOn(world, "p", "absent");
  world.pass(40 * seconds - 1);
  assert.is(pod(world, "p").status.phase, "Pending");
  world.pass(1);
  assert.is(pod(world, "p"), undefined);
});

test("a node that comes in time has its pods", () => {
  const world = new Controlled();
  podOn(world, "p", "late");
  world.pass(39 * seconds);
  addNode(world, "late");
  world.pass(20 * seconds);
  assert.is(pod(world, "p").metadata.deletionTimestamp, undefined);
  world.do("DELETE", "/api/v1/nodes/late");
  world.pass(39 * seconds);
  assert.is(pod(world, "p").metadata.deletionTimestamp, undefined);
  world.pass(1 * seconds);
  assert.is(pod(world, "p"), undefined);
});

test("of finished pods the oldest go when there are too many", () => {
  const world = new Controlled({ terminatedPodThreshold: 2 });
  addNode(world, "n");
  for (const name of ["b", "a", "d", "c"]) {
    podOn(world, name, "n");
    setPod(world, name, { phase: name === "a" ? "Failed" : "Succeeded" });
    world.pass(1 * seconds);
  }
  world.pass(20 * seconds);
  const left = world.list("/api/v1/namespaces/default/pods").map(({ metadata }) => metadata.name);
  assert.equal(left, ["c", "d"]);
});

test("a namespace says what it waits for, and again when that has changed", () => {
  const world = new Controlled();
  world.do("POST", "/api/v1/namespaces", { metadata: { name: "ns" } });
  const maps = "/api/v1/namespaces/ns/configmaps", finalizers = ["example.com/hold"];
  for (const name of ["a", "b"]) world.do("POST", maps, { metadata: { name, finalizers } });
  world.do("DELETE", "/api/v1/namespaces/ns");
  const message = (type: string): string =>
    world.get("/api/v1/namespaces/ns").status.conditions
      .find((condition: JsonObject) => condition["type"] === type).message;
  assert.match(message("NamespaceContentRemaining"), /configmaps\. has 2 resource instances$/);
  assert.match(message("NamespaceFinalizersRemaining"), /example\.com\/hold in 2 resource instances$/);
  world.do("PATCH", `${maps}/a`, { metadata: { finalizers: null } }, merge);
  world.pass(5 * seconds);
  assert.match(message("NamespaceContentRemaining"), /configmaps\. has 1 resource instances$/);
  world.do("PATCH", `${maps}/b`, { metadata: { finalizers: null } }, merge);
  assert.is(world.get("/api/v1/namespaces/ns"), undefined);
});

test("pods of higher priority are bound first, then older ones", () => {
  const world = new Controlled();
  podOn(world, "old", "");
  world.pass(1 * seconds);
  podOn(world, "young", "");
  world.pass(1 * seconds);
  podOn(world, "urgent", "", { priorityClassName: "system-node-critical" });
  world.do("POST", "/api/v1/nodes", {
    metadata: { name: "n" },
    status: { ...status(world, "True"), allocatable: { cpu: "4", memory: "4Gi", pods: "2" } },
  });
  const bound = world.list("/api/v1/namespaces/default/pods").filter((each) => each["spec"] !== undefined)
    // deno-lint-ignore no-explicit-any
    .filter((each: any) => each.spec.nodeName === "n").map(({ metadata }) => metadata.name);
  assert.equal(bound, ["old", "urgent"]);
});

/** What a pod may require in vain, and what it is told. */
const obstacles: readonly (readonly [string, JsonObject, RegExp])[] = [
  [
    "required pod affinity",
    {
      affinity: {
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "zone" }] },
      },
    },
    /does not know required pod affinity\. Take it out/,
  ],
  [
    "required pod anti-affinity",
    {
      affinity: {
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "zone" }] },
      },
    },
    /does not know required pod anti-affinity\. Take it out/,
  ],
  [
    "topology spread",
    {
      topologySpreadConstraints: [{
        maxSkew: 1,
        topologyKey: "zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: {},
      }],
    },
    /does not know topology spread constraints/,
  ],
  [
    "a claim that is not bound",
    { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "unbound" } }] },
    /^0\/1 nodes are available: pod has unbound immediate PersistentVolumeClaims\. not found$/,
  ],
];

for (const [what, spec, message] of obstacles) {
  test(`a pod is not bound and says why: ${what}`, () => {
    const world = new Controlled();
    addNode(world, "n");
    world.do("POST", "/api/v1/namespaces/default/persistentvolumeclaims", {
      metadata: { name: "unbound" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    podOn(world, "p", "", spec);
    const [condition] = pod(world, "p").status.conditions;
    assert.equal([condition.status, condition.reason], ["False", "Unschedulable"]);
    assert.match(condition.message, message);
    const [event] = world.list("/api/v1/namespaces/default/events")
      .filter((each) => each["reason"] === "FailedScheduling");
    assert.is(event?.["message"], condition.message);
  });
}

test.run();
