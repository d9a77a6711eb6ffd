import type { ApiObject, JsonObject } from "../../adapters/apiserver/object.ts";
import { type Facts, fold, initialView, type News, type View } from "../../adapters/demo/view.ts";

export const wall: number = Date.UTC(2026, 0, 1, 12, 0, 0);

export const facts: Facts = {
  server: "https://127.0.0.1:6443",
  hint: "Pod web serves http://127.0.0.1:8080",
  commands: [
    "export KUBECONFIG=/tmp/vk-demo-1/kubeconfig",
    "kubectl get pods",
    "kubectl logs -f web",
    "kubectl delete pod web",
  ],
  ending: "q ends it all",
};

let version = 0;

/** An object made so many seconds ago. */
const object = (kind: string, name: string, ageSeconds: number, more: JsonObject): ApiObject => ({
  apiVersion: "v1",
  kind,
  ...more,
  metadata: {
    name,
    uid: `${kind}-${name}`,
    resourceVersion: `${++version}`,
    creationTimestamp: new Date(wall - ageSeconds * 1000).toISOString(),
    ...kind === "Node" ? {} : { namespace: "default" },
    ...more["metadata"] as JsonObject | undefined,
  },
});

export const nodeOf = (name: string, ageSeconds = 60, ready = true): ApiObject =>
  object("Node", name, ageSeconds, {
    status: {
      allocatable: { cpu: "4", memory: "8Gi", pods: "110" },
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      nodeInfo: { kubeletVersion: "v1.36.0" },
    },
  });

export interface PodLook {
  readonly ageSeconds?: number;
  readonly state?: JsonObject;
  readonly phase?: string;
  readonly restarts?: number;
  readonly metadata?: JsonObject;
}

const running: JsonObject = { running: { startedAt: new Date(wall - 5000).toISOString() } };

export const podOf = (name: string, look: PodLook = {}): ApiObject => {
  const { ageSeconds = 50, state = running, phase = "Running", restarts = 0, metadata = {} } = look;
  const ready = state["running"] !== undefined;
  return object("Pod", name, ageSeconds, {
    metadata,
    spec: { nodeName: "virtual-1", containers: [{ name: "main" }] },
    status: { phase, containerStatuses: [{ name: "main", ready, restartCount: restarts, state }] },
  });
};

export const completed: PodLook = {
  phase: "Succeeded",
  state: { terminated: { exitCode: 0, reason: "Completed" } },
};

export const crashing: PodLook = {
  restarts: 3,
  state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s restarting failed container" } },
};

export const eventOf = (name: string, ageSeconds: number, more: JsonObject = {}): ApiObject =>
  object("Event", name, ageSeconds, {
    type: "Normal",
    reason: "Started",
    message: "Started container main",
    involvedObject: { kind: "Pod", name: "web" },
    lastTimestamp: new Date(wall - ageSeconds * 1000).toISOString(),
    ...more,
  });

export const viewOf = (news: readonly News[], given: Facts = facts): View =>
  news.reduce(fold, initialView(given, wall));

/** A node, two pods, some events and a log. */
export const usualNews: readonly News[] = [
  { _tag: "Replaced", kind: "nodes", items: [nodeOf("virtual-1")] },
  { _tag: "Replaced", kind: "pods", items: [podOf("web", { ageSeconds: 49 }), podOf("count", completed)] },
  {
    _tag: "Replaced",
    kind: "events",
    items: [
      eventOf("a", 48),
      eventOf("b", 50, {
        reason: "Scheduled",
        message: "Successfully assigned default/web to virtual-1",
      }),
      eventOf("c", 3, {
        type: "Warning",
        reason: "BackOff",
        message: "Back-off restarting failed container",
        count: 4,
      }),
    ],
  },
  { _tag: "LogOpened", uid: "Pod-web" },
  { _tag: "LogRead", uid: "Pod-web", lines: ["serving http://127.0.0.1:8080", "GET /", "GET /favicon.ico"] },
];
