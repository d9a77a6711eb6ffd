import { one, pod, podKind } from "./pod.ts";
import { type Body, type Row, rowsOf } from "./row.ts";

const digest = `nginx@sha256:${"a".repeat(64)}`;

const affinity = (terms: Body, preferred: Body = undefined): Body => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms },
      ...(preferred === undefined ? {} : { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
    },
  },
});

const images = {
  "as little as there can be": one(),
  "a version of an image": one({ image: "nginx:1.25" }),
  "the latest image, said": one({ image: "nginx:latest" }),
  "an image by its digest": one({ image: digest }),
  "an image that is none": one({ image: "Nginx" }),
  "an image of a registry with a port": one({ image: "localhost:5000/a/b" }),
  "an image with a space": one({ image: " nginx" }),
  "no image": one({ image: "" }),
};

const containers = {
  "no containers": pod({ containers: [] }),
  "no spec": pod({}),
  "a container that says nothing": pod({ containers: [{}] }),
  "two containers of one name": pod({ containers: [{ name: "a", image: "x" }, { name: "a", image: "x" }] }),
  "names and policies that are none": pod({
    containers: [
      { name: "a.b", image: "x", imagePullPolicy: "Foo", terminationMessagePolicy: "X" },
      { name: "A", image: "x" },
    ],
    restartPolicy: "Foo",
    dnsPolicy: "X",
  }),
  "a sidecar": one({}, {
    initContainers: [{ name: "i", image: "b" }, {
      name: "s",
      image: "x",
      restartPolicy: "Always",
      readinessProbe: { tcpSocket: { port: 1 } },
    }],
  }),
  "an init container of a container's name, with a probe": one({}, {
    initContainers: [{ name: "a", image: "b", readinessProbe: { tcpSocket: { port: 1 } } }],
  }),
  "switches that are off": one({
    securityContext: { privileged: false, capabilities: { add: ["X"] } },
    stdin: false,
    tty: true,
    command: [],
    args: ["a", ""],
    workingDir: "",
  }),
  "an ephemeral container": one({}, { ephemeralContainers: [{ name: "e", image: "x" }] }),
};

const ports = {
  ports: one({ ports: [{ containerPort: 80 }, { containerPort: 81, name: "x", protocol: "UDP" }] }),
  "ports that are none": one({
    ports: [
      { containerPort: 0 },
      { containerPort: 70000, name: "X--" },
      { containerPort: 80, hostPort: 80 },
      { containerPort: 80, hostPort: 80, protocol: "FOO" },
    ],
  }),
  "one port twice": one({ ports: [{ containerPort: 80, name: "h" }, { containerPort: 80, name: "h" }] }),
  "ports of the node": one({ ports: [{ containerPort: 80 }] }, { hostNetwork: true }),
  "other ports of the node": one({ ports: [{ containerPort: 80, hostPort: 81 }] }, { hostNetwork: true }),
};

const resources = {
  "amounts as people write them": one({
    resources: { limits: { cpu: "1000m", memory: "1024Mi" }, requests: { cpu: "0.5" } },
  }),
  "amounts that are numbers": one({
    resources: { limits: { cpu: 2, memory: "1.5Gi", "ephemeral-storage": "1e3" } },
  }),
  guaranteed: one({
    resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "1", memory: "1024Mi" } },
  }),
  "more than the limit": one({ resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }),
  "less than nothing": one({ resources: { requests: { cpu: "-1" } } }),
  "a resource that is none": one({ resources: { requests: { foo: "1" } } }),
  "part of a device": one({ resources: { limits: { "example.com/gpu": "1.5" } } }),
  "a device without a limit": one({ resources: { requests: { "example.com/gpu": "1" } } }),
  "an amount that is none": one({ resources: { requests: { cpu: "abc" } } }),
  "a limit of the whole pod": one({}, { resources: { limits: { cpu: "1" } } }),
};

