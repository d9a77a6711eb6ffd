import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { ReferredObject } from "../../core/objects/key.ts";
import { referencesOf } from "../../core/objects/references.ts";
import { resolveMounts } from "../../core/volume/mounts.ts";
import { resolveVolumes } from "../../core/volume/resolve.ts";
import { container } from "../tools/containers.ts";
import { configMap, givenOf, secret } from "../tools/objects.ts";
import { pod } from "../tools/pods.ts";

const test = suite("volumes");

const binary = { binaryData: { bin: "AP+A" } };
const fixtures: readonly ReferredObject[] = [
  configMap("shop", "cm", { b: "2", a: "1" }, binary),
  secret("shop", "keys", { password: "hunter2" }),
];

const mounting = (source: object, more: Partial<Pod["spec"]> = {}): Pod =>
  pod({
    meta: { labels: { app: "web", tier: "x" } },
    spec: {
      containers: [container("a", { volumeMounts: [{ name: "v", mountPath: "/v" }] })],
      volumes: [{ name: "v", ...source }],
      ...more,
    },
  });

interface Row {
  readonly name: string;
  readonly source: object;
  /** `path mode content` */
  readonly files?: readonly string[];
  readonly told?: readonly string[];
  readonly missing?: readonly string[];
  readonly problems?: readonly string[];
}

const cm = { name: "cm" };
const items = [{ key: "a", path: "x/y", mode: 0o600 }];

