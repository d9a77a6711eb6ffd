import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Container, EnvVar } from "../../../core/kubernetes/container.ts";
import type { Pod } from "../../../core/kubernetes/pod.ts";
import type { ReferredObject } from "../../../core/objects/key.ts";
import { referencesOf } from "../../../core/objects/references.ts";
import { resolveEnv } from "../../../core/pod/env.ts";
import { container, podOf } from "../../tools/containers.ts";
import { configMap, givenOf, secret, service } from "../../tools/objects.ts";

// the rows of the Go Virtual Kubelet's env_internal_test.go, and of the kubelet's documentation
const test = suite("environment from objects");

const fixtures: readonly ReferredObject[] = [
  configMap("shop", "cm1", { FOO: "__foo__" }),
  configMap("shop", "cm2", { BAR: "__bar__" }),
  configMap("shop", "cm3", { FOO: "__foo__", BAR: "__bar__" }),
  configMap("shop", "badcm", { FOO: "__foo__", "1INVALID": "x", "2INVALID": "y" }),
  configMap("shop", "texts", { REF: "$(FOO)", EMPTY: "" }, { binaryData: { BIN: "AAEC" } }),
  secret("shop", "s1", { BAZ: "__baz__" }),
  secret("shop", "s2", { FOO: "__foo__" }),
  secret("shop", "bads", { "3INVALID": "z", BAZ: "__baz__" }),
  service("default", "kubernetes", "1.2.3.1", [{ port: 8081 }]),
  service("shop", "test", "1.2.3.3", [{ port: 8083 }]),
  service("other", "unused", "1.2.3.4", [{ port: 8084 }]),
];

const v = (name: string, value?: string): EnvVar => value === undefined ? { name } : { name, value };
const ofMap = (name: string, map: string, key: string, optional?: boolean): EnvVar => ({
  name,
  valueFrom: { configMapKeyRef: { name: map, key, optional } },
});
const ofSecret = (name: string, of: string, key: string, optional?: boolean): EnvVar => ({
  name,
  valueFrom: { secretKeyRef: { name: of, key, optional } },
});
const fromMap = (name: string, more: object = {}): unknown => ({ configMapRef: { name, ...more } });
const fromSecret = (name: string, more: object = {}): unknown => ({ secretRef: { name, ...more } });
const prefixed = (prefix: string, source: unknown): unknown => ({ prefix, ...source as object });

const podWith = (a: Partial<Container>, links = false): Pod => {
  const pod = podOf({ apps: [container("a", a)] });
  return { ...pod, spec: { ...pod.spec, enableServiceLinks: links } };
};

interface Row {
  readonly name: string;
  readonly given: Partial<Container>;
  /** `NAME=value`, without those of services; `undefined`: it cannot start. */
  readonly env?: readonly string[];
  readonly told?: readonly string[];
  readonly missing?: readonly string[];
}

