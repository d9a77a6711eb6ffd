import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Action } from "../../core/action.ts";
import type { Result } from "../../core/event.ts";
import type { Fault } from "../../core/fault.ts";
import type { Container } from "../../core/kubernetes/container.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import { type ObjectKey, objectKey, type ReferredObject } from "../../core/objects/key.ts";
import type { ObjectPolicy } from "../../core/objects/policy.ts";
import { watchedFor } from "../../core/objects/references.ts";
import { forEachEntry, lookup } from "../../core/table.ts";
import { container } from "../tools/containers.ts";
import { type InstantNode, makeInstantNode } from "../tools/instant_node.ts";
import { configMap, secret } from "../tools/objects.ts";
import { pod } from "../tools/pods.ts";

const test = suite("what pods refer to");

const kinds = ["pods", "containers"] as const;

interface Story {
  readonly node: InstantNode;
  /** What a read gives. */
  readonly stored: Map<ObjectKey, E.Either<Fault, readonly ReferredObject[]>>;
  /** The actions about objects since the last call, in words. */
  readonly asked: () => readonly string[];
}

const brief = (action: Action): readonly string[] =>
  action._tag === "WatchObject" || action._tag === "UnwatchObject" || action._tag === "ReadObject"
    ? [`${action._tag.replace("Object", "")} ${action.key}`]
    : action._tag === "WriteEvent"
    ? [String((action.request.body as { readonly reason?: string }).reason)]
    : action._tag === "CreatePod" || action._tag === "StartContainer"
    ? [action._tag]
    : [];

const story = (kind: typeof kinds[number], objects: Partial<ObjectPolicy> = {}): Story => {
  const stored: Story["stored"] = new Map();
  const node = makeInstantNode({
    kind,
    objects: { read: true, ...objects },
    api: (action): E.Either<Fault, Result> | undefined => {
      if (action._tag !== "ReadObject") return undefined;
      const items = stored.get(action.key) ?? E.right([]);
      return E.isLeft(items) ? items : E.right({ _tag: "ReadObject", items: items.right, bad: [] });
    },
  });
  let seen = 0;
  const asked = () => {
    const news = node.actions.slice(seen).flatMap(({ action }) => brief(action));
    seen = node.actions.length;
    return news;
  };
  return { node, stored, asked };
};

const services = objectKey("Service", "default", "kubernetes");
const cm = objectKey("ConfigMap", "shop", "cm");
const key = objectKey("Secret", "shop", "key");

const withEnv = (uid: string, env: Partial<Container>): Pod =>
  pod({
    meta: { uid, name: `web-${uid}` },
    spec: { containers: [container("a", env)], enableServiceLinks: false, terminationGracePeriodSeconds: 1 },
  });
const mandatory = { envFrom: [{ configMapRef: { name: "cm" } }] };
const optional = { envFrom: [{ configMapRef: { name: "cm", optional: true } }] };
const secretly = { envFrom: [{ secretRef: { name: "key" } }] };

const apply = ({ node }: Story, of: Pod): void => {
  node.api.create(of);
  node.tell({ _tag: "Tick" });
};
const remove = ({ node }: Story, uid: string): void => {
  node.api.remove(uid, 1);
  node.pass(30_000);
};
const listed = ({ node }: Story, key: ObjectKey, ...items: readonly ReferredObject[]): void =>
  node.tell({ _tag: "ObjectsListed", key, items, bad: [] });
const whyOf = ({ node }: Story, uid: string): string | undefined => lookup(node.state().pods, uid)?.why;
const waits = ({ node }: Story, uid: string): string => {
  const [status] = node.api.pods.get(uid)?.status.containerStatuses ?? [];
  const { reason, message } = status?.state?.waiting ?? {};
  return `${reason}: ${message}`;
};

for (const kind of kinds) {
  const begins = kind === "pods" ? "CreatePod" : "StartContainer";

  test(`${kind}: nothing begins before all is known, then it does by itself`, () => {
    const at = story(kind);
    apply(at, withEnv("u-1", mandatory));
    assert.equal(at.asked(), [`Watch ${services}`, `Watch ${cm}`]);
    assert.is(whyOf(at, "u-1"), "ObjectsUnknown");
    listed(at, services);
    assert.equal(at.asked(), []);
    listed(at, cm, configMap("shop", "cm", { A: "1" }));
    assert.equal(at.asked(), [begins]);
    at.node.pass(600_000);
    assert.equal(at.asked(), [], "at rest nothing is read");
  });

  test(`${kind}: what is missing is told and shown, and starts when it appears`, () => {
    const at = story(kind);
    apply(at, withEnv("u-1", mandatory));
    listed(at, services);
    listed(at, cm);
    assert.is(whyOf(at, "u-1"), "ObjectsMissing");
    at.node.pass(600_000);
    assert.equal(at.asked(), [`Watch ${services}`, `Watch ${cm}`, "MandatoryConfigMapNotFound"]);
    assert.is(waits(at, "u-1"), 'CreateContainerConfigError: configmap "cm" not found');
    at.node.tell({ _tag: "ObjectApplied", key: cm, item: configMap("shop", "cm", { A: "1" }) });
    assert.equal(at.asked(), [begins]);
    at.node.pass(10_000);
    assert.is(at.node.api.pods.get("u-1")?.status.phase, "Running");
    at.node.tell({ _tag: "ObjectDeleted", key: cm, name: "cm" });
    at.node.tell({ _tag: "ObjectApplied", key: cm, item: configMap("shop", "cm", { A: "2" }) });
    at.node.pass(600_000);
    assert.equal(at.asked(), [], "a running pod keeps what it was given");
  });

  test(`${kind}: what is optional is told once, and it runs`, () => {
    const at = story(kind);
    apply(at, withEnv("u-1", optional));
    listed(at, services);
    listed(at, cm);
    at.node.pass(600_000);
    const [first, second, ...rest] = at.asked();
    assert.equal([first, second], [`Watch ${services}`, `Watch ${cm}`]);
    assert.equal([...rest].sort(), [begins, "OptionalConfigMapNotFound"].sort());
  });
}

