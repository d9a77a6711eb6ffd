import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Action, ObjectAction } from "../../core/action.ts";
import type { Event } from "../../core/event.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import { describeNode } from "../../core/node/describe.ts";
import { type ObjectKey, objectKey, partsOfKey, type ReferredObject } from "../../core/objects/key.ts";
import { watchedFor } from "../../core/objects/references.ts";
import { initialState, type State } from "../../core/state.ts";
import { step } from "../../core/step.ts";
import { forEachEntry, valuesOf } from "../../core/table.ts";
import { container } from "../tools/containers.ts";
import { configMap, secret } from "../tools/objects.ts";
import { owner, pod } from "../tools/pods.ts";

// what pods refer to, through histories of pods and objects that come, change and go in any order

const test = suite("objects in histories");

const names = ["a", "b", "c"];
const anyRefs = fc.record({
  maps: fc.subarray(names),
  secrets: fc.subarray(names),
  files: fc.subarray(names),
  token: fc.boolean(),
  links: fc.boolean(),
});

const podOf = (
  uid: string,
  version: number,
  phase: string,
  refs: typeof anyRefs extends fc.Arbitrary<infer A> ? A : never,
): Pod => {
  const volumes = [
    ...refs.files.map((name) => ({ name: `f-${name}`, configMap: { name, optional: true } })),
    ...refs.token
      ? [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }]
      : [],
  ];
  return pod({
    meta: { uid, name: `web-${uid}`, resourceVersion: String(version), generation: version },
    status: { phase } as Pod["status"],
    spec: {
      enableServiceLinks: refs.links,
      volumes,
      containers: [container("a", {
        envFrom: [
          ...refs.maps.map((name) => ({ configMapRef: { name, optional: true } })),
          ...refs.secrets.map((name) => ({ secretRef: { name } })),
        ],
        volumeMounts: volumes.map(({ name }) => ({ name, mountPath: `/${name}` })),
      })],
    },
  });
};

/** One thing that happens. `pick` chooses among the keys that are watched, or the reads that are not answered. */
type Move =
  | { readonly what: "apply"; readonly uid: string; readonly phase: string; readonly refs: any }
  | { readonly what: "gone"; readonly uid: string }
  | { readonly what: "list" | "change" | "delete" | "bad"; readonly pick: number }
  | { readonly what: "answer" | "fail"; readonly pick: number }
  | { readonly what: "pass"; readonly ms: number };

const uid = fc.constantFrom("u-1", "u-2", "u-3");
const pick = fc.nat(20);
const anyMove: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    what: fc.constant("apply" as const),
    uid,
    phase: fc.constantFrom("Pending", "Pending", "Running", "Succeeded"),
    refs: anyRefs,
  }),
  fc.record({ what: fc.constant("gone" as const), uid }),
  fc.record({ what: fc.constantFrom("list", "list", "change", "delete", "bad"), pick }) as fc.Arbitrary<Move>,
  fc.record({ what: fc.constantFrom("answer", "fail"), pick }) as fc.Arbitrary<Move>,
  fc.record({ what: fc.constant("pass" as const), ms: fc.constantFrom(0, 1_000, 20_000, 120_000) }),
);

const itemOf = (key: ObjectKey, version: number): readonly ReferredObject[] => {
  const { kind, namespace, name } = partsOfKey(key);
  const data = { A: String(version) };
  if (kind === "ConfigMap") {
    return [configMap(namespace, name, data, version % 5 === 0 ? { immutable: true } : {})];
  }
  return kind === "Secret" ? [secret(namespace, name, data)] : [];
};

const isOfObjects = (action: Action): action is ObjectAction => "key" in action;

/** A node to which things happen; every promise is looked at after each of them. */
class Told {
  state: State;
  now = 0;
  version = 0;
  readonly pods: Map<string, Pod> = new Map();
  readonly watched: Set<ObjectKey> = new Set();
  reads: Extract<ObjectAction, { _tag: "ReadObject" }>[] = [];

  constructor(maxWatches: number) {
    this.state = initialState({
      description: describeNode({ name: "n", provider: "test" }),
      pod: { owner, files: true, canUpdateFiles: true },
      objects: { read: true, maxWatches },
      watched: true,
    });
    this.tell({ _tag: "PodsListed", pods: [], bad: [] });
  }

