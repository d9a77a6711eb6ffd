import { suite } from "uvu";
import * as assert from "uvu/assert";
import { unsupported } from "../../../../adapters/provider/process/unsupported.ts";
import type { PodSpec } from "../../../../core/kubernetes/pod.ts";
import { decodeVolume } from "../../../../core/kubernetes/persistent_volume.ts";
import { nothingGiven } from "../../../../core/pod/given.ts";
import type { PodIntent } from "../../../../core/pod/intent.ts";
import { resolveMounts } from "../../../../core/volume/mounts.ts";
import { resolveVolumes } from "../../../../core/volume/resolve.ts";
import type { ResolvedVolume } from "../../../../core/volume/volume.ts";
import { intentOf } from "../../../tools/processes.ts";

const test = suite("what processes cannot honour");

type Fields = Readonly<Record<string, unknown>>;

const host = { uid: 1000, gid: 1000, hostPaths: ["/srv/data", "/srv/more/"] };

const main = (more: Fields = {}): any => ({ name: "main", command: ["true"], ...more });
const spec = (more: Fields): PodSpec => ({ containers: [main()], ...more }) as PodSpec;
const container = (more: Fields): PodSpec => ({ containers: [main(more)] }) as PodSpec;
const secure = (securityContext: Fields): PodSpec => container({ securityContext });

/** With its volumes, as the core resolves them. */
const resolved = (spec: PodSpec): PodIntent => {
  const intent = intentOf("u", spec.containers);
  const pod = { ...intent.pod, spec };
  const { volumes } = resolveVolumes(pod, nothingGiven);
  const mounts = Object.fromEntries(
    spec.containers.map((each) => [each.name, resolveMounts(pod, each, "", []).mounts]),
  );
  return { ...intent, pod, volumes, mounts };
};

const check = (pod: PodSpec, policy: "refuse" | "warn" = "refuse"): readonly string[] => {
  return unsupported(resolved(pod), host, policy)
    .map(({ field, fatal }) => `${fatal ? "refused" : "warned"} ${field}`);
};

const get = { httpGet: { path: "/", port: 80 } };
const injected = { name: "kube-api-access-x2x4z", projected: { sources: [] } };
const mounting = (source: Fields, ...mounts: readonly Fields[]): PodSpec =>
  spec({
    volumes: [{ name: "v", ...source }],
    containers: [main({ volumeMounts: mounts.map((mount) => ({ name: "v", ...mount })) })],
  });
const at = (mountPath: string, more: Fields = {}): Fields => ({ mountPath, ...more });