const environment = {
  "variables from everywhere": one({
    env: [
      { name: "A", value: "" },
      { name: "B", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "C", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
      { name: "D", valueFrom: { secretKeyRef: { name: "s", key: "k", optional: false } } },
    ],
  }),
  "variables that are none": one({
    env: [
      { name: "", value: "x" },
      { name: "A=B" },
      { name: "B", valueFrom: {} },
      { name: "C", value: "x", valueFrom: { fieldRef: { fieldPath: "metadata.foo" } } },
      { name: "D", valueFrom: { fieldRef: { fieldPath: "status.phase" } } },
      { name: "E", valueFrom: { configMapKeyRef: { name: "", key: "a b" } } },
      { name: "F", valueFrom: { resourceFieldRef: { resource: "limits.foo" } } },
      { name: "G", valueFrom: { fieldRef: { fieldPath: "metadata.labels['a b']" } } },
    ],
  }),
  "a variable twice": one({ env: [{ name: "A", value: "1" }, { name: "A", value: "2" }] }),
  "variables by the dozen": one({
    envFrom: [{ configMapRef: { name: "x" } }, { prefix: "P_", secretRef: { name: "y" } }, {}],
  }),
};

const actions = {
  probes: one({
    livenessProbe: { httpGet: { port: 80 } },
    readinessProbe: { exec: { command: ["a"] }, initialDelaySeconds: 0, timeoutSeconds: 0 },
    startupProbe: { grpc: { port: 5 } },
  }),
  "probes that are none": one({
    livenessProbe: { httpGet: { port: "x--", scheme: "FTP" }, successThreshold: 2 },
    readinessProbe: {},
    startupProbe: { exec: {}, tcpSocket: { port: 0 }, periodSeconds: -1 },
  }),
  hooks: one({
    lifecycle: { preStop: { exec: { command: ["x"] } }, postStart: { httpGet: { port: "http", path: "x" } } },
  }),
  "a hook that sleeps too long": one({ lifecycle: { preStop: { sleep: { seconds: 100 } } } }),
};

const template = { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } };

const volumes = {
  mounts: one({
    volumeMounts: [{ name: "v", mountPath: "/v" }, {
      name: "w",
      mountPath: "/w",
      readOnly: false,
      subPath: "",
    }],
  }, { volumes: [{ name: "v" }, { name: "w", configMap: { name: "c", items: [{ key: "a", path: "b" }] } }] }),
  "mounts that are none": one({
    volumeMounts: [
      { name: "q", mountPath: "/v" },
      { name: "v", mountPath: "/v", subPath: "../x" },
      { mountPath: "" },
    ],
  }, {
    volumes: [
      { name: "v", emptyDir: {} },
      { name: "V", secret: {} },
      { name: "v", hostPath: { path: "" } },
      { name: "z", emptyDir: {}, hostPath: { path: "/x/../y" } },
    ],
  }),
  "volumes of every sort": one({}, {
    volumes: [
      { name: "a", secret: { secretName: "s" } },
      { name: "b", hostPath: { path: "/x" } },
      {
        name: "c",
        downwardAPI: {
          items: [{ path: "p", fieldRef: { fieldPath: "metadata.labels" } }, {
            path: "q",
            resourceFieldRef: { containerName: "a", resource: "limits.cpu", divisor: "1m" },
          }],
        },
      },
      {
        name: "d",
        projected: { sources: [{ serviceAccountToken: { path: "t" } }, { secret: { name: "s" } }] },
      },
      { name: "e", persistentVolumeClaim: { claimName: "p", readOnly: false } },
      { name: "f", emptyDir: { sizeLimit: "1024Mi", medium: "" } },
      { name: "g", nfs: { server: "s", path: "/p" } },
      { name: "h", csi: { driver: "x.y" } },
      { name: "i", ephemeral: { volumeClaimTemplate: template } },
    ],
  }),
  "volumes that are none": one({}, {
    volumes: [
      {
        name: "c",
        downwardAPI: { items: [{ path: "../p", fieldRef: { fieldPath: "spec.nodeName" } }, { path: "/q" }] },
      },
      {
        name: "d",
        projected: {
          defaultMode: 512,
          sources: [{ serviceAccountToken: { path: "", expirationSeconds: 5 } }, { secret: {} }, {
            configMap: { name: "a", items: [{ key: "", path: "x" }, { key: "y", path: "x" }] },
          }],
        },
      },
      { name: "e", persistentVolumeClaim: {} },
      { name: "h", hostPath: { path: "/x", type: "Foo" } },
    ],
  }),
};

