import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Action } from "../../core/action.ts";
import type { Event, Result } from "../../core/event.ts";
import type { Fault, FaultTag } from "../../core/fault.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodPolicy } from "../../core/pod/policy.ts";
import { step } from "../../core/step.ts";
import type { Table } from "../../core/table.ts";
import { container, running } from "../tools/containers.ts";
import { type InstantNode, type InstantOptions, makeInstantNode } from "../tools/instant_node.ts";
import { holds, pod } from "../tools/pods.ts";

const test = suite("step: what it costs");

const kinds: readonly PodPolicy["kind"][] = ["pods", "containers"];
const ofPods = new Set(["PatchPodStatus", "FinalizePod", "EvictPod", "ReadPod"]);

/** The requests about pods, by name. */
const requests = (node: InstantNode): readonly string[] =>
  node.actions.flatMap(({ action }) =>
    !ofPods.has(action._tag)
      ? []
      : [action._tag === "PatchPodStatus" ? `Patch ${action.status.phase}` : action._tag]
  );

const podWith = (uid: string, more: Partial<Pod["spec"]> = {}): Pod =>
  pod({ meta: { uid, name: `web-${uid}` }, spec: { terminationGracePeriodSeconds: 30, ...more } });

const apply = (node: InstantNode, of: Pod): void => {
  node.api.create(of);
  node.tell({ _tag: "Tick" });
};

const remove = (node: InstantNode, uid: string): void => {
  node.api.remove(uid, 30);
  node.tell({ _tag: "Tick" });
};

const manyContainers = {
  initContainers: [container("i1"), container("i2")],
  containers: [container("a"), container("b"), container("c")],
};

test("a pod's life is three writes and no reads", () => {
  for (const kind of kinds) {
    for (const watched of [true, false]) {
      for (const spec of [{}, manyContainers]) {
        const node = makeInstantNode({ kind, watched });
        apply(node, podWith("u-1", spec));
        node.pass(3_600_000);
        remove(node, "u-1");
        node.pass(120_000);
        assert.equal(requests(node), ["Patch Running", "Patch Failed", "FinalizePod"], `${kind} ${watched}`);
        assert.is(node.api.pods.size, 0);
        assert.is(node.holds("u-1"), undefined);
        node.pass(300_000);
        assert.is(node.state().pods.size, 0, "forgotten");
      }
    }
  }
});

test("a job's life is three writes as well", () => {
  for (const kind of kinds) {
    const node = makeInstantNode({ kind });
    apply(node, podWith("u-1", { restartPolicy: "Never" }));
    node.pass(60_000);
    node.end("u-1", "a", 0);
    node.pass(60_000);
    assert.equal(requests(node), ["Patch Running", "Patch Succeeded"]);
    remove(node, "u-1");
    node.pass(60_000);
    // the API server itself removes a finished pod: nothing is left to write
    assert.equal(requests(node), ["Patch Running", "Patch Succeeded"]);
    assert.is(node.holds("u-1"), undefined, `${kind}: freed`);
  }
});

test("two without terminal statuses, one for a pod that never ran", () => {
  for (const kind of kinds) {
    const node = makeInstantNode({ kind, policy: { terminalStatus: false } });
    apply(node, podWith("u-1"));
    node.pass(60_000);
    remove(node, "u-1");
    node.pass(60_000);
    assert.equal(requests(node), ["Patch Running", "FinalizePod"]);

    const away = E.left<Fault>({ _tag: "Unavailable", message: "down" });
    const never = makeInstantNode({
      kind,
      backend: (action) => action._tag === "ListBackend" ? undefined : away,
    });
    apply(never, podWith("u-1"));
    never.pass(900);
    remove(never, "u-1");
    never.pass(60_000);
    assert.equal(requests(never), ["FinalizePod"]);
  }
});