const rows: readonly Row[] = [
  { name: "all keys", source: { configMap: cm }, files: ["a 644 1", "b 644 2", "bin 644 \u0000��"] },
  { name: "another mode", source: { configMap: { ...cm, items, defaultMode: 0o400 } }, files: ["x/y 600 1"] },
  {
    name: "default mode",
    source: { secret: { secretName: "keys", defaultMode: 0o400 } },
    files: ["password 400 hunter2"],
  },
  {
    name: "a key that is not there",
    source: { configMap: { ...cm, items: [{ key: "no", path: "no" }] } },
    missing: ['volume "v": key "no" does not exist in configmap "cm"'],
    told: ['MandatoryConfigMapKeyNotFound: key "no" does not exist in configmap "cm"'],
  },
  {
    name: "an optional key that is not there",
    source: { configMap: { ...cm, optional: true, items: [{ key: "no", path: "no" }, ...items] } },
    files: ["x/y 600 1"],
    told: [
      'OptionalConfigMapKeyNotFound: skipping optional volume "v": key "no" does not exist in configmap "cm"',
    ],
  },
  {
    name: "a ConfigMap that is not there",
    source: { configMap: { name: "no" } },
    missing: ['volume "v": configmap "no" not found'],
    told: ['MandatoryConfigMapNotFound: configmap "no" not found'],
  },
  {
    name: "an optional Secret that is not there",
    source: { secret: { secretName: "no", optional: true } },
    files: [],
    told: ['OptionalSecretNotFound: skipping optional volume "v": secret "no" not found'],
  },
  {
    name: "the downward API",
    source: {
      downwardAPI: {
        items: [
          { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
          { path: "name", fieldRef: { fieldPath: "metadata.name" }, mode: 0o440 },
          { path: "cpu", resourceFieldRef: { containerName: "a", resource: "limits.cpu" } },
        ],
      },
    },
    files: ["cpu 644 4", 'labels 644 app="web"\ntier="x"', "name 440 web"],
  },
  {
    name: "an address is no file",
    source: { downwardAPI: { items: [{ path: "ip", fieldRef: { fieldPath: "status.podIP" } }] } },
    problems: ["spec.volumes[0].downwardAPI.items[0]: status.podIP can be in the environment, not in files"],
  },
  {
    name: "projected: all of it together, the last of a path wins",
    source: {
      projected: {
        defaultMode: 0o440,
        sources: [
          { configMap: { ...cm, items } },
          { secret: { name: "keys" } },
          { configMap: { ...cm, items: [{ key: "b", path: "x/y" }] } },
          { downwardAPI: { items: [{ path: "ns", fieldRef: { fieldPath: "metadata.namespace" } }] } },
        ],
      },
    },
    files: ["ns 440 shop", "password 440 hunter2", "x/y 440 2"],
  },
  {
    name: "projected: what is not served is refused by its name",
    source: { projected: { sources: [{ clusterTrustBundle: { path: "a" } }, { podCertificate: {} }] } },
    problems: [
      'spec.volumes[0].projected.sources[0]: a projected source of the kind "clusterTrustBundle" is not supported',
      'spec.volumes[0].projected.sources[1]: a projected source of the kind "podCertificate" is not supported',
    ],
  },
  ...["../a", "/etc/a", "a/../../b", "..a", "a//b", "", "."].map((path): Row => ({
    name: `a path that leads out: ${path}`,
    source: { configMap: { ...cm, items: [{ key: "a", path }] } },
    problems: [
      `spec.volumes[0].configMap.items[0]: the path ${JSON.stringify(path)} leads out of the volume`,
    ],
  })),
];

for (const { name, source, files, told = [], missing = [], problems = [] } of rows) {
  test(name, () => {
    const own = mounting(source);
    const resolved = resolveVolumes(own, givenOf(fixtures, referencesOf(own, { files: true })));
    const { v } = resolved.volumes;
    if (files !== undefined) {
      assert.equal(
        v?._tag === "Files" &&
          v.files.map((file) =>
            `${file.path} ${file.mode.toString(8)} ${new TextDecoder().decode(file.content)}`
          ),
        files,
      );
      assert.not.ok(JSON.stringify(resolved).includes("hunter2"));
    }
    assert.equal(resolved.notices.map(({ reason, message }) => `${reason}: ${message}`), told);
    assert.equal(resolved.missing.map(({ message }) => message), missing);
    assert.equal(resolved.problems.map(({ field, message }) => `${field}: ${message}`), problems);
  });
}

test("others are handed over as they are; those that nobody mounts are not there", () => {
  const volumesOf = (source: object, more: Partial<Pod["spec"]> = {}) =>
    resolveVolumes(mounting(source, more), givenOf([], [])).volumes;
  assert.equal(volumesOf({ emptyDir: { medium: "Memory", sizeLimit: "1Gi" } }), {
    v: { _tag: "EmptyDir", medium: "Memory", sizeLimit: "1Gi" },
  });
  assert.equal(volumesOf({}), { v: { _tag: "EmptyDir", medium: "", sizeLimit: undefined } });
  assert.equal(volumesOf({ hostPath: { path: "/a", type: "Directory" } }), {
    v: { _tag: "HostPath", path: "/a", type: "Directory" },
  });
  assert.equal(volumesOf({ nfs: { server: "s" } }), {
    v: { _tag: "Other", kind: "nfs", source: { server: "s" } },
  });
  assert.equal(volumesOf({ secret: { secretName: "x" } }, { containers: [container("a")] }), {});
});

test("sub-paths: variables are expanded, and nothing leads out", () => {
  const own = mounting({ emptyDir: {} });
  const env = [{ name: "POD", value: "web-0" }, { name: "UP", value: ".." }, {
    name: "IP",
    value: "",
    pieces: [{ field: "status.podIP" } as const],
  }];
  const mountsOf = (...more: readonly object[]) => {
    const volumeMounts = more.map((each) => ({ name: "v", mountPath: "/v", ...each }));
    return resolveMounts(own, container("a", { volumeMounts }), "c", env);
  };
  assert.equal(
    mountsOf({ subPathExpr: "logs/$(POD)" }, { subPath: "a/b" }, { readOnly: true, subPath: "" }),
    {
      mounts: [
        { volume: "v", mountPath: "/v", readOnly: false, subPath: "logs/web-0" },
        { volume: "v", mountPath: "/v", readOnly: false, subPath: "a/b" },
        { volume: "v", mountPath: "/v", readOnly: true },
      ],
      problems: [],
    },
  );
  const bad = ["$(UP)/x", "$(NO)", "$(IP)", "/abs"].map((subPathExpr) => ({ subPathExpr }));
  assert.equal(mountsOf(...bad, { subPath: "../x" }, { name: "nobody" }).problems.map(({ field }) => field), [
    "c.volumeMounts[0]",
    "c.volumeMounts[1]",
    "c.volumeMounts[2]",
    "c.volumeMounts[3]",
    "c.volumeMounts[4]",
    "c.volumeMounts[5]",
  ]);
});

test("a version stands for the files: it changes with the object, the items and the modes, not with the rest", () => {
  const versionOf = (source: object, ...objects: readonly ReferredObject[]): string => {
    const own = mounting(source);
    const { v } = resolveVolumes(own, givenOf(objects, referencesOf(own, { files: true }))).volumes;
    return v?._tag === "Files" ? v.version : "none";
  };
  const of = (resourceVersion: string) => {
    const made = configMap("shop", "cm", { a: "1", b: "2" });
    return { ...made, metadata: { ...made.metadata, resourceVersion } };
  };
  const first = versionOf({ configMap: cm }, of("1"));
  assert.is(versionOf({ configMap: cm }, of("1"), secret("shop", "x", {})), first);
  const others = [
    versionOf({ configMap: cm }, of("2")),
    versionOf({ configMap: { ...cm, items } }, of("1")),
    versionOf({ configMap: { ...cm, defaultMode: 0o400 } }, of("1")),
    versionOf({ configMap: { ...cm, optional: true } }),
  ];
  assert.is(new Set([first, ...others]).size, 5);
});

test.run();