const scheduling = {
  "bound when it is made": one({}, {
    restartPolicy: "Never",
    nodeName: "n1",
    hostNetwork: true,
    terminationGracePeriodSeconds: 0,
    activeDeadlineSeconds: 10,
    hostname: "h",
    subdomain: "s",
    tolerations: [{ operator: "Exists" }],
    nodeSelector: { a: "b" },
    schedulerName: "x",
    automountServiceAccountToken: false,
  }),
  "names in a spec that are none": one({}, {
    nodeName: "N",
    activeDeadlineSeconds: 0,
    hostname: "a.b",
    nodeSelector: { "a/b/c": "?" },
    tolerations: [
      { key: "a", operator: "Foo" },
      { key: "", operator: "Equal" },
      { key: "a", operator: "Exists", value: "x", effect: "Bar", tolerationSeconds: 4 },
      { key: "x", operator: "Gt", value: "3" },
    ],
  }),
  "a gate": one({}, { schedulingGates: [{ name: "g" }] }),
  "gates that are none": one({}, {
    schedulingGates: [{ name: "g g" }, { name: "g g" }],
    readinessGates: [{ conditionType: "x/y" }, { conditionType: "" }],
  }),
  "affinity for nodes": one(
    {},
    affinity([{ matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] }]),
  ),
  "affinity that is none": one(
    {},
    affinity([{
      matchExpressions: [
        { key: "a b", operator: "In", values: [] },
        { key: "b", operator: "Foo" },
        { key: "c", operator: "Gt", values: ["a", "b"] },
      ],
    }], [{ weight: 0, preference: {} }]),
  ),
  "affinity for nothing": one({}, affinity([])),
  "what is taken as it is": one({}, {
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "k", whenUnsatisfiable: "DoNotSchedule", labelSelector: {} },
    ],
    imagePullSecrets: [{ name: "x" }],
    dnsConfig: { nameservers: ["1.2.3.4"], options: [{ name: "ndots", value: "2" }] },
    hostAliases: [{ ip: "1.2.3.4", hostnames: ["a"] }],
    securityContext: { runAsUser: 1, fsGroup: 2 },
  }),
  "less than no grace": one({}, { terminationGracePeriodSeconds: -1 }),
};

const admission = {
  "a service account that is not there": one({}, { serviceAccountName: "nope" }),
  "a service account by its old name": one({}, { serviceAccount: "default" }),
  "a class of every cluster": one({}, { priorityClassName: "system-node-critical" }),
  "a class that is not there": one({}, { priorityClassName: "nope" }),
  "a priority without a class": one({}, { priority: 5 }),
  "a runtime class that is not there": one({}, { runtimeClassName: "nope" }),
  "an overhead without a runtime class": one({}, { overhead: { cpu: "1" } }),
};

const metadata = {
  "a name that is none": pod({ containers: [{ name: "a", image: "nginx" }] }, { name: "A_b" }),
  "a name that is too long": pod({ containers: [{ name: "a", image: "nginx" }] }, { name: "a".repeat(254) }),
  "no name": pod({ containers: [{ name: "a", image: "nginx" }] }, { name: "" }),
  "metadata that are none": pod({ containers: [{ name: "a", image: "nginx" }] }, {
    name: "a.b",
    labels: { "a b": "c d" },
    annotations: { "x y": "z" },
    finalizers: ["a b"],
    ownerReferences: [{ kind: "X" }],
  }),
  "a name that the server makes": {
    metadata: { generateName: "x-", labels: {}, annotations: {} },
    spec: { containers: [{ name: "a", image: "nginx" }] },
  },
};

export const podRows: readonly Row[] = rowsOf(
  "Pod",
  podKind,
  {
    ...images,
    ...containers,
    ...ports,
    ...resources,
    ...environment,
    ...actions,
    ...volumes,
    ...scheduling,
    ...admission,
    ...metadata,
  },
);
