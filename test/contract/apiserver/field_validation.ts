import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Reply, Target } from "./target.ts";

/** Without a name: what is asked here is told before one is missed. */
const pod = (spec: object, more: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p" },
  spec: { containers: [{ name: "c", image: "i" }], ...spec },
  ...more,
});

const container = (fields: object) => pod({ containers: [{ name: "c", image: "i", ...fields }] });

const metadata = (fields: object) => pod({}, { metadata: { name: "p", ...fields } });

/** The texts of the `Warning` headers. */
export const warningsOf = ({ headers }: Reply): readonly string[] =>
  [...(headers.get("warning") ?? "").matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text]) =>
    JSON.parse(`"${text}"`)
  );

const quantities =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const wrongTypes: readonly (readonly [object, string])[] = [
  [
    pod({ nodeName: 1 }),
    "json: cannot unmarshal number into Go struct field PodSpec.spec.nodeName of type string",
  ],
  [
    pod({ nodeName: {} }),
    "json: cannot unmarshal object into Go struct field PodSpec.spec.nodeName of type string",
  ],
  [
    pod({ hostNetwork: "yes" }),
    "json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool",
  ],
  [
    pod({ containers: { name: "c" } }),
    "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container",
  ],
  [
    pod({ containers: ["c"] }),
    "json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container",
  ],
  [
    pod({ affinity: [] }),
    "json: cannot unmarshal array into Go struct field PodSpec.spec.affinity of type v1.Affinity",
  ],
  [
    pod({ priority: "1" }),
    "json: cannot unmarshal string into Go struct field PodSpec.spec.priority of type int32",
  ],
  [
    pod({ priority: 1.5 }),
    "json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.priority of type int32",
  ],
  [
    pod({ priority: 3e9 }),
    "json: cannot unmarshal number 3000000000 into Go struct field PodSpec.spec.priority of type int32",
  ],
  [
    pod({ activeDeadlineSeconds: "x" }),
    "json: cannot unmarshal string into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64",
  ],
  [
    pod({ restartPolicy: 1 }),
    "json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy",
  ],
  [
    pod({ nodeSelector: { a: 1 } }),
    "json: cannot unmarshal number into Go struct field PodSpec.spec.nodeSelector of type string",
  ],
  [
    pod({ nodeSelector: "a" }),
    "json: cannot unmarshal string into Go struct field PodSpec.spec.nodeSelector of type map[string]string",
  ],
  [
    pod({ volumes: [{ name: "v", hostPath: "/" }] }),
    "json: cannot unmarshal string into Go struct field Volume.spec.volumes.VolumeSource.hostPath of type v1.HostPathVolumeSource",
  ],
  [
    container({ env: [{ name: "A", value: 1 }] }),
    "json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string",
  ],
  [
    container({ livenessProbe: { httpGet: { port: true } } }),
    "json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32",
  ],
  [container({ resources: { limits: { cpu: "much" } } }), quantities],
  [container({ resources: { limits: { cpu: true } } }), quantities],
  [
    pod({}, { metadata: "p" }),
    "json: cannot unmarshal string into Go struct field Pod.metadata of type v1.ObjectMeta",
  ],
  [
    metadata({ labels: { a: 1 } }),
    "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
  ],
  [
    metadata({ finalizers: "x" }),
    "json: cannot unmarshal string into Go struct field ObjectMeta.metadata.finalizers of type []string",
  ],
  [
    metadata({ creationTimestamp: 5 }),
    "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string",
  ],
  [
    metadata({ deletionTimestamp: "yesterday" }),
    'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
  ],
  [
    pod({ nodeName: 1, hostNetwork: "x", foo: 1 }),
    "json: cannot unmarshal number into Go struct field PodSpec.spec.nodeName of type string",
  ],
];

