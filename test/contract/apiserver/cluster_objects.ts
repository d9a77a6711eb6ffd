import * as assert from "uvu/assert";
import { eventually, unique } from "./asking.ts";
import type { Reply, Target } from "./target.ts";

// Nodes and pods for what controllers do to them.

type Fields = Readonly<Record<string, unknown>>;

const room = { cpu: "2", memory: "1Gi", "ephemeral-storage": "1Gi", pods: "10" };

/** A time as a kubelet writes it. */
export const timeText = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

export interface NodeOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly spec?: Fields;
  /** Of the condition `Ready`; "" is none. */
  readonly ready?: string;
}

/** Pods of other tests stay away: who is to run here selects and tolerates it (see {@link onto}). */
const own = (name: string): Fields => ({ key: "contract/own", value: name, effect: "NoSchedule" });

/** What a pod needs to run on one node of a test and nowhere else. */
export const onto = (name: string): Fields => ({
  nodeSelector: { "contract/own": name },
  tolerations: [{ key: "contract/own", operator: "Exists" }],
});

const ready = (status: string): readonly Fields[] =>
  status === "" ? [] : [{
    type: "Ready",
    status,
    reason: "Contract",
    message: "said by a test",
    lastHeartbeatTime: timeText(),
    lastTransitionTime: timeText(),
  }];

/** Creates a node that is told to be ready, and waits until pods may go there. */
export const createNode = async (target: Target, name: string, options: NodeOptions = {}): Promise<void> => {
  const { labels = {}, allocatable = room, spec = {}, ready: status = "True" } = options;
  const created = await target.send("POST", "/api/v1/nodes", {
    body: {
      metadata: { name, labels: { "contract/own": name, ...labels } },
      spec: { ...spec, taints: [own(name), ...((spec["taints"] ?? []) as readonly Fields[])] },
      status: { capacity: allocatable, allocatable, conditions: ready(status) },
    },
  });
  assert.is(created.status, 201, created.text);
  if (status !== "True") return;
  // every new node has this taint until it is known to be ready
  await eventually(
    () => target.send("GET", `/api/v1/nodes/${name}`),
    ({ body }) => !JSON.stringify(body.spec).includes("node.kubernetes.io/not-ready"),
  );
};

/** Gives the test a node and deletes it afterwards. */
export const withNode = async (
  target: Target,
  options: NodeOptions,
  body: (name: string) => Promise<void>,
): Promise<void> => {
  const name = unique("node");
  try {
    await createNode(target, name, options);
    await body(name);
  } finally {
    await target.send("DELETE", `/api/v1/nodes/${name}`);
  }
};

export interface PodOptions {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
  readonly ports?: readonly Fields[];
  readonly metadata?: Fields;
}

export const createPod = async (
  target: Target,
  namespace: string,
  name: string,
  spec: Fields,
  { requests, limits, ports, metadata = {} }: PodOptions = {},
): Promise<Reply> => {
  const container = { name: "main", image: "contract", resources: { requests, limits }, ports };
  const created = await target.send("POST", `/api/v1/namespaces/${namespace}/pods`, {
    body: { metadata: { name, ...metadata }, spec: { containers: [container], ...spec } },
  });
  assert.is(created.status, 201, created.text);
  return created;
};

/** Writes the status that a kubelet would write. */
export const writeStatus = async (target: Target, path: string, status: Fields): Promise<void> => {
  const written = await target.send("PATCH", `${path}/status`, {
    contentType: "application/strategic-merge-patch+json",
    body: { status },
  });
  assert.is(written.status, 200, written.text);
};

/** A node says that it is alive. */
export const heartbeat = (target: Target, name: string): Promise<void> =>
  writeStatus(target, `/api/v1/nodes/${name}`, {
    conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: timeText() }],
  });

// deno-lint-ignore no-explicit-any
export const conditionOf = (body: any, type: string): any =>
  // deno-lint-ignore no-explicit-any
  body.status?.conditions?.find((condition: any) => condition.type === type);