/** The spec, what is said of it, and what is said when the policy is to warn. */
const rows: readonly (readonly [string, PodSpec, readonly string[], (readonly string[])?])[] = [
  ["nothing special", spec({}), []],
  ["an image", container({ image: "nginx", imagePullPolicy: "Always" }), []],
  [
    "what the API server puts in",
    spec({
      securityContext: {},
      dnsPolicy: "ClusterFirst",
      hostNetwork: false,
      containers: [main({
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        volumeMounts: [{ name: injected.name, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }],
      })],
      volumes: [injected],
    }),
    [],
  ],
  ["no command", container({ command: undefined, args: ["x"] }), ["refused spec.containers[0].command"], [
    "refused spec.containers[0].command",
  ]],
  ["an empty command", container({ command: [] }), ["refused spec.containers[0].command"], [
    "refused spec.containers[0].command",
  ]],
  ["a host port", container({ ports: [{ containerPort: 80, hostPort: 80 }, { containerPort: 81 }] }), []],
  ["another host port", container({ ports: [{ containerPort: 80, hostPort: 8080 }] }), [
    "refused spec.containers[0].ports",
  ]],
  ["an empty folder", mounting({ emptyDir: {} }, at("/tmp")), []],
  ["a volume that nobody mounts", mounting({ nfs: { server: "a" } }), []],
  ["a limit of size", mounting({ emptyDir: { sizeLimit: "1Gi" } }, at("/tmp")), ["warned spec.volumes[0]"]],
  ["memory", mounting({ emptyDir: { medium: "Memory" } }, at("/tmp")), ["refused spec.volumes[0]"]],
  ["files", mounting({ downwardAPI: { items: [] } }, at("/info", { readOnly: true })), []],
  ["a folder that may be mounted", mounting({ hostPath: { path: "/srv/data/a" } }, at("/a")), []],
  ["another one", mounting({ hostPath: { path: "/srv/more/../../etc" } }, at("/a")), [
    "refused spec.volumes[0]",
  ], [
    "refused spec.volumes[0]",
  ]],
  [
    "one beside it",
    mounting({ hostPath: { path: "/srv/database" } }, at("/a")),
    ["refused spec.volumes[0]"],
    [
      "refused spec.volumes[0]",
    ],
  ],
  ["a socket", mounting({ hostPath: { path: "/srv/more/a", type: "Socket" } }, at("/a")), [
    "refused spec.volumes[0]",
  ], [
    "refused spec.volumes[0]",
  ]],
  [
    "a share",
    mounting({ nfs: { server: "s", path: "/" } }, at("/a")),
    ["refused spec.volumes[0]"],
    [
      "refused spec.volumes[0]",
    ],
  ],
  ["read-only", mounting({ emptyDir: {} }, at("/a", { readOnly: true })), [
    "refused spec.containers[0].volumeMounts[0]",
  ]],
  ["mounts in one another", mounting({ emptyDir: {} }, at("/a"), at("/a/b"), at("/ab")), [
    "refused spec.containers[0].volumeMounts[1]",
  ], ["refused spec.containers[0].volumeMounts[1]"]],
  ["a device", container({ volumeDevices: [{ name: "d", devicePath: "/dev/x" }] }), [
    "refused spec.containers[0].volumeDevices",
  ]],
  ["probes", container({ livenessProbe: get, readinessProbe: get, startupProbe: get }), [
    "refused spec.containers[0].livenessProbe",
    "refused spec.containers[0].readinessProbe",
    "refused spec.containers[0].startupProbe",
  ]],
  ["hooks", container({ lifecycle: { preStop: { exec: { command: ["x"] } } } }), [
    "refused spec.containers[0].lifecycle",
  ]],
  ["a stop signal", container({ lifecycle: { stopSignal: "SIGINT" } }), []],
  ["an unknown stop signal", container({ lifecycle: { stopSignal: "SIGRTMIN+3" } }), [
    "refused spec.containers[0].lifecycle",
  ]],
  ["a terminal", container({ tty: true, stdin: true }), [
    "refused spec.containers[0].tty",
    "refused spec.containers[0].stdin",
  ]],
  ["no terminal", container({ tty: false, stdin: false }), []],
  ["variables of objects", container({ envFrom: [{ configMapRef: { name: "x" } }] }), []],
  ["limits", container({ resources: { limits: { cpu: "1" }, requests: { cpu: "1" } } }), [
    "warned spec.containers[0].resources",
  ]],
  ["requests", container({ resources: { requests: { cpu: "1" } } }), []],
  ["a sidecar", spec({ initContainers: [main({ restartPolicy: "Always" })] }), [
    "refused spec.initContainers[0].restartPolicy",
  ], ["refused spec.initContainers[0].restartPolicy"]],
  ["an init container", spec({ initContainers: [main({ livenessProbe: undefined, command: undefined })] }), [
    "refused spec.initContainers[0].command",
  ], ["refused spec.initContainers[0].command"]],
  ["an ephemeral container", spec({ ephemeralContainers: [{ name: "debug" }] }), [
    "warned spec.ephemeralContainers",
  ]],
  ["names of one's own", spec({ dnsConfig: { nameservers: ["1.1.1.1"] }, hostAliases: [{ ip: "::1" }] }), [
    "refused spec.dnsConfig",
    "refused spec.hostAliases",
  ]],
  ["a runtime class", spec({ runtimeClassName: "kata" }), ["refused spec.runtimeClassName"]],
  ["a pod's security", spec({ securityContext: { fsGroup: 5 } }), ["refused spec.securityContext"]],
  ["our own group", spec({ securityContext: { fsGroup: 1000 } }), []],
  ["our own user", secure({ runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true }), []],
  ["what is so anyway", secure({ privileged: false, readOnlyRootFilesystem: false, capabilities: {} }), []],
  ["an unconfined profile", secure({ seccompProfile: { type: "Unconfined" } }), []],
  ...([
    { runAsUser: 0 },
    { runAsGroup: 5 },
    { privileged: true },
    { allowPrivilegeEscalation: false },
    { readOnlyRootFilesystem: true },
    { capabilities: { drop: ["ALL"] } },
    { capabilities: { add: ["NET_ADMIN"] } },
    { seccompProfile: { type: "RuntimeDefault" } },
    { seLinuxOptions: { level: "s0" } },
    { unheardOf: 1 },
  ].map((context): readonly [string, PodSpec, readonly string[]] => [
    JSON.stringify(context),
    secure(context),
    ["refused spec.containers[0].securityContext"],
  ])),
];

for (const [title, pod, refused, warned] of rows) {
  test(title, () => {
    assert.equal(check(pod), refused);
    assert.equal(check(pod, "warn"), warned ?? refused.map((line) => line.replace(/^refused/, "warned")));
  });
}

test("root is not non-root", () => {
  const intent = intentOf("u", secure({ runAsNonRoot: true }).containers);
  assert.is(unsupported(intent, { uid: 0, gid: 0 }).length, 1);
  assert.is(unsupported(intent, host).length, 0);
});

test("a late address is put in where the machine has one", () => {
  const late = [{ name: "A", value: "", pieces: [{ field: "status.podIP" }] }] as const;
  const intent = intentOf("u", container({}).containers, late);
  assert.equal(unsupported(intent, { ...host, address: "10.0.0.1" }), []);
  assert.equal(unsupported(intent, host).map(({ field }) => field), ["spec.containers[0].env"]);
});

test("of persistent volumes those of this machine that may be mounted", () => {
  const volumeOf = (spec: Fields): ResolvedVolume => {
    const volume = decodeVolume({
      metadata: { name: "pv", uid: "u" },
      spec: { capacity: { storage: "1Gi" }, ...spec },
    });
    if (volume._tag === "Left") throw new Error(volume.left.problems.join());
    return { _tag: "PersistentVolume", claim: "c", readOnly: false, volume: volume.right };
  };
  const said = (spec: Fields) => {
    const intent = resolved(mounting({ persistentVolumeClaim: { claimName: "c" } }, at("/a")));
    return unsupported({ ...intent, volumes: { v: volumeOf(spec) } }, host).map(({ field }) => field);
  };
  assert.equal(said({ hostPath: { path: "/srv/data/a" } }), []);
  assert.equal(said({ local: { path: "/srv/more" }, storageClassName: "local" }), []);
  const bad = [
    { hostPath: { path: "/etc" } },
    { csi: { driver: "d" } },
    { local: { path: "/srv/more" }, volumeMode: "Block" },
  ];
  for (const spec of bad) assert.equal(said(spec), ["spec.volumes[0]"]);
});

test("every message names what to do without, and no value", () => {
  const all = rows.flatMap(([, pod]) => {
    return unsupported(resolved(pod), host);
  });
  for (const { message } of all) assert.ok(message.length > 20 && !message.includes("undefined"), message);
});

test.run();
