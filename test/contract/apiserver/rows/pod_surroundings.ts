// What a pod is placed by beside its node, and what it knows of the network and of its files.
import { one, pod, podKind } from "./pod.ts";
import { type Body, type Row, rowsOf } from "./row.ts";

const hard = "requiredDuringSchedulingIgnoredDuringExecution";
const soft = "preferredDuringSchedulingIgnoredDuringExecution";

const selector = { matchLabels: { a: "b" }, matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] };
const noSelector = {
  matchLabels: { "a b": "c d" },
  matchExpressions: [
    { key: "a", operator: "In" },
    { key: "a", operator: "Exists", values: ["x"] },
    { key: "a b", operator: "NotIn", values: ["c d"] },
    { key: "a", operator: "Gt", values: ["1"] },
    {},
  ],
};

const spread = (fields: Body): Body => ({
  maxSkew: 1,
  topologyKey: "zone",
  whenUnsatisfiable: "DoNotSchedule",
  labelSelector: selector,
  ...fields,
});

const fields = (requirements: Body): Body =>
  one({}, {
    affinity: { nodeAffinity: { [hard]: { nodeSelectorTerms: [{ matchFields: requirements }] } } },
  });

const placement = {
  "affinity for pods": one({}, {
    affinity: {
      podAffinity: {
        [hard]: [{ topologyKey: "zone", labelSelector: selector, namespaces: ["x"], namespaceSelector: {} }],
        [soft]: [{ weight: 100, podAffinityTerm: { topologyKey: "zone", labelSelector: selector } }],
      },
      podAntiAffinity: {
        [hard]: [{
          topologyKey: "host",
          labelSelector: selector,
          matchLabelKeys: ["z"],
          mismatchLabelKeys: ["y"],
        }],
      },
    },
  }),
  "affinity for pods that is none": one({}, {
    affinity: {
      podAffinity: {
        [hard]: [{}, {
          topologyKey: "a b",
          labelSelector: noSelector,
          namespaceSelector: noSelector,
          namespaces: ["A"],
        }],
        [soft]: [{}, { weight: 101, podAffinityTerm: { topologyKey: "zone", labelSelector: selector } }],
      },
      podAntiAffinity: {
        [hard]: [{ topologyKey: "" }],
        [soft]: [{ weight: 0, podAffinityTerm: { topologyKey: "x" } }],
      },
    },
  }),
  "keys of labels that affinity for pods cannot use": one({}, {
    affinity: {
      podAffinity: {
        [hard]: [
          { topologyKey: "x", matchLabelKeys: ["a"] },
          { topologyKey: "x", labelSelector: selector, matchLabelKeys: ["a b"], mismatchLabelKeys: ["c d"] },
          { topologyKey: "x", labelSelector: selector, matchLabelKeys: ["q"], mismatchLabelKeys: ["q"] },
          { topologyKey: "x", labelSelector: selector, mismatchLabelKeys: ["a"] },
        ],
      },
    },
  }),
  "keys of labels that the pod has": pod({
    containers: [{ name: "a", image: "nginx" }],
    affinity: {
      podAffinity: {
        [hard]: [{ topologyKey: "x", labelSelector: selector, matchLabelKeys: ["v"] }],
        [soft]: [{
          weight: 1,
          podAffinityTerm: { topologyKey: "x", labelSelector: selector, mismatchLabelKeys: ["v"] },
        }],
      },
      podAntiAffinity: {
        [hard]: [{ topologyKey: "x", labelSelector: selector, matchLabelKeys: ["v"] }],
      },
    },
    topologySpreadConstraints: [spread({ matchLabelKeys: ["v"] })],
  }, { labels: { v: "1" } }),
  "spread over zones": one({}, {
    topologySpreadConstraints: [
      spread({ minDomains: 2, nodeAffinityPolicy: "Honor", nodeTaintsPolicy: "Ignore" }),
      spread({ whenUnsatisfiable: "ScheduleAnyway", matchLabelKeys: ["v"] }),
    ],
  }),
  "spread that is none": one({}, {
    topologySpreadConstraints: [
      {},
      spread({ maxSkew: -1, topologyKey: "a b", labelSelector: noSelector }),
      spread({ whenUnsatisfiable: "Foo", minDomains: 0, nodeAffinityPolicy: "Foo", nodeTaintsPolicy: "Foo" }),
      spread({ whenUnsatisfiable: "ScheduleAnyway", minDomains: 1 }),
    ],
  }),
  "the same spread twice": one({}, { topologySpreadConstraints: [spread({}), spread({ maxSkew: 2 })] }),
  "spread by keys of labels that are none": one({}, {
    topologySpreadConstraints: [
      spread({ labelSelector: undefined, matchLabelKeys: ["a"] }),
      spread({ topologyKey: "x", matchLabelKeys: ["a", "b c"] }),
    ],
  }),
  "spread by a label that the pod has and the selector too": pod({
    containers: [{ name: "a", image: "nginx" }],
    topologySpreadConstraints: [
      spread({
        labelSelector: { matchExpressions: [{ key: "v", operator: "In", values: ["1"] }] },
        matchLabelKeys: ["v"],
      }),
    ],
  }, { labels: { v: "1" } }),
  "affinity for nodes by their names": fields([{ key: "metadata.name", operator: "In", values: ["n"] }]),
  "affinity for nodes by fields that are none": fields([
    { key: "metadata.name", operator: "In", values: ["a", "b"] },
    { key: "metadata.name", operator: "NotIn", values: ["A b"] },
    { key: "metadata.name", operator: "Exists" },
    { key: "spec.x", operator: "In", values: ["a"] },
    {},
  ]),
};

