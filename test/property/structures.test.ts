import fc, { share } from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { backoffMs } from "../../core/backoff.ts";
import { type Deadlines, nextDeadline, popDeadline, pushDeadline } from "../../core/deadlines.ts";
import { equivalent } from "../../core/equivalent.ts";
import type { EmitEvent } from "../../core/action.ts";
import { emptyRecorder, forgetSeries, type RecorderMemory, recordEvent } from "../../core/event_recorder.ts";
import { hash32 } from "../../core/hash.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import { laterContainer, mergeObserved } from "../../core/pod/merge_observed.ts";
import type { ObservedContainer, ObservedPod } from "../../core/pod/observed.ts";
import {
  emptyTable,
  forEachEntry,
  insertAt,
  lookup,
  removeAt,
  type Table,
  valuesOf,
} from "../../core/table.ts";
import { anyMoment, anyTruthOf, observedAt } from "../arbitraries/observed_story.ts";
import { situated } from "../arbitraries/pod_situation.ts";
import { at } from "../tools/containers.ts";
import { freeze, holds } from "../tools/pods.ts";

const test = suite("structures of the core");

// The table is a Map.

const collisions: readonly (readonly [string, string])[] = [
  ["uid-a95d1f8e-38738", "uid-547f201c-141808"],
  ["uid-d22e33c3-100585", "uid-78a33160-160772"],
  ["uid-e1ee8377-133309", "uid-e08a5486-218154"],
  ["uid-3f6d095b-191361", "uid-a093f39a-238766"],
  ["uid-c9659065-86691", "uid-2927d99a-303790"],
  ["uid-b44e479a-280750", "uid-e05a5f5-304819"],
];
const keys = [
  ...collisions.flat(),
  ...Array.from({ length: 60 }, (_, index) => `u-${index}`),
  "",
  "__proto__",
];
const key = fc.oneof(fc.constantFrom(...keys), fc.string());

type Command =
  | { readonly _tag: "insert"; readonly key: string; readonly value: number }
  | { readonly _tag: "remove"; readonly key: string };
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ _tag: fc.constant("insert" as const), key, value: fc.nat() }),
  fc.record({ _tag: fc.constant("remove" as const), key }),
);

const pairsOf = (table: Table<number>): readonly (readonly [string, number])[] => {
  const pairs: [string, number][] = [];
  forEachEntry(table, (name, value) => pairs.push([name, value]));
  return pairs;
};
const sorted = (pairs: Iterable<readonly [string, number]>): readonly (readonly [string, number])[] =>
  [...pairs].sort(([a], [b]) => a < b ? -1 : 1);

test("the chosen keys collide", () => {
  for (const [one, other] of collisions) assert.ok(one !== other && hash32(one) === hash32(other));
});

test("a table is a Map, and older versions of it stay as they were", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
      const model = new Map<string, number>();
      let table: Table<number> = emptyTable;
      for (const each of commands) {
        const before = table, was = pairsOf(before);
        if (each._tag === "insert") {
          table = freeze(insertAt(table, each.key, each.value));
          model.set(each.key, each.value);
        } else {
          table = freeze(removeAt(table, each.key));
          model.delete(each.key);
        }
        assert.is(lookup(table, each.key), model.get(each.key));
        assert.equal(pairsOf(before), was);
      }
      assert.is(table.size, model.size);
      assert.equal(sorted(pairsOf(table)), sorted(model));
      assert.is(valuesOf(table).length, model.size);
      for (const name of keys) assert.is(lookup(table, name), model.get(name));
    }),
  );
});

test("a table that was emptied is empty, and equal keys iterate alike whatever came between", () => {
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 80 }), fc.array(key), (names, others) => {
      const fill = (from: Table<number>, list: readonly string[]): Table<number> =>
        list.reduce((table, name) => insertAt(table, name, name.length), from);
      const clear = (from: Table<number>, list: readonly string[]): Table<number> =>
        list.reduce((table, name) => removeAt(table, name), from);
      assert.equal(clear(fill(emptyTable, names), names), emptyTable);
      const extra = others.filter((name) => !names.includes(name));
      const detour = clear(fill(fill(emptyTable, extra), names), extra);
      const colliding = new Set<string>(collisions.flat());
      const plain = (table: Table<number>): readonly string[] =>
        pairsOf(table).map(([name]) => name).filter((name) => !colliding.has(name));
      assert.equal(plain(detour), plain(fill(emptyTable, names)));
    }),
  );
});

// Deadlines are a sorted list.

test("deadlines come in the order of their times, none is lost, and older versions stay", () => {
  const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(undefined)), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(times, (list) => {
      let heap: Deadlines;
      let model: readonly number[] = [];
      list.forEach((time, index) => {
        const before = heap, first = nextDeadline(before)?.at;
        if (time === undefined) {
          heap = popDeadline(heap);
          model = model.slice(1);
        } else {
          heap = freeze(pushDeadline(heap, time, `${index}`));
          model = [...model, time].sort((a, b) => a - b);
        }
        assert.is(nextDeadline(heap)?.at, model[0]);
        assert.is(nextDeadline(before)?.at, first);
      });
    }),
  );
});