test("at rest a day costs nothing, not even a look", () => {
  const day = 86_400_000;
  for (const kind of kinds) {
    for (const watched of [true, false]) {
      const node = makeInstantNode({ kind, watched });
      for (const uid of ["u-1", "u-2", "u-3"]) apply(node, podWith(uid, manyContainers));
      node.pass(60_000);
      const looks = node.looks.length, asked = node.actions.length, written = requests(node).length;
      for (let hour = 0; hour < 24; hour++) {
        node.relist();
        node.pass(day / 24);
      }
      assert.is(requests(node).length, written);
      assert.is(node.looks.length, looks, "no pod was looked at");
      const later = node.actions.slice(asked).map(({ action }) => action._tag);
      const lists = later.filter((tag) => tag === "ListBackend").length;
      assert.ok(lists <= day / (watched ? 300_000 : 5_000) + 1, `${lists} lists`);
      const known = new Set(["ListBackend", "RenewLease", "CreateLease", "PatchNodeStatus", "PingBackend"]);
      assert.equal([...new Set(later)].filter((tag) => !known.has(tag)), []);
    }
  }
});

test("the lease comes before everything else", () => {
  const node = makeInstantNode({ kind: "pods" });
  for (let index = 0; index < 100; index++) node.api.create(podWith(`u-${index}`));
  node.pass(60_000);
  const pods = [...node.api.pods.values()];
  const uids = pods.map(({ metadata: { uid } }) => ({
    namespace: "shop",
    name: "x",
    uid,
    resourceVersion: "",
    problems: [],
  }));
  const now = { mono: node.now().mono + 20_000, wall: node.now().wall + 20_000 };
  const [, plan] = step(node.state(), { _tag: "PodsListed", pods: [], bad: uids }, now);
  assert.is(plan.actions[0]?._tag, "RenewLease");
  assert.ok(plan.actions.length > 1);
});

// What an event costs must not depend on how many pods there are.

const nodesOf = (table: Table<unknown>): ReadonlySet<unknown> => {
  const all = new Set<unknown>();
  const walk = (node: Table<unknown>["root"]): void => {
    if (node === undefined) return;
    all.add(node);
    if (node._tag === "Branch") node.children.forEach(walk);
  };
  walk(table.root);
  return all;
};

test("an event costs the same among ten pods and among three thousand", () => {
  const cost = (count: number): Readonly<Record<string, unknown>> => {
    const node = makeInstantNode({ kind: "pods" });
    for (let index = 0; index < count; index++) node.api.create(podWith(`u-${index}`));
    node.relist();
    node.pass(60_000);
    const target = node.api.pods.get("u-7")!;
    const events: readonly Event[] = [
      { _tag: "Tick" },
      { _tag: "PodApplied", pod: { ...target, metadata: { ...target.metadata, resourceVersion: "x" } } },
      { _tag: "BackendChanged", pod: { ...node.holds("u-7")!, podIPs: ["10.0.0.1"] } },
      { _tag: "PodDeleted", uid: "u-7" },
      { _tag: "BackendGone", uid: "u-7" },
      { _tag: "PodApplied", pod: podWith("new") },
    ];
    const state = node.state(), before = nodesOf(state.pods);
    return Object.fromEntries(events.map((event) => {
      const [next, plan] = step(state, event, node.now());
      const fresh = [...nodesOf(next.pods)].filter((each) => !before.has(each)).length;
      return [event._tag, { looks: plan.why.length, actions: plan.actions.length, shallow: fresh <= 7 * 3 }];
    }));
  };
  assert.equal(cost(10), cost(3_000));
});

// Permanent faults

const faultOf = (tag: FaultTag): Fault => {
  const message = "always";
  switch (tag) {
    case "Throttled":
      return { _tag: tag, message, retryAfterMs: 10_000 };
    case "Rejected":
    case "Unsupported":
      return { _tag: tag, message, fields: [] };
    case "Undecodable":
      return { _tag: tag, message, path: "" };
    default:
      return { _tag: tag, message };
  }
};