const network = {
  "names of the network": one({}, {
    dnsPolicy: "None",
    dnsConfig: {
      nameservers: ["1.1.1.1", "::1"],
      searches: ["a.b", "_x.y", "c.d.", "."],
      options: [{ name: "ndots", value: "2" }, { name: "edns0" }],
    },
    hostAliases: [{ ip: "1.2.3.4", hostnames: ["foo", "bar.baz"] }, { ip: "::1" }],
  }),
  "names of the network that are none": one({}, {
    dnsConfig: {
      nameservers: ["x", "", "01.2.3.4", "::ffff:1.2.3.4"],
      searches: ["A", ""],
      options: [{ value: "2" }],
    },
    hostAliases: [{ ip: "x", hostnames: ["A", "b"] }, {}, { ip: "01.2.3.4" }],
  }),
  "too many domains to search": one({}, {
    dnsConfig: { searches: Array.from({ length: 33 }, (_, index) => `a${index}.${"b".repeat(60)}`) },
  }),
  "no names of the network": one({}, { dnsPolicy: "None" }),
  "no servers of names": one({}, { dnsPolicy: "None", dnsConfig: { searches: ["a"] } }),
  "an address for two names": one({}, {
    hostAliases: [{ ip: "1.2.3.4", hostnames: ["a"] }, { ip: "1.2.3.4", hostnames: ["b"] }],
  }),
  "an address of the node without its port": one({ ports: [{ containerPort: 80, hostIP: "1.2.3.4" }] }),
};

const warned = {
  "all that is warned of": pod({
    nodeSelector: { "beta.kubernetes.io/os": "linux" },
    affinity: {
      nodeAffinity: {
        [hard]: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "beta.kubernetes.io/arch", operator: "Exists" }] }],
        },
        [soft]: [{
          weight: 1,
          preference: {
            matchExpressions: [{ key: "failure-domain.beta.kubernetes.io/zone", operator: "Exists" }],
          },
        }],
      },
      podAffinity: {
        [hard]: [{ topologyKey: "x" }],
        [soft]: [{ weight: 1, podAffinityTerm: { topologyKey: "x" } }],
      },
      podAntiAffinity: {
        [hard]: [{ topologyKey: "x" }],
        [soft]: [{ weight: 1, podAffinityTerm: { topologyKey: "x" } }],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "failure-domain.beta.kubernetes.io/region",
        whenUnsatisfiable: "DoNotSchedule",
      },
    ],
    hostAliases: [{ ip: "1.2.3.4", hostnames: ["a"] }, { ip: "1.2.3.4", hostnames: ["b"] }],
    imagePullSecrets: [{ name: "s" }, { name: "s" }],
    serviceAccount: "default",
    terminationGracePeriodSeconds: -1,
    volumes: [
      { name: "c", configMap: { name: "c", items: [{ key: "k", path: "p" }, { key: "l", path: "p" }] } },
      { name: "p", projected: { sources: [{}] } },
      { name: "g", gitRepo: { repository: "x" } },
    ],
    initContainers: [{
      name: "i",
      image: "x",
      env: [{ name: "A", value: "1" }, { name: "A", value: "2" }],
      ports: [{ containerPort: 80, hostIP: "1.2.3.4" }],
      resources: { limits: { memory: "1.5" } },
    }],
    containers: [{
      name: "a",
      image: "x",
      env: [{ name: "B", value: "1" }, { name: "B", value: "2" }],
      ports: [{ containerPort: 80, name: "x" }, { containerPort: 80, name: "y", hostIP: "1.2.3.4" }],
      resources: { requests: { memory: "100m", "ephemeral-storage": "1500m" } },
    }],
  }, { name: "a.b" }),
  "annotations that are fields now": pod({ containers: [{ name: "a", image: "x" }] }, {
    annotations: {
      "container.seccomp.security.alpha.kubernetes.io/a": "runtime/default",
      "scheduler.alpha.kubernetes.io/critical-pod": "",
      "seccomp.security.alpha.kubernetes.io/pod": "runtime/default",
      "security.alpha.kubernetes.io/sysctls": "x",
      "security.alpha.kubernetes.io/unsafe-sysctls": "x",
    },
  }),
  "volumes that no node mounts any more": one({}, {
    volumes: [
      { name: "a", cephfs: { monitors: ["a"] } },
      { name: "b", flocker: { datasetName: "x" } },
      { name: "c", glusterfs: { endpoints: "a", path: "b" } },
      { name: "e", quobyte: { registry: "a:1", volume: "b" } },
      { name: "g", storageos: { volumeName: "x" } },
    ],
  }),
};