test("ten thousand deadlines in order do not run out of stack", () => {
  for (const sign of [1, -1]) {
    let heap: Deadlines;
    for (let index = 0; index < 10_000; index++) heap = pushDeadline(heap, sign * index, `${index}`);
    let last = -Infinity;
    for (; heap !== undefined; heap = popDeadline(heap)) {
      const next = nextDeadline(heap)!.at;
      assert.ok(next >= last);
      last = next;
    }
  }
});

// What a back end tells of a container: any part may come at any time, and twice.

test("of two facts about a container the later one counts, whichever came first", () => {
  fc.assert(fc.property(anyMoment, anyMoment, (one, other) => {
    const later = observedAt("a", Math.max(one, other));
    assert.equal(laterContainer(observedAt("a", one), observedAt("a", other)), later);
  }));
});

const somePod = anyTruthOf(situated, ["a", "b", "c"]);
const byName = (of: ObservedPod): readonly ObservedContainer[] =>
  [...of.containers].sort((a, b) => a.name < b.name ? -1 : 1);

test("news of a pod: the order does not matter, nor does hearing it twice", () => {
  const merge = (a: ObservedPod, b: ObservedPod): ObservedPod => mergeObserved(freeze(a), freeze(b), false);
  fc.assert(fc.property(somePod, somePod, somePod, (a, b, c) => {
    assert.equal(byName(merge(a, a)), byName(a));
    assert.equal(byName(merge(a, b)), byName(merge(b, a)));
    assert.equal(byName(merge(merge(a, b), c)), byName(merge(a, merge(b, c))));
    assert.equal(merge(merge(a, b), b), merge(a, b));
  }));
});

test("restart counts never go down, a list says which containers there are", () => {
  fc.assert(fc.property(somePod, somePod, fc.boolean(), (known, told, complete) => {
    const merged = mergeObserved(known, told, complete);
    const names = (of: ObservedPod): readonly string[] => byName(of).map(({ name }) => name);
    const all = [...new Set([...names(told), ...names(known)])].sort();
    assert.equal(names(merged), complete ? names(told) : all);
    for (const container of merged.containers) {
      for (const { name, restartCount } of [...known.containers, ...told.containers]) {
        assert.ok(name !== container.name || container.restartCount >= restartCount);
      }
    }
  }));
});

test("of one and the same moment the newest word counts, for what is not a state", () => {
  const running = observedAt("a", 1);
  const told = mergeObserved(
    holds([running]),
    holds([{ ...running, ready: false }], { podIPs: ["1"] }),
    false,
  );
  assert.equal(told, holds([{ ...running, ready: false }], { podIPs: ["1"] }));
  const waits = (reason: string): ObservedContainer => ({
    ...observedAt("a", 3),
    state: { _tag: "Waiting", reason },
  });
  assert.equal(laterContainer(waits("CrashLoopBackOff"), waits("Pulling")), waits("Pulling"));
});

// Events

const source = { component: "virtual-kubelet", host: "n" };
const eventOf = (uid: string, reason: string, message = "m"): EmitEvent => ({
  _tag: "EmitEvent",
  about: { kind: "Pod", ref: { namespace: "shop", name: uid, uid } },
  type: "Warning",
  reason,
  message,
});

const record = (
  events: readonly (readonly [number, EmitEvent])[],
): { readonly memory: RecorderMemory; readonly requests: readonly (readonly [number, ApiRequest])[] } => {
  let memory = freeze(emptyRecorder);
  const requests: (readonly [number, ApiRequest])[] = [];
  for (const [seconds, event] of events) {
    const [next, request] = recordEvent(memory, event, at(seconds), source);
    memory = next;
    if (request !== undefined) requests.push([seconds, request]);
  }
  return { memory, requests };
};

test("events are bounded in memory, and in number: a burst, then one a second", () => {
  const event = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 500 }), fc.nat(3));
  fc.assert(
    fc.property(fc.array(event, { minLength: 300, maxLength: 900, size: "max" }), (list) => {
      let now = 0;
      const { memory, requests } = record(list.map(([step, uid, reason]) => {
        now += step === 20 ? 5 : 0;
        return [now, eventOf(`u-${uid}`, `R${reason}`)] as const;
      }));
      assert.ok(memory.series.size <= 256);
      assert.ok(memory.tokens >= 0 && memory.tokens <= 50);
      for (const [from] of requests) {
        const within = requests.filter(([time]) => time >= from && time < from + 60).length;
        assert.ok(within <= 50 + 60, `${within} in a minute`);
      }
    }),
    share(0.1),
  );
});