  tell(event: Event): void {
    const at = { mono: this.now, wall: this.now };
    const [next, plan] = step(this.state, event, at);
    const [again, same] = step(this.state, event, at);
    assert.equal(same, plan, "the same twice");
    assert.equal(again.objects.watches, next.objects.watches);
    this.state = next;
    for (const action of plan.actions.filter(isOfObjects)) this.take(action);
    if (plan.wakeAt !== undefined) assert.ok(plan.wakeAt >= 0);
    this.look();
  }

  take(action: ObjectAction): void {
    const { key } = action;
    if (action._tag === "ReadObject") {
      this.reads.push(action);
      return;
    }
    assert.is(this.watched.has(key), action._tag === "UnwatchObject", `${action._tag} ${key}`);
    if (action._tag === "WatchObject") this.watched.add(key);
    else this.watched.delete(key);
  }

  look(): void {
    const { objects, policy } = this.state;
    const used = new Set<ObjectKey>();
    const watched = new Set<ObjectKey>();
    forEachEntry(objects.entries, (key, entry) => {
      if (entry.users.size > 0) used.add(key);
      if (entry.watched) watched.add(key);
      const { kind } = partsOfKey(key);
      if (kind === "Secret" || kind === "ServiceAccountToken") {
        assert.ok(entry.users.size > 0, `${key} is kept`);
      }
    });
    assert.equal([...watched].sort(), [...this.watched].sort(), "what is watched is what was asked for");
    assert.is(objects.watches, watched.size);
    assert.ok(objects.watches <= policy.objects.maxWatches);
    assert.equal(
      [...used].sort(),
      [...watchedFor(this.pods.values(), { files: true })].sort(),
      "it follows from the pods alone",
    );
    assert.equal(objects.pending, []);
  }

  move(move: Move): void {
    this.version += 1;
    switch (move.what) {
      case "apply": {
        const made = podOf(move.uid, this.version, move.phase, move.refs);
        const before = this.pods.get(move.uid);
        if (before === undefined && this.gone.has(move.uid)) return;
        this.pods.set(move.uid, made);
        return this.tell({ _tag: "PodApplied", pod: made });
      }
      case "gone":
        if (!this.pods.delete(move.uid)) return;
        this.gone.add(move.uid);
        return this.tell({ _tag: "PodDeleted", uid: move.uid });
      case "pass":
        this.now += move.ms;
        return this.tell({ _tag: "Tick" });
      case "answer":
      case "fail": {
        const [action] = this.reads.splice(move.pick % Math.max(1, this.reads.length), 1);
        if (action === undefined) return;
        return this.tell(
          move.what === "fail"
            ? { _tag: "ActionFailed", action, fault: { _tag: "Forbidden", message: "no" } }
            : {
              _tag: "ActionDone",
              action,
              result: { _tag: "ReadObject", items: itemOf(action.key, this.version), bad: [] },
            },
        );
      }
      default:
        return this.news(move.what, move.pick);
    }
  }

  readonly gone: Set<string> = new Set();

  news(what: "list" | "change" | "delete" | "bad", pick: number): void {
    // also of what is not watched any more: it was on its way
    const keys = [...this.watched, objectKey("ConfigMap", "shop", "a"), objectKey("Secret", "shop", "b")];
    const key = keys[pick % keys.length] ?? "";
    const items = itemOf(key, this.version);
    const { name } = partsOfKey(key);
    const bad = {
      namespace: "shop",
      name,
      uid: "x",
      resourceVersion: "1",
      problems: ["data: expected object"],
    };
    if (what === "list") return this.tell({ _tag: "ObjectsListed", key, items, bad: [] });
    if (what === "bad") return this.tell({ _tag: "ObjectUndecodable", key, bad });
    if (what === "delete") return this.tell({ _tag: "ObjectDeleted", key, name });
    for (const item of items) this.tell({ _tag: "ObjectApplied", key, item });
  }

  /** Everything is answered, and no pod is left. */
  end(): void {
    for (const uid of [...this.pods.keys()]) this.move({ what: "gone", uid });
    for (let turn = 0; turn < 20; turn++) {
      while (this.reads.length > 0) this.move({ what: "answer", pick: 0 });
      this.move({ what: "pass", ms: 120_000 });
    }
  }
}

test("watches are begun and ended in pairs, within their bound, and follow from the pods; nothing is kept in the end", () => {
  fc.assert(
    fc.property(fc.array(anyMove, { maxLength: 40 }), fc.constantFrom(1, 2, 512), (moves, maxWatches) => {
      const told = new Told(maxWatches);
      for (const move of moves) told.move(move);
      told.end();
      assert.equal([...told.watched], []);
      assert.is(valuesOf(told.state.objects.entries).length, 0);
    }),
  );
});

test.run();
