import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readFileSync } from "node:fs";
import { describeNode, mergeFacts, providerTaint } from "../../../core/node/describe.ts";
import { version } from "../../../core/version.ts";

const test = suite("describing a node");

const plain = describeNode({ name: "n1", provider: "memory" });

test("defaults: labels that NodeRestriction lets a node set, the taint, the kubelet's conditions", () => {
  assert.equal(plain.labels, {
    "kubernetes.io/hostname": "n1",
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
    "type": "virtual-kubelet",
    "node.kubernetes.io/exclude-from-external-load-balancers": "true",
  });
  assert.equal(plain.taints, [{
    key: "virtual-kubelet.io/provider",
    value: "memory",
    effect: "NoSchedule",
  }]);
  assert.equal(plain.conditions.map(({ type, status }) => `${type}=${status}`), [
    "MemoryPressure=False",
    "DiskPressure=False",
    "PIDPressure=False",
    "NetworkUnavailable=False",
  ]);
  assert.equal(Object.values(plain.nodeInfo).every((value) => typeof value === "string"), true);
  assert.equal(Object.keys(plain.nodeInfo).length, 10);
  assert.is(plain.nodeInfo.kubeletVersion, `v1.36.0-vk-${version}`);
});

test("everything can be set", () => {
  const node = describeNode({
    name: "n1",
    provider: "memory",
    os: "windows",
    arch: "arm64",
    kubeletVersion: "v1.35.1",
    labels: { type: "mine", zone: "a" },
    taints: [],
    conditions: [{ type: "DiskPressure", status: "True" }],
    nodeInfo: { kernelVersion: "6.1" },
  });
  assert.is(node.labels.type, "mine");
  assert.is(node.labels["kubernetes.io/arch"], "arm64");
  assert.equal(node.taints, []);
  assert.equal(node.conditions.filter((condition) => condition.type === "DiskPressure"), [
    { type: "DiskPressure", status: "True" },
  ]);
  assert.is(node.nodeInfo.kernelVersion, "6.1");
  assert.is(node.nodeInfo.operatingSystem, "windows");
  assert.is(node.nodeInfo.kubeletVersion, "v1.35.1");
});

test("a name too long for a label's value is not made one", () => {
  const long = describeNode({ name: "n".repeat(64), provider: "memory" });
  assert.is(long.labels["kubernetes.io/hostname"], undefined);
});

test("facts: by name, by type; absent ones change nothing", () => {
  const base = describeNode({
    name: "n1",
    provider: "memory",
    capacity: { cpu: "4", pods: "10" },
    addresses: [{ type: "InternalIP", address: "10.0.0.1" }, { type: "ExternalIP", address: "1.2.3.4" }],
  });
  assert.equal(mergeFacts(base, {}), base);
  const merged = mergeFacts(base, {
    capacity: { cpu: "8", "example.com/gpu": "2" },
    labels: { zone: "a" },
    annotations: { note: "b" },
    conditions: [{ type: "DiskPressure", status: "True" }, { type: "Ready", status: "False" }],
    addresses: [{ type: "InternalIP", address: "10.0.0.2" }, { type: "InternalIP", address: "fd00::2" }],
  });
  assert.equal(merged.capacity, { cpu: "8", pods: "10", "example.com/gpu": "2" });
  assert.is(merged.allocatable, undefined);
  assert.is(merged.labels.zone, "a");
  assert.is(merged.labels.type, "virtual-kubelet");
  assert.equal(merged.annotations, { note: "b" });
  assert.equal(merged.conditions.slice(-2).map(({ type, status }) => `${type}=${status}`), [
    "DiskPressure=True",
    "Ready=False",
  ]);
  assert.equal(merged.addresses.map(({ address }) => address), ["1.2.3.4", "10.0.0.2", "fd00::2"]);
});

const allocatables = [
  ["neither", undefined, {}, undefined],
  ["the description's", { cpu: "3" }, {}, { cpu: "3" }],
  ["the facts'", undefined, { allocatable: { cpu: "2" } }, { cpu: "2", pods: "10" }],
  [
    "capacity in the facts goes before the description's",
    { cpu: "3", pods: "9" },
    { capacity: { cpu: "1" } },
    {
      cpu: "1",
      pods: "9",
    },
  ],
  ["all", { cpu: "3" }, { capacity: { gpu: "4" }, allocatable: { gpu: "3" } }, { cpu: "3", gpu: "3" }],
] as const;
for (const [name, allocatable, facts, expected] of allocatables) {
  test(`allocatable: ${name}`, () => {
    const base = describeNode({
      name: "n1",
      provider: "memory",
      capacity: { cpu: "4", pods: "10" },
      allocatable,
    });
    assert.equal(mergeFacts(base, facts).allocatable, expected);
  });
}

test("the taint's value is the provider's name", () => {
  assert.equal(providerTaint("aci"), {
    key: "virtual-kubelet.io/provider",
    value: "aci",
    effect: "NoSchedule",
  });
});

test("the version is the package's", () => {
  for (const file of ["package.json", "deno.json"]) {
    const json = JSON.parse(readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8"));
    assert.is(json.version, version, file);
  }
});

test.run();