const faults: readonly Fault[] = ([
  "Conflict",
  "NotFound",
  "AlreadyExists",
  "Gone",
  "Unauthorized",
  "Forbidden",
  "Throttled",
  "Unavailable",
  "OutcomeUnknown",
  "Rejected",
  "Unsupported",
  "Undecodable",
] as const).map(faultOf);

const isAboutPods = ({ _tag }: Action): boolean => ofPods.has(_tag) || backendTags.has(_tag);
const backendTags: ReadonlySet<string> = new Set([
  "CreatePod",
  "UpdatePod",
  "DeletePod",
  "StartContainer",
  "StopContainer",
  "RemovePod",
]);

/** A pod that is made and deleted, an orphan, a finished pod that goes on running: what an hour of each costs. */
const hour = (options: InstantOptions): readonly Action[] => {
  const node = makeInstantNode(options);
  node.hold({ ...holds([running("a")]), uid: "orphan", name: "orphan" });
  node.hold({ ...holds([running("a")]), uid: "finished", name: "finished" });
  node.tell({ _tag: "BackendReset" });
  apply(node, { ...podWith("finished"), status: { phase: "Failed" } });
  apply(node, podWith("u-1", manyContainers));
  node.pass(1_800_000);
  remove(node, "u-1");
  node.pass(1_800_000);
  return node.actions.map(({ action }) => action).filter(isAboutPods);
};

/** In an hour: nothing is asked for more often than a stop that is repeated, every ten seconds (`stopSlackMs`). */
const most = 370;

const perPod = (actions: readonly Action[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const action of actions) {
    const name = action._tag === "StopContainer" ? `${action._tag} ${action.container}` : action._tag;
    const key = `${name} of ${"uid" in action ? action.uid : ""}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > most).map(([key, count]) => `${count} ${key}`);
};

test("no hot loop, whatever the back end always answers", () => {
  for (const kind of kinds) {
    for (const watched of [true, false]) {
      for (const fault of faults) {
        const backend = (action: Action): E.Either<Fault, Result> | undefined =>
          action._tag === "ListBackend" ? undefined : E.left(fault);
        assert.equal(perPod(hour({ kind, watched, backend })), [], `${kind} ${watched} ${fault._tag}`);
      }
    }
  }
});

test("no hot loop, when the back end cannot be listed", () => {
  for (const kind of kinds) {
    for (const fault of faults) {
      const backend = (action: Action): E.Either<Fault, Result> | undefined =>
        action._tag === "ListBackend" ? E.left(fault) : undefined;
      const node = makeInstantNode({ kind, backend });
      apply(node, podWith("u-1"));
      node.pass(3_600_000);
      const lists = node.actions.filter(({ action }) => action._tag === "ListBackend").length;
      assert.ok(lists <= 60, `${lists} lists: ${fault._tag}`);
      assert.equal(
        perPod(node.actions.map(({ action }) => action)).filter((each) => each.includes("Pod")),
        [],
      );
    }
  }
});

test("no hot loop, whatever the API server always answers", () => {
  for (const kind of kinds) {
    for (const fault of faults) {
      const api = (action: Action): E.Either<Fault, Result> | undefined =>
        isAboutPods(action) ? E.left(fault) : undefined;
      assert.equal(perPod(hour({ kind, api })), [], `${kind} ${fault._tag}`);
    }
  }
});

test("no hot loop, when the back end says that it is done and is not", () => {
  const done = E.right<Fault, Result>({ _tag: "Nothing" });
  for (const kind of kinds) {
    for (const watched of [true, false]) {
      for (const tag of backendTags) {
        const backend = (action: Action): E.Either<Fault, Result> | undefined =>
          action._tag === tag ? done : undefined;
        assert.equal(perPod(hour({ kind, watched, backend })), [], `${kind} ${watched} ${tag}`);
      }
    }
  }
});

test.run();
