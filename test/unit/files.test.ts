import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Action } from "../../core/action.ts";
import type { Result } from "../../core/event.ts";
import type { Fault } from "../../core/fault.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import { objectKey } from "../../core/objects/key.ts";
import { decodeRead } from "../../core/objects/key.ts";
import { container, epoch } from "../tools/containers.ts";
import { type InstantNode, makeInstantNode } from "../tools/instant_node.ts";
import { configMap } from "../tools/objects.ts";
import { pod } from "../tools/pods.ts";

const test = suite("files, kept up to date");

const cm = objectKey("ConfigMap", "shop", "cm");
const services = objectKey("Service", "default", "kubernetes");
const kinds = ["pods", "containers"] as const;

const mounting = (source: object, more: object = {}): Pod =>
  pod({
    meta: { labels: { app: "web" } },
    spec: {
      enableServiceLinks: false,
      serviceAccountName: "robot",
      terminationGracePeriodSeconds: 1,
      containers: [container("a", { volumeMounts: [{ name: "v", mountPath: "/v" }], ...more })],
      volumes: [{ name: "v", ...source }],
    },
  });

/** The content of the files that a back end was given. */
const contentOf = (action: Action): string | undefined => {
  const volumes = action._tag === "UpdateFiles"
    ? action.volumes
    : action._tag === "CreatePod" || action._tag === "StartContainer"
    ? action.intent.volumes
    : undefined;
  const v = volumes?.v;
  return v?._tag === "Files"
    ? `${action._tag}: ${
      v.files.map(({ path, content }) => `${path}=${new TextDecoder().decode(content)}`).join(" ")
    }`
    : undefined;
};

/** What the back end was given since the last call. */
const given = (node: InstantNode): () => readonly string[] => {
  let seen = 0;
  return () => {
    const news = node.actions.slice(seen).flatMap(({ action }) => contentOf(action) ?? []);
    seen = node.actions.length;
    return news;
  };
};

const version = (resourceVersion: string, data: Readonly<Record<string, string>>, more: object = {}) => {
  const made = configMap("shop", "cm", data, more as Readonly<Record<string, unknown>>);
  return { ...made, metadata: { ...made.metadata, resourceVersion } };
};

const nodeOf = (
  kind: typeof kinds[number],
  api?: (action: Action) => E.Either<Fault, Result> | undefined,
): InstantNode =>
  makeInstantNode({ kind, api, objects: { read: true }, policy: { files: true, canUpdateFiles: true } });

const apply = (node: InstantNode, of: Pod): void => {
  node.api.create(of);
  node.tell({ _tag: "Tick" });
  node.tell({ _tag: "ObjectsListed", key: services, items: [], bad: [] });
};