test("equal events are one object with a count, written ever so often", () => {
  const hour = Array.from({ length: 3_600 }, (_, second) => [second, eventOf("u-1", "Failed")] as const);
  const { requests } = record(hour);
  const [[, first] = [], ...later] = requests;
  assert.is(first?.method, "POST");
  assert.is(first?.path, "/api/v1/namespaces/shop/events");
  assert.is(later.length, 59);
  const { metadata, involvedObject, count, type, reason, message } = first?.body as Record<string, unknown>;
  assert.equal(involvedObject, { apiVersion: "v1", kind: "Pod", name: "u-1", uid: "u-1", namespace: "shop" });
  assert.equal([count, type, reason, message], [1, "Warning", "Failed", "m"]);
  for (const [second, request] of later) {
    assert.is(request.path, `/api/v1/namespaces/shop/events/${(metadata as { name: string }).name}`);
    assert.is((request.body as { count: number }).count, second + 1);
  }
});

test("another object, type, reason or message is another event", () => {
  const events = [
    eventOf("u-1", "A"),
    eventOf("u-2", "A"),
    eventOf("u-1", "B"),
    eventOf("u-1", "A", "other"),
    { ...eventOf("u-1", "A"), type: "Normal" as const },
  ];
  const { requests } = record(events.map((event) => [0, event] as const));
  assert.equal(requests.map(([, { method }]) => method), Array(5).fill("POST"));
  const names = requests.map(([, { body }]) => (body as { metadata: { name: string } }).metadata.name);
  assert.is(new Set(names).size, 5);
});

test("long messages and names are cut, events of the node are in default", () => {
  const long = { ...eventOf("u".repeat(253), "A", "m".repeat(5_000)) };
  const node: EmitEvent = { ...long, about: { kind: "Node", ref: { ...long.about.ref, namespace: "" } } };
  for (const event of [long, node]) {
    const [[, request] = []] = record([[0, event]]).requests;
    const body = request?.body as { metadata: { name: string; namespace: string }; message: string };
    assert.ok(body.metadata.name.length <= 253);
    assert.is(body.message.length, 1024);
    assert.is(body.metadata.namespace, event === node ? "default" : "shop");
  }
});

test("an event that could not be written begins anew the next time", () => {
  const event = eventOf("u-1", "A"), other = eventOf("u-2", "A");
  const { memory, requests } = record([[0, event], [0, other]]);
  const created = requests[0]![1];
  const forgotten = forgetSeries(freeze(memory), created);
  assert.is(forgotten.series.size, 1);
  assert.is(recordEvent(forgotten, event, at(1), source)[1]?.method, "POST");
  assert.is(recordEvent(forgotten, other, at(100), source)[1]?.method, "PATCH");
  const [after, patch] = recordEvent(memory, event, at(100), source);
  assert.is(patch?.method, "PATCH");
  assert.is(recordEvent(forgetSeries(after, patch!), event, at(200), source)[1]?.method, "POST");
  assert.is(forgetSeries(forgotten, created), forgotten, "nothing left to forget");
});

// Equality as the API server sees it, and back-off

test("equivalent is an equality that does not see what is empty", () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  fc.assert(fc.property(json, json, (a, b) => {
    assert.ok(equivalent(a, a));
    assert.is(equivalent(a, b), equivalent(b, a));
    assert.ok(equivalent(a, JSON.parse(JSON.stringify(a))));
    if (JSON.stringify(a) === JSON.stringify(b)) assert.ok(equivalent(a, b));
  }));
  fc.assert(fc.property(fc.dictionary(fc.string(), json), fc.string(), (object, name) => {
    fc.pre(!(name in object));
    for (const empty of [undefined, null, "", [], {}]) {
      assert.ok(equivalent(object, { ...object, [name]: empty }));
      assert.ok(equivalent({ ...object, [name]: empty }, object));
    }
    for (const full of [0, false, "x", [0], { x: 0 }]) {
      assert.not(equivalent(object, { ...object, [name]: full }));
      assert.not(equivalent({ ...object, [name]: full }, object));
    }
  }));
});

test("lists are compared item by item", () => {
  assert.not(equivalent([1, 2], [2, 1]));
  assert.not(equivalent([1], [1, 1]));
  assert.ok(equivalent([{ a: 1, b: null }], [{ a: 1 }]));
  assert.not(equivalent([], { a: 1 }));
  assert.not(equivalent([1], { 0: 1 }));
  assert.ok(equivalent([], {}));
});

test("a back-off doubles from its base to its cap, shortened by no more than its jitter", () => {
  const backoff = fc.record({
    baseMs: fc.integer({ min: 1, max: 10_000 }),
    capMs: fc.integer({ min: 10_000, max: 600_000 }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(backoff, fc.integer({ min: -1, max: 100_000 }), fc.string(), (given, attempt, name) => {
      const full = Math.min(given.capMs, given.baseMs * 2 ** (Math.max(attempt, 1) - 1));
      const delay = backoffMs(given, attempt, name);
      assert.ok(delay <= full && delay >= Math.floor(full * (1 - given.jitter)), `${delay} of ${full}`);
      assert.is(backoffMs(given, attempt, name), delay);
      assert.is(backoffMs({ ...given, jitter: 0 }, attempt, name), full);
    }),
  );
});

test.run();