test("a watch that does not tell soon is helped by a read, which is repeated when it fails", () => {
  const at = story("pods");
  const forbidden: Fault = { _tag: "Forbidden", message: "no relationship found" };
  at.stored.set(cm, E.left(forbidden));
  apply(at, withEnv("u-1", mandatory));
  listed(at, services);
  at.asked();
  at.node.pass(1_000);
  assert.equal(at.asked(), [`Read ${cm}`, "FailedToReadMandatoryConfigMap"]);
  at.node.pass(10_000);
  assert.is(
    waits(at, "u-1"),
    'CreateContainerConfigError: failed to read configmap "cm": Forbidden: no relationship found',
  );
  at.stored.set(cm, E.right([configMap("shop", "cm", {})]));
  at.node.pass(60_000);
  assert.is(at.asked().at(-1), "CreatePod");
  at.node.pass(600_000);
  assert.equal(at.asked(), [], "then it is left to the watch");
});

test("one watch for all pods; a Secret is let go with its last pod, the rest a little later", () => {
  const at = story("pods");
  for (const uid of ["u-1", "u-2"]) {
    apply(at, withEnv(uid, { envFrom: [...mandatory.envFrom, ...secretly.envFrom] }));
  }
  listed(at, services);
  listed(at, cm, configMap("shop", "cm", {}));
  listed(at, key, secret("shop", "key", { PASSWORD: "hunter2" }));
  at.node.pass(2_000);
  assert.equal(at.asked(), [`Watch ${services}`, `Watch ${cm}`, `Watch ${key}`, "CreatePod", "CreatePod"]);
  remove(at, "u-1");
  assert.equal(at.asked(), []);
  remove(at, "u-2");
  assert.equal(at.asked(), [`Unwatch ${key}`]);
  assert.is(lookup(at.node.state().objects.entries, key), undefined);
  at.node.pass(60_000);
  assert.equal([...at.asked()].sort(), [`Unwatch ${cm}`, `Unwatch ${services}`]);
  assert.is(at.node.state().objects.entries.size, 0);
  assert.is(at.node.state().objects.watches, 0);
});

test("beyond the bound on watches objects are read at once, and then now and then", () => {
  const at = story("pods", { maxWatches: 1, pollMs: 15_000 });
  apply(at, withEnv("u-1", mandatory));
  listed(at, services);
  assert.equal(at.asked(), [`Watch ${services}`, `Read ${cm}`, "MandatoryConfigMapNotFound"]);
  at.stored.set(cm, E.right([configMap("shop", "cm", {})]));
  at.node.pass(15_000);
  assert.equal(at.asked(), [`Read ${cm}`, "CreatePod"]);
  at.node.pass(60_000);
  assert.equal(at.asked(), Array.from({ length: 4 }, () => `Read ${cm}`));
});

test("an object that cannot be decoded is not absent", () => {
  const at = story("pods");
  apply(at, withEnv("u-1", optional));
  listed(at, services);
  const bad = {
    namespace: "shop",
    name: "cm",
    uid: "x",
    resourceVersion: "1",
    problems: ["data: expected object"],
  };
  at.node.tell({ _tag: "ObjectsListed", key: cm, items: [], bad: [bad] });
  assert.is(whyOf(at, "u-1"), "ObjectsMissing");
  assert.equal(at.asked().slice(2), ["FailedToReadOptionalConfigMap"]);
});

test("init containers run while what a later container refers to is missing", () => {
  const at = story("containers");
  const own = withEnv("u-1", mandatory);
  apply(at, { ...own, spec: { ...own.spec, initContainers: [container("i")] } });
  listed(at, services);
  listed(at, cm);
  assert.equal(at.asked().slice(2), ["StartContainer", "MandatoryConfigMapNotFound"]);
  assert.is(whyOf(at, "u-1"), "ObjectsMissing");
  listed(at, cm, configMap("shop", "cm", {}));
  assert.equal(at.asked(), ["StartContainer"]);
});

test("a container that restarts without its ConfigMap waits for it", () => {
  const at = story("containers");
  apply(at, withEnv("u-1", mandatory));
  listed(at, services);
  listed(at, cm, configMap("shop", "cm", {}));
  at.node.tell({ _tag: "ObjectDeleted", key: cm, name: "cm" });
  at.node.end("u-1", "a", 3);
  at.node.pass(20_000);
  assert.is(waits(at, "u-1"), 'CreateContainerConfigError: configmap "cm" not found');
  const [status] = at.node.api.pods.get("u-1")?.status.containerStatuses ?? [];
  assert.is(status?.lastState?.terminated?.exitCode, 3);
  listed(at, cm, configMap("shop", "cm", {}));
  at.node.pass(2_000);
  assert.is(at.node.api.pods.get("u-1")?.status.containerStatuses?.[0]?.restartCount, 1);
});

test("what has users is what follows from the pods alone", () => {
  const at = story("pods");
  const pods = [withEnv("u-1", mandatory), withEnv("u-2", secretly), withEnv("u-3", { envFrom: [{}] })];
  for (const each of pods) apply(at, each);
  const used = new Set<string>();
  forEachEntry(at.node.state().objects.entries, (key, { users }) => users.size > 0 && used.add(key));
  assert.equal([...used].sort(), [...watchedFor(pods)].sort());
});

test.run();