for (const kind of kinds) {
  const begins = kind === "pods" ? "CreatePod" : "StartContainer";

  test(`${kind}: an edited ConfigMap reaches the running pod, once, and never its environment`, () => {
    const node = nodeOf(kind);
    const news = given(node);
    apply(node, mounting({ configMap: { name: "cm" } }, { envFrom: [{ configMapRef: { name: "cm" } }] }));
    assert.equal(news(), []);
    node.tell({ _tag: "ObjectsListed", key: cm, items: [version("1", { a: "1" })], bad: [] });
    node.pass(5_000);
    assert.equal(news(), [`${begins}: a=1`]);
    node.tell({ _tag: "ObjectApplied", key: cm, item: version("2", { a: "2" }) });
    assert.equal(news(), ["UpdateFiles: a=2"]);
    node.pass(600_000);
    node.tell({ _tag: "ObjectsListed", key: cm, items: [version("2", { a: "2" })], bad: [] });
    node.pass(600_000);
    assert.equal(news(), []);
  });

  test(`${kind}: a ConfigMap that vanishes leaves its files, and what comes back is given`, () => {
    const node = nodeOf(kind);
    const news = given(node);
    apply(node, mounting({ configMap: { name: "cm" } }));
    node.tell({ _tag: "ObjectsListed", key: cm, items: [version("1", { a: "1" })], bad: [] });
    node.tell({ _tag: "ObjectDeleted", key: cm, name: "cm" });
    node.pass(60_000);
    assert.equal(news(), [`${begins}: a=1`]);
    node.tell({ _tag: "ObjectApplied", key: cm, item: version("9", { a: "9" }) });
    assert.equal(news(), ["UpdateFiles: a=9"]);
  });

  test(`${kind}: files of the downward API follow the labels`, () => {
    const node = nodeOf(kind);
    const news = given(node);
    const own = mounting({
      downwardAPI: { items: [{ path: "l", fieldRef: { fieldPath: "metadata.labels" } }] },
    });
    apply(node, own);
    node.pass(5_000);
    assert.equal(news(), [`${begins}: l=app="web"`]);
    node.api.edit("u-1", (pod) => ({ ...pod, metadata: { ...pod.metadata, labels: { app: "db" } } }));
    node.pass(1_000);
    assert.equal(news(), ['UpdateFiles: l=app="db"']);
  });

  test(`${kind}: an update that fails is repeated, and a back end that cannot is not asked`, () => {
    let failures = 2;
    const node = makeInstantNode({
      kind,
      objects: { read: true },
      policy: { files: true, canUpdateFiles: true },
      backend: (action) =>
        action._tag === "UpdateFiles" && failures-- > 0
          ? E.left({ _tag: "Unavailable", message: "no" })
          : undefined,
    });
    const news = given(node);
    apply(node, mounting({ configMap: { name: "cm" } }));
    node.tell({ _tag: "ObjectsListed", key: cm, items: [version("1", { a: "1" })], bad: [] });
    news();
    node.tell({ _tag: "ObjectApplied", key: cm, item: version("2", { a: "2" }) });
    node.pass(30_000);
    assert.equal(news(), ["UpdateFiles: a=2", "UpdateFiles: a=2", "UpdateFiles: a=2"]);
  });
}

test("immutable objects are not watched any more once they are known", () => {
  const node = nodeOf("pods");
  apply(node, mounting({ configMap: { name: "cm" } }));
  node.tell({
    _tag: "ObjectsListed",
    key: cm,
    items: [version("1", { a: "1" }, { immutable: true })],
    bad: [],
  });
  node.pass(600_000);
  const tags = node.actions.flatMap(({ action }) =>
    "key" in action && action.key === cm ? [action._tag] : []
  );
  assert.equal(tags, ["WatchObject", "UnwatchObject"]);
});

const tokenVolume = {
  projected: {
    sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 600, audience: "vault" } }],
  },
};

test("a token is bound to its pod, renewed at 80 % of its life, given to the pod, and dropped with it", () => {
  let issued = 0, now = () => 0;
  const asked: Action[] = [];
  const node = nodeOf("pods", (action) => {
    if (action._tag !== "ReadObject") return undefined;
    asked.push(action);
    // the API server is away for a while
    if (issued === 1 && now() < 490_000) return E.left({ _tag: "Unavailable", message: "away" });
    issued++;
    const expirationTimestamp = new Date(epoch + now() + 600_000).toISOString();
    const read = decodeRead(
      action.key,
      JSON.stringify({
        spec: { expirationSeconds: 600 },
        status: { token: `t${issued}`, expirationTimestamp },
      }),
    );
    return E.isRight(read) ? E.right({ _tag: "ReadObject", ...read.right }) : undefined;
  });
  now = () => node.now().mono;
  const news = given(node);
  apply(node, mounting(tokenVolume));
  node.pass(470_000);
  assert.equal(news(), ["CreatePod: token=t1"]);
  const [first] = asked;
  assert.equal(first?._tag === "ReadObject" && first.request, {
    method: "POST",
    path: "/api/v1/namespaces/shop/serviceaccounts/robot/token",
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {
        audiences: ["vault"],
        expirationSeconds: 600,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "web", uid: "u-1" },
      },
    },
  });
  node.pass(60_000);
  assert.equal(news(), ["UpdateFiles: token=t2"]);
  assert.ok(asked.length > 2, "asked again while the server was away");
  assert.not.ok(JSON.stringify(node.actions).includes('"t2"'));
  node.pass(500_000);
  assert.equal(news(), ["UpdateFiles: token=t3"]);
  node.api.remove("u-1", 1);
  node.pass(60_000);
  assert.not.ok([...asked].some((action) => JSON.stringify(action).includes("t3")));
  const before = asked.length;
  node.pass(3_600_000);
  assert.is(asked.length, before);
  assert.is(node.state().objects.entries.size, 0);
});

