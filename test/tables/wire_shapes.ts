// The fields that are read of what the API server says, from Kubernetes' API reference (Pod v1, Node v1, Lease v1, Status v1):
// written by hand, beside the codecs.

/** What a field holds. A key that ends in `?` may be missing. */
export type Shape =
  | "string"
  | "number"
  | "boolean"
  /** `metav1.Time`: may be null. */
  | "time"
  /** Some object, whatever is in it. */
  | "object"
  /** A list of whatever. */
  | "list"
  /** A map of strings. */
  | "strings"
  | readonly [Shape]
  | { readonly [name: string]: Shape };

const metadata: Shape = {
  name: "string",
  uid: "string",
  "namespace?": "string",
  "resourceVersion?": "string",
  "generation?": "number",
  "labels?": "strings",
  "annotations?": "strings",
  "creationTimestamp?": "string",
  "deletionTimestamp?": "string",
  "deletionGracePeriodSeconds?": "number",
  "finalizers?": ["string"],
  "ownerReferences?": [{
    apiVersion: "string",
    kind: "string",
    name: "string",
    uid: "string",
    "controller?": "boolean",
  }],
};

const container: Shape = {
  name: "string",
  "image?": "string",
  "command?": ["string"],
  "args?": ["string"],
  "workingDir?": "string",
  "env?": [{ name: "string", "value?": "string", "valueFrom?": "object" }],
  "envFrom?": "list",
  "ports?": [{
    containerPort: "number",
    "name?": "string",
    "hostPort?": "number",
    "protocol?": "string",
  }],
  "volumeMounts?": [{ name: "string", mountPath: "string" }],
  "securityContext?": "object",
  "tty?": "boolean",
  "stdin?": "boolean",
  "restartPolicy?": "string",
};

const containerState: Shape = {
  "waiting?": { "reason?": "string", "message?": "string" },
  "running?": { "startedAt?": "time" },
  "terminated?": {
    exitCode: "number",
    "signal?": "number",
    "reason?": "string",
    "message?": "string",
    "startedAt?": "time",
    "finishedAt?": "time",
    "containerID?": "string",
  },
};

const containerStatus: Shape = {
  name: "string",
  image: "string",
  imageID: "string",
  ready: "boolean",
  restartCount: "number",
  "started?": "boolean",
  "containerID?": "string",
  "state?": containerState,
  "lastState?": containerState,
};

export const podShape: Shape = {
  metadata,
  spec: {
    containers: [container],
    "initContainers?": [container],
    "ephemeralContainers?": "list",
    "volumes?": [{ name: "string" }],
    "nodeName?": "string",
    "restartPolicy?": "string",
    "terminationGracePeriodSeconds?": "number",
    "activeDeadlineSeconds?": "number",
    "hostNetwork?": "boolean",
    "serviceAccountName?": "string",
    "readinessGates?": [{ conditionType: "string" }],
    "tolerations?": "list",
    "securityContext?": "object",
  },
  "status?": {
    "phase?": "string",
    "reason?": "string",
    "message?": "string",
    "startTime?": "string",
    "hostIP?": "string",
    "hostIPs?": [{ ip: "string" }],
    "podIP?": "string",
    "podIPs?": [{ ip: "string" }],
    "observedGeneration?": "number",
    "conditions?": [{
      type: "string",
      status: "string",
      "reason?": "string",
      "message?": "string",
      "lastTransitionTime?": "time",
      "lastProbeTime?": "time",
      "observedGeneration?": "number",
    }],
    "initContainerStatuses?": [containerStatus],
    "containerStatuses?": [containerStatus],
  },
};

export const nodeShape: Shape = {
  metadata,
  "spec?": {
    "taints?": [{ key: "string", effect: "string", "value?": "string", "timeAdded?": "string" }],
    "providerID?": "string",
    "unschedulable?": "boolean",
  },
  "status?": {
    "capacity?": "strings",
    "allocatable?": "strings",
    "conditions?": [{
      type: "string",
      status: "string",
      "reason?": "string",
      "message?": "string",
      "lastHeartbeatTime?": "time",
      "lastTransitionTime?": "time",
    }],
    "addresses?": [{ type: "string", address: "string" }],
    "daemonEndpoints?": { "kubeletEndpoint?": { Port: "number" } },
    "nodeInfo?": "object",
    "phase?": "string",
  },
};

export const leaseShape: Shape = {
  metadata,
  spec: { "holderIdentity?": "string", "leaseDurationSeconds?": "number", "renewTime?": "string" },
};

export const statusShape: Shape = {
  "status?": "string",
  "message?": "string",
  "reason?": "string",
  "code?": "number",
  "details?": { "retryAfterSeconds?": "number" },
};
