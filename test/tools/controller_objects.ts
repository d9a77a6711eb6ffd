import type { ApiObject, JsonObject } from "../../adapters/apiserver/object.ts";

// Objects as they are stored, with as little in them as a controller reads.

const meta = (name: string, rest: JsonObject): ApiObject["metadata"] => ({
  name,
  uid: `uid-${name}`,
  resourceVersion: "1",
  generation: 1,
  creationTimestamp: "2026-01-01T00:00:00Z",
  ...rest,
});

export interface Parts {
  readonly metadata?: JsonObject;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

export const storedPod = (
  name: string,
  { metadata = {}, spec = {}, status = {} }: Parts = {},
): ApiObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: meta(name, { namespace: "default", ...metadata }),
  spec: { schedulerName: "default-scheduler", containers: [{ name: "main" }], ...spec },
  status: { phase: "Pending", ...status },
});

export const storedNode = (
  name: string,
  { metadata = {}, spec = {}, status = {} }: Parts = {},
): ApiObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: meta(name, metadata),
  spec,
  status: {
    allocatable: { cpu: "2", memory: "1Gi", pods: "10" },
    conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: "2026-01-01T00:00:00Z" }],
    ...status,
  },
});