const rows: readonly Row[] = [
  {
    name: "keys of a ConfigMap and a Secret",
    given: { env: [v("FOO", "foo_value"), ofMap("BAR", "cm1", "FOO"), ofSecret("BAZ", "s1", "BAZ", false)] },
    env: ["FOO=foo_value", "BAR=__foo__", "BAZ=__baz__"],
  },
  {
    name: "prefixed sources, three in one container",
    given: {
      envFrom: [
        prefixed("FROM_CONFIGMAP_1_", fromMap("cm1")),
        prefixed("FROM_CONFIGMAP_2_", fromMap("cm2")),
        prefixed("FROM_SECRET_1_", fromSecret("s1")),
      ],
    },
    env: ["FROM_CONFIGMAP_1_FOO=__foo__", "FROM_CONFIGMAP_2_BAR=__bar__", "FROM_SECRET_1_BAZ=__baz__"],
  },
  {
    name: "keys that are no names are skipped and told",
    given: { envFrom: [fromMap("badcm"), fromSecret("bads")] },
    env: ["FOO=__foo__", "BAZ=__baz__"],
    told: [
      "InvalidEnvironmentVariableNames: keys [1INVALID, 2INVALID] from configmap shop/badcm were skipped since they " +
      "are invalid as environment variable names",
      "InvalidEnvironmentVariableNames: keys [3INVALID] from secret shop/bads were skipped since they are invalid as " +
      "environment variable names",
    ],
  },
  {
    name: "a prefix makes an invalid key valid",
    given: { envFrom: [prefixed("A_", fromMap("badcm"))] },
    env: ["A_1INVALID=x", "A_2INVALID=y", "A_FOO=__foo__"],
  },
  {
    name: "env overrides envFrom, in its place",
    given: { envFrom: [fromMap("cm3")], env: [v("FOO", "__override__")] },
    env: ["BAR=__bar__", "FOO=__override__"],
  },
  {
    name: "one missing source is enough",
    given: { envFrom: [fromMap("cm1"), fromMap("dup"), fromSecret("s2")] },
    missing: ['configmap "dup" not found'],
    told: ['MandatoryConfigMapNotFound: configmap "dup" not found'],
  },
  {
    name: "missing ConfigMaps",
    given: { envFrom: [fromMap("missing-1", { optional: true }), fromMap("missing-2")] },
    missing: ['configmap "missing-2" not found'],
    told: [
      'OptionalConfigMapNotFound: configmap "missing-1" not found',
      'MandatoryConfigMapNotFound: configmap "missing-2" not found',
    ],
  },
  {
    name: "missing Secrets",
    given: {
      envFrom: [fromSecret("missing-1", { optional: true }), fromSecret("missing-2", { optional: false })],
    },
    missing: ['secret "missing-2" not found'],
    told: [
      'OptionalSecretNotFound: secret "missing-1" not found',
      'MandatorySecretNotFound: secret "missing-2" not found',
    ],
  },
  {
    name: "a key of a missing ConfigMap",
    given: { env: [ofMap("A", "missing", "k")] },
    missing: ['configmap "missing" not found'],
    told: ['MandatoryConfigMapNotFound: configmap "missing" not found'],
  },
  {
    name: "a key of a missing Secret",
    given: { env: [ofSecret("A", "missing", "k")] },
    missing: ['secret "missing" not found'],
    told: ['MandatorySecretNotFound: secret "missing" not found'],
  },
  {
    name: "optional keys of missing objects leave an envFrom value of the name",
    given: {
      envFrom: [fromMap("cm1")],
      env: [ofMap("FOO", "missing", "k", true), ofSecret("BAZ", "missing", "k", true)],
    },
    env: ["FOO=__foo__"],
    told: [
      'OptionalConfigMapNotFound: skipping optional envvar "FOO": configmap "missing" not found',
      'OptionalSecretNotFound: skipping optional envvar "BAZ": secret "missing" not found',
    ],
  },
  {
    name: "missing keys",
    given: { env: [ofMap("A", "cm1", "no", true), ofSecret("B", "s1", "no", true)] },
    env: [],
    told: [
      'OptionalConfigMapKeyNotFound: skipping optional envvar "A": key "no" does not exist in configmap "cm1"',
      'OptionalSecretKeyNotFound: skipping optional envvar "B": key "no" does not exist in secret "s1"',
    ],
  },
  {
    name: "missing mandatory keys",
    given: { env: [ofMap("A", "cm1", "no"), ofSecret("B", "s1", "no")] },
    missing: ['key "no" does not exist in configmap "cm1"', 'key "no" does not exist in secret "s1"'],
    told: [
      'MandatoryConfigMapKeyNotFound: key "no" does not exist in configmap "cm1"',
      'MandatorySecretKeyNotFound: key "no" does not exist in secret "s1"',
    ],
  },
  {
    name: "composed, also of what came from objects",
    given: {
      envFrom: [fromMap("cm1")],
      env: [ofSecret("BAR", "s1", "BAZ"), v("FOOBAR", "$(FOO)$(BAR)$(LATER)"), v("LATER", "1")],
    },
    env: ["FOO=__foo__", "BAR=__baz__", "FOOBAR=__foo____baz__$(LATER)", "LATER=1"],
  },
  {
    name: "values of objects are not expanded, and may be empty",
    given: { envFrom: [fromMap("cm1"), fromMap("texts")] },
    env: ["FOO=__foo__", "EMPTY=", "REF=$(FOO)"],
  },
  { name: "an empty variable", given: { env: [v("FOO")] }, env: ["FOO="] },
  {
    name: "a source of neither kind is skipped; of both the ConfigMap counts",
    given: { envFrom: [{}, { configMapRef: { name: "cm2" }, secretRef: { name: "s1" } }] },
    env: ["BAR=__bar__"],
  },
  {
    name: "services are seen by expansion",
    given: { env: [v("URL", "http://$(KUBERNETES_SERVICE_HOST):$(KUBERNETES_SERVICE_PORT)")] },
    env: ["URL=http://1.2.3.1:8081"],
  },
];

