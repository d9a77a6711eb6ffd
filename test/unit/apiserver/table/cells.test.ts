import { suite } from "uvu";
import * as assert from "uvu/assert";
import { kinds } from "../../../../adapters/apiserver/kinds/kinds.ts";
import type { ApiObject, Json, JsonObject } from "../../../../adapters/apiserver/object.ts";

const test = suite("cells of tables");

const now = { mono: 0, wall: Date.UTC(2024, 0, 2) };
const then = "2024-01-01T23:59:00Z";

const cellsOf = (
  kind: string,
  fields: JsonObject,
  metadata: JsonObject = {},
): Readonly<Record<string, Json>> => {
  const found = kinds.find((one) => one.kind === kind && one.stored === undefined);
  assert.ok(found, kind);
  const object = {
    apiVersion: "v1",
    kind,
    metadata: { name: "x", creationTimestamp: then, ...metadata },
    ...fields,
  };
  const cells = found.cells(object as unknown as ApiObject, now);
  assert.is(cells.length, found.columns.length);
  return Object.fromEntries(found.columns.map(({ name }, index) => [name, cells[index] ?? null]));
};

test("services", () => {
  const spec = {
    type: "LoadBalancer",
    clusterIPs: ["10.96.0.7"],
    externalIPs: ["9.9.9.9"],
    ports: [{ port: 80, nodePort: 30001, protocol: "TCP" }, { port: 53, protocol: "UDP" }],
    selector: { b: "2", a: "1" },
  };
  const status = { loadBalancer: { ingress: [{ ip: "2.2.2.2" }, { hostname: "a.b" }, { ip: "1.1.1.1" }] } };
  assert.equal(cellsOf("Service", { spec, status }), {
    Name: "x",
    Type: "LoadBalancer",
    "Cluster-IP": "10.96.0.7",
    "External-IP": "1.1.1.1,2.2.2.2,a.b,9.9.9.9",
    "Port(s)": "80:30001/TCP,53/UDP",
    Age: "60s",
    Selector: "a=1,b=2",
  });
  const external = (type: string): Json | undefined =>
    cellsOf("Service", { spec: { type, externalName: "c.d" } })["External-IP"];
  assert.equal(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName", "Foo"].map(external), [
    "<none>",
    "<none>",
    "<pending>",
    "c.d",
    "<unknown>",
  ]);
});

test("events", () => {
  const event = {
    involvedObject: { kind: "Pod", name: "p", fieldPath: "spec.containers{a}" },
    type: "Warning",
    reason: "BackOff",
    message: " again \n",
    source: { component: "kubelet", host: "n" },
    firstTimestamp: "2024-01-01T23:00:00Z",
    lastTimestamp: "2024-01-01T23:59:50Z",
    count: 3,
  };
  assert.equal(cellsOf("Event", event), {
    "Last Seen": "10s",
    Type: "Warning",
    Reason: "BackOff",
    Object: "pod/p",
    Subobject: "spec.containers{a}",
    Source: "kubelet, n",
    Message: "again",
    "First Seen": "60m",
    Count: 3,
    Name: "x",
  });
  const series = {
    eventTime: "2024-01-01T23:50:00.000000Z",
    series: { count: 7, lastObservedTime: "2024-01-01T23:59:58.000000Z" },
  };
  const told = cellsOf("Event", {
    involvedObject: { kind: "Node" },
    reportingComponent: "c",
    reportingInstance: "",
    ...series,
  });
  assert.equal([told["Last Seen"], told["First Seen"], told["Count"], told["Object"], told["Source"]], [
    "2s",
    "10m",
    7,
    "node",
    "c",
  ]);
  assert.is(cellsOf("Event", {})["Last Seen"], "<unknown>");
});

test("certificate requests", () => {
  const condition = (types: readonly string[], certificate = ""): Json | undefined =>
    cellsOf("CertificateSigningRequest", {
      spec: { signerName: "a/b", username: "u", expirationSeconds: 3600 },
      status: { conditions: types.map((type) => ({ type })), certificate },
    })["Condition"];
  assert.is(condition([]), "Pending");
  assert.is(condition(["Approved"]), "Approved");
  assert.is(condition(["Approved"], "YQ=="), "Approved,Issued");
  assert.is(condition(["Approved", "Failed"]), "Approved,Failed");
  assert.is(condition(["Approved", "Denied"]), "Denied");
  assert.is(
    cellsOf("CertificateSigningRequest", { spec: { expirationSeconds: 3600 } })["RequestedDuration"],
    "60m",
  );
});

test("volumes and claims", () => {
  const volume = cellsOf("PersistentVolume", {
    spec: {
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteMany", "ReadWriteOnce"],
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { namespace: "n", name: "c" },
      storageClassName: "s",
      volumeMode: "Filesystem",
    },
    status: { phase: "Bound" },
  });
  assert.equal(Object.values(volume), [
    "x",
    "1Gi",
    "RWO,RWX",
    "Retain",
    "Bound",
    "n/c",
    "s",
    "<unset>",
    "",
    "60s",
    "Filesystem",
  ]);
  const claim = {
    spec: { volumeName: "v" },
    status: { phase: "Bound", capacity: { storage: "2Gi" }, accessModes: ["ReadOnlyMany"] },
  };
  const leaving = cellsOf("PersistentVolumeClaim", claim, { deletionTimestamp: then });
  assert.equal(Object.values(leaving), [
    "x",
    "Terminating",
    "v",
    "2Gi",
    "ROX",
    "",
    "<unset>",
    "60s",
    "<unset>",
  ]);
});

test("bindings and nodes by their labels", () => {
  const binding = cellsOf("RoleBinding", {
    roleRef: { kind: "Role", name: "r" },
    subjects: [
      { kind: "User", name: "u" },
      { kind: "User", name: "v" },
      { kind: "Group", name: "g" },
      { kind: "ServiceAccount", namespace: "n", name: "s" },
    ],
  });
  assert.equal(Object.values(binding), ["x", "Role/r", "60s", "u, v", "g", "n/s"]);
  const ready = (status: string): Json | undefined =>
    cellsOf("Node", { status: { conditions: [{ type: "Ready", status }] } })["Status"];
  assert.equal(["True", "False", "Unknown"].map(ready), ["Ready", "NotReady", "NotReady"]);
});

test.run();
