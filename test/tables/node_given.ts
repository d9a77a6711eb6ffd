// What the node's reconciler is given in a cell.
import type { Fault } from "../../core/fault.ts";
import type { Node } from "../../core/kubernetes/node.ts";
import { describeNode } from "../../core/node/describe.ts";
import type { NodeDescription } from "../../core/node/description.ts";
import { emptyNodeMemory, type NodeMemory } from "../../core/node/memory.ts";
import { recordNodeFault } from "../../core/node/outcome.ts";
import { defaultNodePolicy, type NodePolicy } from "../../core/node/policy.ts";
import { reconcileNode } from "../../core/node/reconcile.ts";
import { absent, present, type Seen, unknown } from "../../core/seen.ts";
import { at, run } from "../tools/node_world.ts";
import { type NodeCell, writeFaults } from "./node_cells.ts";
import { faultOf } from "./pod_last_call.ts";

export const desired: NodeDescription = describeNode({
  name: "n1",
  provider: "memory",
  capacity: { cpu: "4000m", memory: "8Gi" },
  addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
  kubeletPort: 10250,
});

/** The node as our own registration leaves it, at 0. */
export const registered: Node = run({ desired: () => desired, until: 0 }).node as Node;

/** The registered node with parts replaced. */
export const rebuilt = (change: {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
}): Node => ({
  metadata: { ...registered.metadata, ...change.metadata },
  spec: { ...registered.spec, ...change.spec },
  status: { ...registered.status, ...change.status },
});

const order = [
  "labels",
  "annotations",
  "taints",
  "spec",
  "conditions",
  "addresses",
  "capacity",
  "allocatable",
  "declaredFeatures",
];

/** Our annotation, with more names than the registration notes. */
export const owning = (
  more: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, string>> => {
  const text = registered.metadata.annotations?.["virtual-kubelet.io/owned"] ?? "{}";
  const owned = JSON.parse(text) as Record<string, string[]>;
  for (const [section, names] of Object.entries(more)) {
    owned[section] = [...owned[section] ?? [], ...names].sort();
  }
  const inOrder = order.filter((section) => section in owned).map((section) => [section, owned[section]]);
  return { "virtual-kubelet.io/owned": JSON.stringify(Object.fromEntries(inOrder)) };
};

export const withoutReady: NonNullable<Node["status"]["conditions"]> = (registered.status.conditions ?? [])
  .filter((condition) => condition.type !== "Ready");

/** Healthy, its lease renewed at 0 and its status written at 0. */
export const settled: NodeMemory = {
  ...emptyNodeMemory,
  lease: { ...emptyNodeMemory.lease, nextAt: 10_000 },
  uid: registered.metadata.uid,
  heartbeatAt: 0,
  ready: "True",
};

const objectOf = (object: NodeCell["object"]): Seen<Node> => {
  switch (object) {
    case "unknown":
      return unknown;
    case "absent":
      return absent;
    case "in sync":
      return present(registered);
    case "foreign":
      return present(rebuilt({ metadata: { annotations: { foreign: "z" } } }));
    case "not ready": {
      const ready = { type: "Ready", status: "False", reason: "Mischief" };
      return present(rebuilt({ status: { conditions: [...withoutReady, ready] } }));
    }
    case "drifted":
      return present(rebuilt({ status: { capacity: { cpu: "4", memory: "9Gi" } } }));
    case "cordoned":
      return present(rebuilt({ spec: { unschedulable: true } }));
    case "cordoned by us": {
      const annotations = owning({ spec: ["unschedulable"] });
      return present(rebuilt({ metadata: { annotations }, spec: { unschedulable: true } }));
    }
    case "another":
      return present(rebuilt({ metadata: { uid: "another" } }));
  }
};

const leases: Readonly<Record<NodeCell["lease"], NodeMemory["lease"]>> = {
  fresh: { sentAt: undefined, nextAt: 10_000, missing: false, failures: 0 },
  due: { sentAt: undefined, nextAt: 5_000, missing: false, failures: 0 },
  "in flight": { sentAt: 4_000, nextAt: undefined, missing: false, failures: 0 },
  missing: { sentAt: undefined, nextAt: 5_000, missing: true, failures: 1 },
  failed: { sentAt: undefined, nextAt: 6_000, missing: false, failures: 3 },
};

const pinged = (last: NodeMemory["ping"]["last"]): NodeMemory["ping"] => ({
  askedAt: undefined,
  nextAt: 9_000,
  last,
  message: last === "failed" ? "back end down" : "",
});

const pingOf = (ping: NodeCell["ping"]): NodeMemory["ping"] =>
  ping === "off" || ping === "unasked"
    ? emptyNodeMemory.ping
    : pinged(ping === "answered" ? "answered" : "failed");

const policyOf = (ping: NodeCell["ping"]): NodePolicy => ({
  ...defaultNodePolicy,
  ping: ping !== "off",
  onPingFailure: ping === "failed, silent" ? "silent" : ping === "failed, ignored" ? "ignore" : "notReady",
});

const versionOf = (observed: Seen<Node>): string =>
  observed._tag === "Present"
    ? `${observed.value.metadata.uid}/${observed.value.metadata.resourceVersion}`
    : observed._tag;

export interface NodeGiven {
  readonly desired: NodeDescription;
  readonly observed: Seen<Node>;
  readonly memory: NodeMemory;
  readonly policy: NodePolicy;
}

const inFlight: NodeMemory["write"] = {
  change: { aspect: "status", drift: "x", wanted: "y", routine: false },
  version: "v",
};

/** What is remembered once the write that the cell calls for has failed, at 4.9 s. */
const afterFault = (given: NodeGiven, fault: Fault): NodeMemory => {
  const { memory, policy } = given;
  const plan = reconcileNode(given.desired, given.observed, memory, at(4_500), policy);
  const write = plan.actions.find(({ _tag }) =>
    _tag === "CreateNode" || _tag === "PatchNode" || _tag === "PatchNodeStatus"
  );
  if (write === undefined || write._tag === "EmitEvent") return memory;
  const { attempts, warnings, echo } = recordNodeFault(plan.memory, write, fault, at(4_900), policy);
  return { ...memory, attempts, warnings, echo };
};

/** The same with another lease, of which nothing else in the memory follows. */
export const withLease = (given: NodeGiven, lease: NodeCell["lease"]): NodeGiven => ({
  ...given,
  memory: { ...given.memory, lease: leases[lease] },
});

/** Every way in which a cell can come about: by each fault of its class. */
export const nodeGivensOf = (cell: NodeCell): readonly NodeGiven[] => {
  const observed = objectOf(cell.object);
  const policy = policyOf(cell.ping);
  const memory: NodeMemory = {
    ...settled,
    lease: leases[cell.lease],
    ping: pingOf(cell.ping),
    heartbeatAt: cell.heartbeat === "due" ? -296_000 : 0,
  };
  const given = { desired: { ...desired, lifecycle: cell.lifecycle }, observed, memory, policy };
  // of another node of our name nothing is remembered but what came of an older one's
  const before = cell.object === "another" ? present(registered) : observed;
  switch (cell.write) {
    case "none":
      return [given];
    case "in flight":
      return [{ ...given, memory: { ...memory, write: inFlight } }];
    case "answered":
      return [{ ...given, memory: { ...memory, echo: { version: versionOf(before), until: 7_000 } } }];
    default:
      return writeFaults[cell.write].map((tag) => ({
        ...given,
        memory: afterFault({ ...given, observed: before }, faultOf(tag)),
      }));
  }
};
