// The life of a node: registration, lease, pings, shutdown.
import { emptyNodeMemory } from "../../core/node/memory.ts";
import { absent, present } from "../../core/seen.ts";
import { type NodeCase, ready } from "./node_case.ts";
import { desired, owning, rebuilt, registered, settled } from "./node_given.ts";

const pinged = { ping: true } as const;

export const lifeCases: readonly NodeCase[] = [
  {
    name: "absent, just created: the lease at once, the node when the watch shows it",
    observed: absent,
    memory: { ...emptyNodeMemory, created: true, echo: { version: "Absent", until: 7_000 } },
    actions: ["RenewLease"],
    wakeAt: 7_000,
    why: "waiting for the watch",
  },
  {
    name: "empty memory, everything there: the lease, no write of the node",
    observed: present(registered),
    memory: emptyNodeMemory,
    actions: ["RenewLease"],
    wakeAt: 300_000,
    why: "in sync",
    body: {
      metadata: {
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n1", uid: registered.metadata.uid }],
      },
      spec: { holderIdentity: "n1", leaseDurationSeconds: 40, renewTime: "2026-01-01T00:00:05.000000Z" },
    },
  },
  {
    name: "the lease missing, the node there: created",
    observed: present(registered),
    memory: { ...settled, lease: { sentAt: undefined, nextAt: 5_000, missing: true, failures: 1 } },
    actions: ["CreateLease"],
    wakeAt: 300_000,
    why: "in sync",
    body: {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name: "n1",
        namespace: "kube-node-lease",
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n1", uid: registered.metadata.uid }],
      },
      spec: { holderIdentity: "n1", leaseDurationSeconds: 40, renewTime: "2026-01-01T00:00:05.000000Z" },
    },
  },
  {
    name: "drained, normal events wanted",
    desired: { ...desired, lifecycle: "drained" },
    observed: present(rebuilt({
      metadata: { annotations: owning({ spec: ["unschedulable"] }) },
      spec: { unschedulable: true },
    })),
    policy: { normalEvents: true },
    actions: ["PatchNodeStatus", "EmitEvent NodeShutdown"],
    wakeAt: 10_000,
    why: "conditions: condition Ready=False NodeShutdown",
  },
  {
    name: "ping due",
    observed: present(registered),
    memory: { ...settled, ping: { askedAt: undefined, nextAt: 5_000, last: "answered", message: "" } },
    policy: pinged,
    actions: ["PingBackend"],
    wakeAt: 10_000,
    why: "in sync",
  },
  {
    name: "ping in flight: no second one",
    observed: present(registered),
    memory: { ...settled, ping: { askedAt: 4_000, nextAt: undefined, last: "answered", message: "" } },
    policy: pinged,
    actions: [],
    wakeAt: 9_000,
    why: "in sync",
  },
  {
    name: "ping overdue: it has failed, and no second one is sent",
    observed: present(registered),
    memory: { ...settled, ping: { askedAt: 0, nextAt: undefined, last: "answered", message: "" } },
    policy: pinged,
    actions: ["PatchNodeStatus", "EmitEvent NodeNotReady"],
    wakeAt: 10_000,
    why: "conditions: condition Ready=False ProviderUnreachable",
  },
  {
    name: "not pinged yet, silent: no lease either",
    observed: present(registered),
    memory: emptyNodeMemory,
    policy: { ping: true, onPingFailure: "silent" },
    actions: ["PingBackend"],
    wakeAt: 10_000,
    why: "the first ping has not been answered",
  },
  {
    name: "not pinged yet after a restart: the lease, no write",
    observed: present(rebuilt({ status: ready("False") })),
    memory: emptyNodeMemory,
    policy: pinged,
    actions: ["RenewLease", "PingBackend"],
    wakeAt: 10_000,
    why: "the first ping has not been answered",
  },
  {
    name: "ping healed: Ready again",
    observed: present(rebuilt({ status: ready("False") })),
    memory: {
      ...settled,
      ready: "False",
      ping: { askedAt: undefined, nextAt: 9_000, last: "answered", message: "" },
    },
    policy: { ping: true, normalEvents: true },
    actions: ["PatchNodeStatus", "EmitEvent NodeReady"],
    wakeAt: 9_000,
    why: "conditions: condition Ready=True KubeletReady",
  },
  {
    name: "started, normal events wanted",
    observed: present(registered),
    memory: { ...settled, ready: undefined },
    policy: { normalEvents: true },
    actions: ["EmitEvent Starting", "EmitEvent NodeReady"],
    wakeAt: 10_000,
    why: "in sync",
  },
  {
    name: "the back end says that it is not ready",
    desired: { ...desired, conditions: [{ type: "Ready", status: "False", reason: "QuotaExceeded" }] },
    observed: present(registered),
    actions: ["PatchNodeStatus", "EmitEvent NodeNotReady"],
    wakeAt: 10_000,
    why: /^conditions: condition Ready=False QuotaExceeded, condition -DiskPressure/,
  },
  {
    name: "several differ: one write, the most urgent",
    desired: { ...desired, lifecycle: "draining", labels: { a: "b" }, capacity: { cpu: "1" }, taints: [] },
    observed: present(rebuilt({ status: ready("Unknown") })),
    actions: ["PatchNodeStatus"],
    wakeAt: 10_000,
    why: "conditions: condition Ready=True KubeletReady",
  },
  {
    name: "the echo has come: goes on",
    observed: present(rebuilt({ status: ready("False") })),
    memory: { ...settled, echo: { version: `${registered.metadata.uid}/older`, until: 6_000 } },
    actions: ["PatchNodeStatus"],
    wakeAt: 10_000,
    why: "conditions: condition Ready=True KubeletReady",
  },
  {
    name: "a heartbeat in the future: a period from now at most",
    observed: present(rebuilt({
      status: {
        conditions: registered.status.conditions?.map((condition) => ({
          ...condition,
          lastHeartbeatTime: "2030-01-01T00:00:00Z",
        })),
      },
    })),
    memory: { ...settled, heartbeatAt: undefined, lease: { ...settled.lease, nextAt: 400_000 } },
    actions: [],
    wakeAt: 305_000,
    why: "in sync",
  },
];