for (const { name, given, env, told = [], missing = [] } of rows) {
  test(name, () => {
    const pod = podWith(given);
    const resolved = resolveEnv(pod, givenOf(fixtures, referencesOf(pod)));
    const lines = resolved.env.a?.filter((each) => !each.name.startsWith("KUBERNETES_"))
      .map((each) => `${each.name}=${each.value}`);
    assert.equal(lines, env);
    assert.equal(resolved.notices.map(({ reason, message }) => `${reason}: ${message}`), told);
    assert.equal(resolved.missing, missing.map((message) => ({ container: "a", message })));
    assert.equal(resolved.problems, []);
  });
}

test("what has not been read is waited for, and is no news", () => {
  const pod = podWith({ envFrom: [fromMap("cm1", { optional: true })] });
  const [services] = referencesOf(pod);
  const resolved = resolveEnv(pod, givenOf(fixtures, [services!]));
  assert.equal(resolved.missing, [{ container: "a", message: undefined }]);
  assert.equal(resolved.notices, []);
  assert.equal(resolved.env, {});
  const blind = resolveEnv(podWith({}), givenOf(fixtures, []));
  assert.equal(blind.missing, [{ container: "a", message: undefined }], "services are not known");
});

const kubernetes = [
  "KUBERNETES_SERVICE_HOST=1.2.3.1",
  "KUBERNETES_SERVICE_PORT=8081",
  "KUBERNETES_PORT=tcp://1.2.3.1:8081",
  "KUBERNETES_PORT_8081_TCP=tcp://1.2.3.1:8081",
  "KUBERNETES_PORT_8081_TCP_PROTO=tcp",
  "KUBERNETES_PORT_8081_TCP_PORT=8081",
  "KUBERNETES_PORT_8081_TCP_ADDR=1.2.3.1",
];

const linesOf = (pod: Pod, items: readonly ReferredObject[]): readonly string[] | undefined =>
  resolveEnv(pod, givenOf(items, referencesOf(pod))).env.a?.map(({ name, value }) => `${name}=${value}`);

test("services: only kubernetes without links, also those of the namespace with them", () => {
  assert.equal(linesOf(podWith({ env: [v("FOO", "1")] }), fixtures), ["FOO=1", ...kubernetes]);
  assert.equal(linesOf(podWith({ env: [v("FOO", "1")] }, true), fixtures), [
    "FOO=1",
    ...kubernetes,
    ...kubernetes.map((line) =>
      line.replace("KUBERNETES", "TEST").replaceAll("8081", "8083").replace("1.2.3.1", "1.2.3.3")
    ),
  ]);
});

test("services: the namespace's own kubernetes wins, headless ones are none, IPv6 is bracketed in URLs", () => {
  const items = [
    service("default", "kubernetes", "1.2.3.1", [{ port: 443 }]),
    service("shop", "kubernetes", "fd00::1", [{ port: 443, name: "https", protocol: "TCP" }, {
      port: 53,
      name: "dns-udp",
      protocol: "UDP",
    }]),
    service("shop", "headless", "None", [{ port: 1 }]),
    service("shop", "external", "", []),
    service("shop", "a-b", "10.0.0.1", []),
  ];
  assert.equal(linesOf(podWith({ env: [v("KUBERNETES_PORT", "mine")] }, true), items), [
    "KUBERNETES_PORT=mine",
    "A_B_SERVICE_HOST=10.0.0.1",
    "KUBERNETES_SERVICE_HOST=fd00::1",
    "KUBERNETES_SERVICE_PORT=443",
    "KUBERNETES_SERVICE_PORT_HTTPS=443",
    "KUBERNETES_SERVICE_PORT_DNS_UDP=53",
    "KUBERNETES_PORT_443_TCP=tcp://[fd00::1]:443",
    "KUBERNETES_PORT_443_TCP_PROTO=tcp",
    "KUBERNETES_PORT_443_TCP_PORT=443",
    "KUBERNETES_PORT_443_TCP_ADDR=fd00::1",
    "KUBERNETES_PORT_53_UDP=udp://[fd00::1]:53",
    "KUBERNETES_PORT_53_UDP_PROTO=udp",
    "KUBERNETES_PORT_53_UDP_PORT=53",
    "KUBERNETES_PORT_53_UDP_ADDR=fd00::1",
  ]);
});

test("a Secret's value, and all that is made of it, is never printed", () => {
  const pod = podWith({ envFrom: [fromSecret("s1")], env: [ofSecret("A", "s1", "BAZ"), v("B", "x$(A)")] });
  const { env } = resolveEnv(pod, givenOf(fixtures, referencesOf(pod)));
  const own = env.a?.slice(0, 3) ?? [];
  assert.equal(own.map(({ value }) => value), ["__baz__", "__baz__", "x__baz__"]);
  assert.is(JSON.stringify(own), '[{"name":"BAZ"},{"name":"A"},{"name":"B"}]');
});

test.run();
