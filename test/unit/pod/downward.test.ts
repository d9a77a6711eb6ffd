import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bindEnv } from "../../../core/pod/env_value.ts";
import { resolveEnv } from "../../../core/pod/env.ts";
import { fieldValue, lateFields } from "../../../core/pod/field_ref.ts";
import { nothingGiven } from "../../../core/pod/given.ts";
import { resourceValue } from "../../../core/pod/resource_field_ref.ts";
import { container } from "../../tools/containers.ts";
import { pod } from "../../tools/pods.ts";

const test = suite("downward API");

const own = pod({
  meta: {
    labels: { zone: "us-est-coast", cluster: "test-cluster1", rack: "rack-22", "app.io/name": "web" },
    annotations: { builder: "john-doe", build: 'two\n"lines"\u0001', "App.io/Note": "é" },
  },
  spec: { serviceAccountName: "serviceaccount" },
});

/** Path, and its value or the error. */
const fields: readonly (readonly [string, string])[] = [
  ["metadata.name", "web"],
  ["metadata.namespace", "shop"],
  ["metadata.uid", "u-1"],
  ["spec.nodeName", "n"],
  ["spec.host", "n"],
  ["spec.serviceAccountName", "serviceaccount"],
  ["metadata.labels", 'app.io/name="web"\ncluster="test-cluster1"\nrack="rack-22"\nzone="us-est-coast"'],
  ["metadata.annotations", 'App.io/Note="é"\nbuild="two\\n\\"lines\\"\\x01"\nbuilder="john-doe"'],
  ["metadata.labels['zone']", "us-est-coast"],
  ["metadata.labels['app.io/name']", "web"],
  ["metadata.labels['no']", ""],
  ["metadata.annotations['App.io/Note']", "é"],
  ["status.podIP", "late"],
  ["status.podIPs", "late"],
  ["status.hostIP", "late"],
  ["status.hostIPs", "late"],
  ["spec.restartPolicy", "unsupported fieldPath: spec.restartPolicy"],
  ["spec.schedulerName", "unsupported fieldPath: spec.schedulerName"],
  ["status.phase", "unsupported fieldPath: status.phase"],
  ["", "field label not supported: "],
  ["metadata.generation", "field label not supported: metadata.generation"],
  ["metadata.name['a']", "field label does not support subscript: metadata.name"],
  [
    "metadata.labels['a b']",
    "invalid key subscript in metadata.labels['a b']: it is not the key of a label or annotation",
  ],
  [
    "metadata.labels['App.io/name']",
    "invalid key subscript in metadata.labels['App.io/name']: it is not the key of a label or annotation",
  ],
];

for (const [fieldPath, expected] of fields) {
  test(`fieldRef ${fieldPath}`, () => {
    const found = fieldValue(own, { fieldPath });
    const value = E.isLeft(found) ? found.left : "text" in found.right ? found.right.text : "late";
    assert.is(value, expected);
  });
}

test("fieldRef of another version", () => {
  assert.equal(
    fieldValue(own, { apiVersion: "v2", fieldPath: "metadata.name" }),
    E.left("unsupported pod version: v2"),
  );
});

const limited = container("a", {
  resources: {
    limits: { cpu: "1500m", memory: "64Mi", "hugepages-2Mi": "4Mi" },
    requests: { cpu: "250m", memory: "32Mi" },
  },
});
const bare = container("b");

/** Container, resource, divisor, and what it comes to. */
const resources: readonly (readonly [string, string, string | undefined, string])[] = [
  ["a", "limits.cpu", undefined, "2"],
  ["a", "limits.cpu", "1m", "1500"],
  ["a", "requests.cpu", "1", "1"],
  ["a", "requests.cpu", "1m", "250"],
  ["a", "limits.memory", undefined, "67108864"],
  ["a", "limits.memory", "1Mi", "64"],
  ["a", "limits.memory", "60Mi", "2"],
  ["a", "limits.memory", "0", "67108864"],
  ["a", "requests.memory", "1Ki", "32768"],
  ["a", "limits.hugepages-2Mi", "1Mi", "4"],
  ["b", "limits.cpu", undefined, "4"],
  ["b", "limits.memory", "1Gi", "8"],
  ["b", "limits.ephemeral-storage", "1Gi", "10"],
  ["b", "limits.hugepages-2Mi", undefined, "0"],
  ["b", "requests.cpu", undefined, "0"],
  ["c", "limits.cpu", undefined, "container c not found"],
  ["a", "limits.gpu", undefined, "unsupported container resource: limits.gpu"],
  ["a", "cpu", undefined, "unsupported container resource: cpu"],
  ["a", "limits.cpu", "x", "the divisor is not an amount: x"],
];

for (const [containerName, resource, divisor, expected] of resources) {
  test(`resourceFieldRef ${containerName} ${resource} / ${divisor}`, () => {
    const allocatable = { cpu: "4", memory: "8Gi", "ephemeral-storage": "10Gi" };
    const found = resourceValue(
      undefined,
      [limited, bare],
      { containerName, resource, divisor },
      allocatable,
    );
    assert.is(E.isLeft(found) ? found.left : found.right, expected);
  });
}

const address = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const asking = pod({
  apps: [
    container("a", {
      env: [address("IP", "status.podIP"), { name: "URL", value: "http://$(IP):80/$(HOST)" }],
    }),
  ],
});

test("late addresses: known ones at once, others by the back end that binds them, else a refusal", () => {
  const known = { addresses: { podIPs: ["10.1.2.3", "fd00::1"], hostIPs: ["10.0.0.1"] }, binds: [] };
  assert.equal(resolveEnv(asking, nothingGiven, known).env.a, [
    { name: "IP", value: "10.1.2.3" },
    { name: "URL", value: "http://10.1.2.3:80/$(HOST)" },
  ]);
  const late = { addresses: { podIPs: [], hostIPs: [] }, binds: lateFields };
  const { env, problems } = resolveEnv(asking, nothingGiven, late);
  assert.equal(problems, []);
  assert.equal(bindEnv(env.a ?? [], known.addresses), resolveEnv(asking, nothingGiven, known).env.a);
  assert.equal(resolveEnv(asking).problems.map(({ field }) => field), [
    "spec.containers[0].env[0].valueFrom.fieldRef",
  ]);
});

test.run();