const claim = (spec: Body): Body => ({ name: "e", ephemeral: { volumeClaimTemplate: { spec } } });

const files = {
  "sources of volumes that are none": one({}, {
    volumes: [
      { name: "a", nfs: { server: "s", path: "p" } },
      { name: "b", nfs: {} },
      { name: "c", csi: { driver: "A b" } },
      { name: "g", csi: { driver: "A.B" } },
      { name: "h", csi: { driver: "x".repeat(64) } },
      { name: "d", image: { reference: "r", pullPolicy: "Foo" } },
      claim({ accessModes: ["Foo"], resources: { requests: { storage: "0" } }, volumeMode: "Foo" }),
      {
        name: "f",
        downwardAPI: {
          items: [
            {
              path: "x",
              resourceFieldRef: { containerName: "a", resource: "limits.cpu", divisor: "2" },
            },
            {
              path: "y",
              resourceFieldRef: { containerName: "a", resource: "limits.memory", divisor: "1m" },
            },
          ],
        },
      },
    ],
  }),
  "a claim of its own that says nothing": one({}, { volumes: [claim({})] }),
  "a claim of its own of a name that is too long": pod({
    containers: [{ name: "a", image: "nginx" }],
    volumes: [claim({ accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } })],
  }, { name: "a".repeat(253) }),
  "a variable by a version that is none": one({
    env: [{ name: "A", valueFrom: { fieldRef: { apiVersion: "v2", fieldPath: "metadata.name" } } }],
  }),
  "a variable in parts that are none": one({
    env: [
      { name: "A", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "2" } } },
      { name: "B", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "3Ki" } } },
      {
        name: "C",
        valueFrom: { resourceFieldRef: { resource: "requests.ephemeral-storage", divisor: "1m" } },
      },
    ],
  }),
  "devices": one({
    volumeDevices: [{ name: "p", devicePath: "/dev/x" }, { name: "p", devicePath: "/dev/x" }, {
      name: "e",
      devicePath: "../y",
    }],
    volumeMounts: [{ name: "p", mountPath: "/p" }, { name: "e", mountPath: "/dev/x" }],
  }, {
    volumes: [{ name: "p", persistentVolumeClaim: { claimName: "p" } }, { name: "e", emptyDir: {} }],
  }),
  "files that hide each other": one({}, {
    volumes: [
      { name: "a", configMap: { name: "c", items: [{ key: "k", path: "p" }, { key: "l", path: "p/q" }] } },
      {
        name: "b",
        secret: {
          secretName: "s",
          items: [{ key: "k", path: "p/q" }, { key: "l", path: "p" }, { key: "m", path: "p" }],
        },
      },
      {
        name: "c",
        downwardAPI: {
          items: [{ path: "l", fieldRef: { fieldPath: "metadata.labels" } }, {
            path: "l/m",
            fieldRef: { fieldPath: "metadata.name" },
          }],
        },
      },
      {
        name: "d",
        projected: {
          sources: [
            { configMap: { name: "c", items: [{ key: "k", path: "p" }] } },
            { secret: { name: "s", items: [{ key: "k", path: "p/q" }] } },
            { serviceAccountToken: { path: "p/q/r" } },
            {},
          ],
        },
      },
      { name: "e", projected: {} },
    ],
  }),
};

export const podSurroundingsRows: readonly Row[] = rowsOf("Pod", podKind, {
  ...placement,
  ...network,
  ...warned,
  ...files,
});
