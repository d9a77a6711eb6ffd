// What others have made of a node, what we want of it, and the write that mends it (design, promise 6).
import { present } from "../../core/seen.ts";
import { before, type NodeCase, time } from "./node_case.ts";
import { desired, owning, rebuilt, registered, withoutReady } from "./node_given.ts";

export const driftCases: readonly NodeCase[] = [
  {
    name: "Ready set False by another: healed, the others' conditions are not sent",
    observed: present(rebuilt({
      status: {
        conditions: [{ type: "Foreign", status: "True" }, ...withoutReady, {
          type: "Ready",
          status: "False",
          reason: "Mischief",
          lastTransitionTime: "2026-01-01T00:00:03Z",
        }],
      },
    })),
    actions: ["PatchNodeStatus"],
    wakeAt: 10_000,
    why: "conditions: condition Ready=True KubeletReady",
    body: {
      metadata: {},
      status: {
        conditions: [
          ...desired.conditions.map((condition) => ({
            ...condition,
            lastHeartbeatTime: time,
            lastTransitionTime: before,
          })),
          {
            type: "Ready",
            status: "True",
            reason: "KubeletReady",
            message: "kubelet is posting ready status",
            lastHeartbeatTime: time,
            lastTransitionTime: time,
          },
        ],
      },
    },
  },
  {
    name: "a condition of ours that is no longer wanted goes, the ownership with it",
    observed: present(rebuilt({
      metadata: { annotations: owning({ conditions: ["GpuReady"] }) },
      status: {
        conditions: [
          ...registered.status.conditions ?? [],
          { type: "GpuReady", status: "True" },
          { type: "Foreign", status: "True" },
        ],
      },
    })),
    actions: ["PatchNodeStatus"],
    wakeAt: 10_000,
    why: "conditions: condition -GpuReady",
  },
  {
    name: "capacity: another amount is written, another spelling is not",
    observed: present(rebuilt({
      status: {
        capacity: { cpu: "4", memory: "9Gi", "foreign.io/x": "1" },
        allocatable: { cpu: "4000m", memory: "8192Mi" },
      },
    })),
    actions: ["PatchNodeStatus"],
    wakeAt: 10_000,
    why: "status: capacity memory=8Gi",
    body: { metadata: {}, status: { capacity: { memory: "8Gi" } } },
  },
  {
    name: "capacity that we gave and no longer give is removed, another's is not",
    observed: present(rebuilt({
      metadata: { annotations: owning({ capacity: ["example.com/gpu"] }) },
      status: { capacity: { cpu: "4", memory: "8Gi", "foreign.io/x": "1", "example.com/gpu": "2" } },
    })),
    actions: ["PatchNodeStatus"],
    wakeAt: 10_000,
    why: "status: capacity -example.com/gpu",
    body: {
      metadata: { annotations: { "virtual-kubelet.io/owned": owning({})["virtual-kubelet.io/owned"] } },
      status: { capacity: { "example.com/gpu": null } },
    },
  },
  {
    name: "addresses: the whole list, with the types of others",
    desired: {
      ...desired,
      addresses: [{ type: "InternalIP", address: "10.0.0.2" }, { type: "InternalIP", address: "fd00::2" }],
    },
    observed: present(rebuilt({
      status: {
        addresses: [{ type: "InternalIP", address: "10.0.0.1" }, { type: "ExternalIP", address: "1.2.3.4" }],
      },
    })),
    actions: ["PatchNodeStatus"],
    wakeAt: 10_000,
    why: "status: addresses InternalIP=10.0.0.2 InternalIP=fd00::2",
    body: {
      metadata: {},
      status: {
        addresses: [
          { $patch: "replace" },
          { type: "InternalIP", address: "10.0.0.2" },
          { type: "InternalIP", address: "fd00::2" },
          { type: "ExternalIP", address: "1.2.3.4" },
        ],
      },
    },
  },
  {
    name: "the port and the node info",
    desired: { ...desired, kubeletPort: undefined, nodeInfo: { ...desired.nodeInfo, kernelVersion: "6.1" } },
    observed: present(registered),
    actions: ["PatchNodeStatus"],
    wakeAt: 10_000,
    why: "status: port 0, nodeInfo kernelVersion=6.1",
    body: {
      metadata: {},
      status: { daemonEndpoints: { kubeletEndpoint: { Port: 0 } }, nodeInfo: { kernelVersion: "6.1" } },
    },
  },
  {
    name: "declared features: ours are set, sorted, others' stay",
    desired: { ...desired, declaredFeatures: ["Zeta", "Beta"] },
    observed: present(rebuilt({ status: { declaredFeatures: ["Mine"] } })),
    actions: ["PatchNodeStatus"],
    wakeAt: 10_000,
    why: "status: features Beta Mine Zeta",
    body: {
      metadata: { annotations: owning({ declaredFeatures: ["Beta", "Zeta"] }) },
      status: { declaredFeatures: ["Beta", "Mine", "Zeta"] },
    },
  },
  {
    name: "declared features: an API server that drops them is told once",
    desired: { ...desired, declaredFeatures: ["Beta"] },
    observed: present(rebuilt({ metadata: { annotations: owning({ declaredFeatures: ["Beta"] }) } })),
    actions: [],
    wakeAt: 10_000,
    why: "in sync",
  },
  {
    name: "declared features: what is no longer declared goes",
    desired,
    observed: present(rebuilt({
      metadata: { annotations: owning({ declaredFeatures: ["Beta"] }) },
      status: { declaredFeatures: ["Beta", "Mine"] },
    })),
    actions: ["PatchNodeStatus"],
    wakeAt: 10_000,
    why: "status: features Mine",
    body: { metadata: { annotations: owning({}) }, status: { declaredFeatures: ["Mine"] } },
  },
  {
    name: "labels and annotations: ours are set, old ones of ours go, others' stay",
    desired: { ...desired, labels: { ...desired.labels, zone: "b" }, annotations: { note: "new" } },
    observed: present(rebuilt({
      metadata: {
        labels: { ...registered.metadata.labels, zone: "a", old: "x", foreign: "y" },
        annotations: { ...owning({ labels: ["old", "zone"] }), foreign: "z" },
      },
    })),
    actions: ["PatchNode"],
    wakeAt: 10_000,
    why: "metadata: label zone=b, label -old, annotation note=new",
    body: {
      metadata: {
        labels: { zone: "b", old: null },
        annotations: { note: "new", ...owning({ labels: ["zone"], annotations: ["note"] }) },
      },
    },
  },
  {
    name: "a node without our annotation: nothing is removed, the ownership is written",
    observed: present(rebuilt({
      metadata: { annotations: { foreign: "z" }, labels: { ...registered.metadata.labels, foreign: "y" } },
    })),
    actions: ["PatchNode"],
    wakeAt: 10_000,
    why: "metadata: ownership",
    body: { metadata: { labels: {}, annotations: owning({}) } },
  },
  {
    name: "an unreadable annotation counts as none",
    observed: present(rebuilt({ metadata: { annotations: { "virtual-kubelet.io/owned": "{nonsense" } } })),
    actions: ["PatchNode"],
    wakeAt: 10_000,
    why: "metadata: ownership",
    body: { metadata: { labels: {}, annotations: owning({}) } },
  },
  {
    name: "what we owned and somebody else removed is not removed again",
    observed: present(rebuilt({ metadata: { annotations: owning({ labels: ["ghost"] }) } })),
    actions: ["PatchNode"],
    wakeAt: 10_000,
    why: "metadata: ownership",
    body: { metadata: { labels: {}, annotations: owning({}) } },
  },
  {
    name: "taints: the whole list under the resourceVersion, others' as they are, old ones of ours gone",
    desired: { ...desired, taints: [{ key: "a", value: "2", effect: "NoSchedule" }] },
    observed: present(rebuilt({
      metadata: { annotations: owning({ taints: ["a:NoSchedule"] }) },
      spec: {
        taints: [
          { key: "a", value: "1", effect: "NoSchedule" },
          { key: "node.kubernetes.io/unreachable", effect: "NoExecute", timeAdded: before },
          { key: "virtual-kubelet.io/provider", value: "memory", effect: "NoSchedule" },
        ],
      },
    })),
    actions: ["PatchNode"],
    wakeAt: 10_000,
    why: "taints: taint a=2:NoSchedule, taint -virtual-kubelet.io/provider:NoSchedule",
    body: {
      metadata: {
        resourceVersion: registered.metadata.resourceVersion,
        annotations: {
          "virtual-kubelet.io/owned": (owning({})["virtual-kubelet.io/owned"] ?? "").replace(
            "virtual-kubelet.io/provider:NoSchedule",
            "a:NoSchedule",
          ),
        },
      },
      spec: {
        taints: [
          { key: "node.kubernetes.io/unreachable", effect: "NoExecute", timeAdded: before },
          { key: "a", value: "2", effect: "NoSchedule" },
        ],
      },
    },
  },
  {
    name: "draining: cordoned",
    desired: { ...desired, lifecycle: "draining" },
    observed: present(registered),
    actions: ["PatchNode"],
    wakeAt: 10_000,
    why: "spec: cordon",
    body: { metadata: { annotations: owning({ spec: ["unschedulable"] }) }, spec: { unschedulable: true } },
  },
  {
    name: "running again after our drain: uncordoned",
    observed: present(rebuilt({
      metadata: { annotations: owning({ spec: ["unschedulable"] }) },
      spec: { unschedulable: true },
    })),
    actions: ["PatchNode"],
    wakeAt: 10_000,
    why: "spec: uncordon",
    body: { metadata: { annotations: owning({}) }, spec: { unschedulable: null } },
  },
  {
    name: "providerID: set while it is empty",
    desired: { ...desired, providerID: "vk://n1" },
    observed: present(registered),
    actions: ["PatchNode"],
    wakeAt: 10_000,
    why: "spec: providerID vk://n1",
    body: { metadata: {}, spec: { providerID: "vk://n1" } },
  },
  {
    name: "providerID: another's is left",
    desired: { ...desired, providerID: "vk://n1" },
    observed: present(rebuilt({ spec: { providerID: "aws:///i-1" } })),
    actions: [],
    wakeAt: 10_000,
    why: "in sync",
  },
  {
    name: "a condition without a reason",
    desired: { ...desired, conditions: [...desired.conditions, { type: "GpuReady", status: "True" }] },
    observed: present(registered),
    actions: ["PatchNodeStatus"],
    wakeAt: 10_000,
    why: "conditions: condition GpuReady=True",
    body: {
      metadata: { annotations: owning({ conditions: ["GpuReady"] }) },
      status: {
        conditions: [
          ...desired.conditions.map((condition) => ({
            ...condition,
            lastHeartbeatTime: time,
            lastTransitionTime: before,
          })),
          {
            type: "GpuReady",
            status: "True",
            reason: "",
            message: "",
            lastHeartbeatTime: time,
            lastTransitionTime: time,
          },
          {
            type: "Ready",
            status: "True",
            reason: "KubeletReady",
            message: "kubelet is posting ready status",
            lastHeartbeatTime: time,
            lastTransitionTime: before,
          },
        ],
      },
    },
  },
];
