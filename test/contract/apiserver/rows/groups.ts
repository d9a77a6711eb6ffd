import { type Body, named, type Row, rowsOf } from "./row.ts";

const spec = (fields: Body): Body => named({ spec: fields });

const time = "2024-01-01T00:00:00.123456Z";

// `$NS` stands for the namespace of the test
const coreEvents = rowsOf("Event", { base: "/api/v1", plural: "events", namespaced: true }, {
  "of a pod": named({ involvedObject: { namespace: "$NS", kind: "Pod", name: "x" } }),
  "of nothing": named({ involvedObject: {} }),
  "of another namespace": named({ involvedObject: { namespace: "other" } }),
  "of today, and little said": named({ involvedObject: { namespace: "$NS" }, eventTime: time }),
  "as kubelets write them": named({
    involvedObject: { namespace: "$NS" },
    type: "Foo",
    count: 0,
    reason: "r",
    message: "m",
    source: { component: "c" },
    firstTimestamp: "2024-01-01T00:00:00Z",
  }),
});

const events = rowsOf("Event", { base: "/apis/events.k8s.io/v1", plural: "events", namespaced: true }, {
  "under its new names": named({
    regarding: { namespace: "$NS" },
    eventTime: time,
    reportingController: "a/b",
    reportingInstance: "i",
    action: "A",
    reason: "R",
    type: "Normal",
    note: "n",
  }),
  "that say too little": named(),
  "that say too much": named({
    regarding: { namespace: "$NS" },
    eventTime: time,
    reportingController: "a/b/c",
    action: "A".repeat(200),
    type: "X",
    series: { count: 1 },
    deprecatedCount: 3,
  }),
});

const coordination = { base: "/apis/coordination.k8s.io/v1", plural: "leases", namespaced: true };

const leases = rowsOf("Lease", coordination, {
  "as little as there can be": named(),
  "of a node": spec({
    holderIdentity: "a",
    leaseDurationSeconds: 40,
    renewTime: "2020-01-01T00:00:00.000000Z",
  }),
  "numbers that are none": spec({ leaseDurationSeconds: 0, leaseTransitions: -1 }),
});

const rbac = (plural: string, namespaced: boolean) => ({
  base: "/apis/rbac.authorization.k8s.io/v1",
  plural,
  namespaced,
});

const roles = rowsOf("Role", rbac("roles", true), {
  "as little as there can be": named(),
  "reading pods": named({ rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }),
  "rules that are none": named({
    rules: [{}, { verbs: ["get"], nonResourceURLs: ["/x"], resources: ["a"] }],
  }),
  "a name that is none": { metadata: { name: "a:b%c/d" } },
});

const clusterRoles = rowsOf("ClusterRole", rbac("clusterroles", false), {
  "of paths": named({ rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }] }),
  "gathered from nothing": named({ aggregationRule: {} }),
  gathered: named({ aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] } }),
});

const bindings = rowsOf("RoleBinding", rbac("rolebindings", true), {
  "to everybody": named({
    roleRef: { kind: "Role", name: "x" },
    subjects: [
      { kind: "User", name: "u" },
      { kind: "ServiceAccount", name: "s", namespace: "t" },
      { kind: "Group", name: "g" },
    ],
  }),
  "of nothing": named(),
  "subjects and roles that are none": named({
    roleRef: { kind: "X", name: "", apiGroup: "y" },
    subjects: [
      { kind: "Z" },
      { kind: "ServiceAccount", name: "A", apiGroup: "q" },
      { kind: "User", apiGroup: "w", name: "u" },
    ],
  }),
});

const clusterBindings = rowsOf("ClusterRoleBinding", rbac("clusterrolebindings", false), {
  "to an account of no namespace": named({
    roleRef: { kind: "ClusterRole", name: "x" },
    subjects: [{ kind: "ServiceAccount", name: "s" }],
  }),
  "to nobody": named({ roleRef: { kind: "ClusterRole", name: "x" } }),
  "of a namespace's role": named({ roleRef: { kind: "Role", name: "x" } }),
});

const attachmentPlace = { base: "/apis/storage.k8s.io/v1", plural: "volumeattachments", namespaced: false };

const attachments = rowsOf("VolumeAttachment", attachmentPlace, {
  "of a volume": named({
    spec: { attacher: "a.b", nodeName: "n", source: { persistentVolumeName: "v" } },
    status: { attached: true },
  }),
  "of nothing": named(),
  "names that are none": spec({ attacher: "A b", nodeName: "N", source: { persistentVolumeName: "" } }),
});

const classPlace = { base: "/apis/node.k8s.io/v1", plural: "runtimeclasses", namespaced: false };

const runtimeClasses = rowsOf("RuntimeClass", classPlace, {
  "as little as there can be": named({ handler: "runc" }),
  "no handler": named(),
  "a handler that is none": named({ handler: "A.b" }),
  "with what it costs": named({
    handler: "x",
    overhead: { podFixed: { cpu: "1000m" } },
    scheduling: { nodeSelector: { a: "b" }, tolerations: [{ operator: "Exists" }] },
  }),
});

export const groupRows: readonly Row[] = [
  ...coreEvents,
  ...events,
  ...leases,
  ...roles,
  ...clusterRoles,
  ...bindings,
  ...clusterBindings,
  ...attachments,
  ...runtimeClasses,
];