test("a claim is waited for until it is bound, and its volume is handed over", () => {
  const stored = new Map<string, object>();
  const asked: string[] = [];
  const node = nodeOf("pods", (action) => {
    if (action._tag !== "ReadObject") return undefined;
    asked.push(`${action.request.method} ${action.request.path}`);
    const json = stored.get(action.key);
    if (json === undefined) return E.left({ _tag: "NotFound", message: "not found" });
    const read = decodeRead(action.key, JSON.stringify(json));
    return E.isRight(read) ? E.right({ _tag: "ReadObject", ...read.right }) : undefined;
  });
  const claim = objectKey("PersistentVolumeClaim", "shop", "data");
  const waits = () => node.api.pods.get("u-1")?.status.containerStatuses?.[0]?.state?.waiting?.message;
  apply(node, mounting({ persistentVolumeClaim: { claimName: "data" } }));
  node.pass(2_000);
  assert.is(waits(), 'volume "v": persistentvolumeclaim "data" not found');
  stored.set(claim, { metadata: { name: "data", uid: "c" }, spec: {}, status: { phase: "Pending" } });
  node.pass(10_000);
  assert.is(waits(), 'volume "v": persistentvolumeclaim "data" is not bound');
  const nfs = { server: "s", path: "/x" };
  stored.set(objectKey("PersistentVolume", "", "pv-1"), {
    metadata: { name: "pv-1", uid: "v" },
    spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], nfs, claimRef: {} },
  });
  const spec = { volumeName: "pv-1" };
  stored.set(claim, { metadata: { name: "data", uid: "c" }, spec, status: { phase: "Bound" } });
  node.pass(10_000);
  const created = node.actions.flatMap(({ action }) =>
    action._tag === "CreatePod" ? [action.intent.volumes?.v] : []
  );
  assert.equal(created, [{
    _tag: "PersistentVolume",
    claim: "data",
    readOnly: false,
    volume: {
      kind: "PersistentVolume",
      metadata: { name: "pv-1", uid: "v", namespace: undefined, resourceVersion: undefined },
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteOnce"],
      volumeMode: "Filesystem",
      mountOptions: [],
      type: "nfs",
      source: nfs,
    },
  }]);
  assert.equal([...new Set(asked)], [
    "GET /api/v1/namespaces/shop/persistentvolumeclaims/data",
    "GET /api/v1/persistentvolumes/pv-1",
  ]);
  const before = asked.length;
  node.pass(3_600_000);
  assert.is(asked.length, before, "what is bound is not read any more");
  node.api.remove("u-1", 1);
  node.pass(120_000);
  assert.is(node.state().objects.entries.size, 0);
});

test("a token that is refused is told, and waited for", () => {
  let refused = true;
  const node = nodeOf("containers", (action) => {
    if (action._tag !== "ReadObject") return undefined;
    if (refused) return E.left({ _tag: "NotFound", message: 'serviceaccounts "robot" not found' });
    const expirationTimestamp = new Date(epoch + 7_200_000).toISOString();
    const read = decodeRead(
      action.key,
      JSON.stringify({
        spec: { expirationSeconds: 3600 },
        status: { token: "t", expirationTimestamp },
      }),
    );
    return E.isRight(read) ? E.right({ _tag: "ReadObject", ...read.right }) : undefined;
  });
  const news = given(node);
  apply(node, mounting(tokenVolume));
  node.pass(5_000);
  const [status] = node.api.pods.get("u-1")?.status.containerStatuses ?? [];
  assert.match(
    status?.state?.waiting?.message ?? "",
    'volume "v": failed to fetch a token of service account "robot": NotFound: serviceaccounts "robot" not found',
  );
  refused = false;
  node.pass(60_000);
  assert.equal(news(), ["StartContainer: token=t"]);
});

test.run();