/** Bodies, the strict faults that they have in order, and nothing else wrong with them. */
const unknown: readonly (readonly [unknown, readonly string[]])[] = [
  [pod({ foo: 1, bar: { a: 1 } }), ['unknown field "spec.foo"', 'unknown field "spec.bar"']],
  [pod({}, { zoo: 2 }), ['unknown field "zoo"']],
  [metadata({ what: 1 }), ['unknown field "metadata.what"']],
  [
    pod({ containers: [{ name: "c", image: "i", zap: 1, ports: [{ containerPort: 80, x: 1 }] }], x: 1 }),
    [
      'unknown field "spec.containers[0].zap"',
      'unknown field "spec.containers[0].ports[0].x"',
      'unknown field "spec.x"',
    ],
  ],
  [
    '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},"spec":{"containers":[{"name":"a","name":"c","image":"i"}]}}',
    ['duplicate field "spec.containers[0].name"'],
  ],
  [
    '{"metadata":{"name":"q","name":"p","annotations":{"a":"\\"x\\":1","a":"2"}},"spec":{"containers":[{"name":"c","image":"i"}]}}',
    ['duplicate field "metadata.name"', 'duplicate field "metadata.annotations.a"'],
  ],
];

/** Which bodies are understood, and what is kept of them. */
export const fieldValidationContract = (target: Target): void => {
  const test = suite(`${target.name}: field validation`);
  const create = async (
    resource: string,
    body: unknown,
    query: Record<string, string> = {},
  ): Promise<Reply> =>
    await target.send("POST", `/api/v1/namespaces/${await namespace()}/${resource}`, {
      body,
      query: { dryRun: "All", ...query },
    });
  let shared: Promise<string> | undefined;
  const namespace = (): Promise<string> => shared ??= target.namespace();

  test("a value of another type is refused by the name of its field", async () => {
    for (const [body, why] of wrongTypes) {
      const { status, body: { reason, message } } = await create("pods", body);
      assert.equal([status, reason], [400, "BadRequest"], JSON.stringify(body));
      assert.is(message, `Pod in version "v1" cannot be handled as a Pod: ${why}`);
    }
  });

  test("unknown and duplicate fields are refused, told or ignored, as asked", async () => {
    for (const [body, faults] of unknown) {
      const strict = await create("pods", body, { fieldValidation: "Strict" });
      assert.is(strict.status, 400);
      assert.is(
        strict.body.message,
        `Pod in version "v1" cannot be handled as a Pod: strict decoding error: ${faults.join(", ")}`,
      );
      for (const query of [undefined, { fieldValidation: "Warn" }]) {
        const told = await create("pods", body, query);
        assert.is(told.status, 201);
        assert.equal(warningsOf(told), faults);
      }
      const ignored = await create("pods", body, { fieldValidation: "Ignore" });
      assert.equal([ignored.status, warningsOf(ignored)], [201, []]);
    }
  });

  test("what is refused for another reason is told of its unknown fields too", async () => {
    const refused = (reply: Reply): void =>
      assert.equal([reply.status, warningsOf(reply)], [422, ['unknown field "foo"']], reply.text);
    refused(await create("configmaps", { metadata: { name: "No" }, foo: 1 }));
    const collection = `/api/v1/namespaces/${await namespace()}/configmaps`, name = "refused";
    await target.send("POST", collection, { body: { metadata: { name } } });
    const type = { apiVersion: "v1", kind: "ConfigMap" };
    const body = { ...type, metadata: { name, labels: { "a b": "c" } }, foo: 1 };
    refused(await target.send("PUT", `${collection}/${name}`, { body }));
    const merge = { body, contentType: "application/merge-patch+json" };
    refused(await target.send("PATCH", `${collection}/${name}`, merge));
  });

  test("unknown fields are not kept", async () => {
    const { body } = await create("configmaps", {
      metadata: { name: "c", what: 1 },
      data: { a: "1" },
      foo: 1,
    });
    assert.equal([body.foo, body.metadata.what, body.data], [undefined, undefined, { a: "1" }]);
  });

  test("another word for how to validate is refused", async () => {
    const { status, body } = await create("configmaps", { metadata: { name: "c" } }, {
      fieldValidation: "Maybe",
    });
    assert.is(status, 422);
    assert.is(
      body.message,
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Maybe": supported values: "", "Ignore", "Strict", "Warn"',
    );
  });

  test("an update is checked like a create", async () => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    await target.send("POST", path, { body: { metadata: { name: "updated" } } });
    const body = { metadata: { name: "updated" }, data: { a: 1 } };
    const wrong = await target.send("PUT", `${path}/updated`, { body });
    assert.equal([wrong.status, wrong.body.message], [
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ]);
    const strict = await target.send("PUT", `${path}/updated`, {
      body: { metadata: { name: "updated" }, Data: {} },
      query: { fieldValidation: "Strict" },
    });
    assert.match(strict.body.message, /strict decoding error: unknown field "Data"$/);
  });

  test("null is nothing in a field, and an empty value in a list or a map", async () => {
    const made = await create("configmaps", {
      metadata: { name: "c", labels: null },
      data: { a: null },
      immutable: null,
    });
    assert.equal([made.status, made.body.data, "immutable" in made.body], [201, { a: "" }, false]);
    const { body: { spec } } = await create(
      "pods",
      pod({
        nodeName: null,
        nodeSelector: { a: null },
        containers: [{ name: "c", image: "i", command: ["a", null] }],
      }),
    );
    assert.equal([spec.nodeName, spec.nodeSelector, spec.containers[0].command], [undefined, { a: "" }, [
      "a",
      "",
    ]]);
  });

  test("what is empty and says nothing is left out; what is empty and says something is kept", async () => {
    const { body: { spec } } = await create("pods", {
      metadata: { name: "p" },
      spec: {
        containers: [{ name: "c", image: "i", args: [], env: [{ name: "A", value: "" }], stdin: false }],
        hostNetwork: false,
        nodeSelector: {},
        terminationGracePeriodSeconds: 0,
        automountServiceAccountToken: false,
        securityContext: { runAsUser: 0 },
        volumes: [{ name: "v", emptyDir: {} }],
      },
    });
    const [{ args, env, stdin }] = spec.containers;
    assert.equal([args, env, stdin, spec.hostNetwork, spec.nodeSelector], [
      undefined,
      [{ name: "A" }],
      undefined,
      undefined,
      undefined,
    ]);
    assert.equal([spec.terminationGracePeriodSeconds, spec.automountServiceAccountToken], [0, false]);
    assert.equal([spec.securityContext, spec.volumes], [{ runAsUser: 0 }, [{ name: "v", emptyDir: {} }]]);
  });

  test("amounts and times are written in one way", async () => {
    const { body: { spec } } = await create(
      "pods",
      container({ resources: { limits: { cpu: 1.5, memory: "1024Mi" }, requests: { cpu: "1000m" } } }),
    );
    assert.equal(spec.containers[0].resources, {
      limits: { cpu: "1500m", memory: "1Gi" },
      requests: { cpu: "1", memory: "1Gi" },
    });
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${await namespace()}/leases`;
    const lease = (spec: object) =>
      target.send("POST", leases, { body: { metadata: { name: "l" }, spec }, query: { dryRun: "All" } });
    const made = await lease({ renewTime: "2020-01-01T00:00:00.123456+02:00" });
    assert.is(made.body.spec?.renewTime, "2019-12-31T22:00:00.123456Z");
    const wrong = await lease({ renewTime: "2020-01-01T00:00:00Z" });
    assert.equal([wrong.status, wrong.body.message], [
      400,
      'Lease in version "v1" cannot be handled as a Lease: parsing time "2020-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
    ]);
  });

  test("bytes are base64", async () => {
    const { status, body } = await create("secrets", { metadata: { name: "s" }, data: { a: "***" } });
    assert.equal([status, body.message], [
      400,
      'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0',
    ]);
  });

  test("a body of another kind or version is refused", async () => {
    const kind = await create("pods", { apiVersion: "v1", kind: "Secret", metadata: { name: "p" } });
    assert.is(kind.status, 400);
    assert.match(kind.body.message, /^Secret in version "v1" cannot be handled as a Pod: /);
    const version = await create("pods", { apiVersion: "v2", kind: "Pod", metadata: { name: "p" } });
    assert.is(version.status, 400);
    assert.match(
      version.body.message,
      /^Pod in version "v2" cannot be handled as a Pod: no kind "Pod" is registered/,
    );
  });

  test("a body that is no object is refused", async () => {
    for (const body of ["{", "", "x", "1", "[]"]) {
      const { status, body: { reason, message } } = await create("pods", body);
      assert.equal([status, reason], [400, "BadRequest"], body);
      assert.match(
        message,
        /^the object provided is unrecognized \(must be of type Pod\): couldn't get version\/kind; json parse error: /,
      );
    }
  });

  test.run();
};
