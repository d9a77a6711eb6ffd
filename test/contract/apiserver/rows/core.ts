import { type Body, named, type Row, rowsOf } from "./row.ts";

const core = (plural: string, namespaced = true) => ({ base: "/api/v1", plural, namespaced });
const spec = (fields: Body): Body => named({ spec: fields });

const namespaces = rowsOf("Namespace", core("namespaces", false), {
  "as little as there can be": named(),
  "a name that is none": { metadata: { name: "A.b" } },
  "a finalizer and a phase": named({ spec: { finalizers: ["x/y"] }, status: { phase: "Terminating" } }),
  "a finalizer that is none": spec({ finalizers: ["x y"] }),
});

const nodes = rowsOf("Node", core("nodes", false), {
  "as little as there can be": named(),
  "as kubelets register": named({
    spec: { podCIDR: "10.0.0.0/24", unschedulable: false, taints: [{ key: "a", effect: "NoExecute" }] },
    status: {
      capacity: { cpu: 4, memory: "1024Mi", pods: "110" },
      conditions: [{ type: "Ready", status: "True" }],
      addresses: [{ type: "InternalIP", address: "1.2.3.4" }],
      nodeInfo: { kubeletVersion: "v1" },
    },
  }),
  "taints and ranges that are none": named({
    spec: {
      podCIDR: "10.0.0.0/40",
      taints: [{ key: "a b", effect: "Foo" }, { key: "a", value: "x y" }, { key: "a" }],
    },
    status: { capacity: { cpu: "-4" } },
  }),
});

const configMaps = rowsOf("ConfigMap", core("configmaps"), {
  "as little as there can be": named(),
  entries: named({ data: { a: null, b: "x" }, binaryData: { c: "aGk=" }, immutable: false }),
  "a key that is none": named({ data: { "a b": "" } }),
  "a key twice": named({ data: { x: "1" }, binaryData: { x: "aGk=" } }),
  "a key that leads upwards": named({ binaryData: { "..y": "aGk=" } }),
  "bytes that are none": named({ binaryData: { x: "aG" } }),
  "more than a megabyte": named({ data: { x: "a".repeat(1048577) } }),
});

const secrets = rowsOf("Secret", core("secrets"), {
  "as little as there can be": named(),
  "texts over bytes": named({ data: { a: "aGk=" }, stringData: { b: "hö", a: "over" }, type: "" }),
  "bytes that are none": named({ data: { a: "!!" } }),
  ...Object.fromEntries(
    ["tls", "basic-auth", "ssh-auth", "dockerconfigjson", "service-account-token"].map((type) => [
      `nothing of what ${type} needs`,
      named({ type: `kubernetes.io/${type}` }),
    ]),
  ),
});

const accounts = rowsOf("ServiceAccount", core("serviceaccounts"), {
  "secrets by name": named({
    secrets: [{ name: "x", namespace: "y" }],
    imagePullSecrets: [{ name: "p" }],
    automountServiceAccountToken: false,
  }),
  "a name that is none": { metadata: { name: "A" } },
});

const services = rowsOf("Service", core("services"), {
  "one port": spec({ ports: [{ port: 80 }] }),
  "reached on nodes": spec({
    ports: [{ port: 80, name: "a", targetPort: "http" }, { port: 81, name: "b", protocol: "UDP" }],
    selector: { a: "b" },
    type: "NodePort",
  }),
  headless: spec({ clusterIP: "None" }),
  "headless, of pods": spec({ clusterIP: "None", selector: { a: "b" } }),
  "another name": spec({ type: "ExternalName", externalName: "a.b" }),
  "a load balancer": spec({ type: "LoadBalancer", ports: [{ port: 80 }] }),
  "with affinity": spec({ sessionAffinity: "ClientIP", ports: [{ port: 1 }] }),
  "no ports": spec({ ports: [] }),
  "no spec": named(),
  "a type that is none": spec({ type: "Foo", ports: [{ port: 1 }] }),
  "ports that are none": spec({ ports: [{ port: 0 }, { port: 70000 }] }),
  "one port twice": spec({ ports: [{ port: 1, name: "a" }, { port: 1, name: "a" }] }),
  "a node port that nobody reaches": spec({ ports: [{ port: 1, nodePort: 30000 }] }),
  "another name that is none": spec({ type: "ExternalName" }),
  "headless on nodes": spec({ type: "NodePort", clusterIP: "None", ports: [{ port: 1 }] }),
  "an address that is none": spec({ clusterIP: "x", ports: [{ port: 1 }] }),
  "a name that begins with a digit": { metadata: { name: "1a" }, spec: { ports: [{ port: 80 }] } },
  "a name that is none": { metadata: { name: "a.b" }, spec: { ports: [{ port: 80 }] } },
  "protocols, selectors and affinities that are none": spec({
    ports: [{ port: 80, protocol: "X", targetPort: "A--" }],
    selector: { "a b": "c" },
    sessionAffinity: "X",
  }),
});

const claims = rowsOf("PersistentVolumeClaim", core("persistentvolumeclaims"), {
  "some room": spec({ accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1024Mi" } } }),
  "of no class": spec({
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
    storageClassName: "",
    selector: {},
  }),
  "no spec": named(),
  "modes and amounts that are none": spec({
    accessModes: ["X"],
    resources: { requests: { storage: "-1" } },
    volumeMode: "Z",
    storageClassName: "A",
  }),
});

const volumes = rowsOf("PersistentVolume", core("persistentvolumes", false), {
  "a directory": spec({
    capacity: { storage: "1024Mi" },
    accessModes: ["ReadWriteOnce"],
    hostPath: { path: "/x" },
  }),
  "no spec": named(),
  "modes, amounts and sources that are none": spec({
    capacity: { storage: "0" },
    accessModes: ["X", "ReadWriteOncePod", "ReadWriteOnce"],
    hostPath: { path: "/x" },
    nfs: { server: "a", path: "/b" },
    persistentVolumeReclaimPolicy: "X",
    volumeMode: "Y",
    storageClassName: "",
  }),
});

export const coreRows: readonly Row[] = [
  ...namespaces,
  ...nodes,
  ...configMaps,
  ...secrets,
  ...accounts,
  ...services,
  ...claims,
  ...volumes,
];
