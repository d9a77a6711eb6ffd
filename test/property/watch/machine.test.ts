import fc from "../../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decodePage } from "../../../core/watch/page.ts";
import { initialWatch, type WatchState } from "../../../core/watch/state.ts";
import { watchStep } from "../../../core/watch/step.ts";
import { decodeWatchEvent } from "../../../core/watch/watch_event.ts";
import { anyOf } from "../../arbitraries/record.ts";
import {
  anyWatchOutputsOf,
  anyWatchStateOf,
  anyWatchStoryOf,
  type TimedInput,
  watched,
} from "../../arbitraries/watch.ts";
import { anyJson } from "../../arbitraries/wire.ts";
import { freeze } from "../../tools/pods.ts";
import {
  answer,
  bytesOf,
  chunk,
  decodeThing,
  eventLine,
  listBody,
  response,
  start,
  type Thing,
  thing,
  thingConfig,
} from "../../tools/watch.ts";

const test = suite("list and watch, whatever comes");

const config = thingConfig({ maxLineBytes: 300, maxListBytes: 2000 });

const object = fc.oneof(
  fc.tuple(anyOf("a", "b", "é€😀"), fc.nat(99), anyOf<unknown>(1, "bad")).map((args) => thing(...args)),
  anyJson,
);
const story = anyWatchStoryOf("Thing", object);

const cutAt = (given: readonly TimedInput[], sizes: readonly number[]): readonly TimedInput[] => {
  let turn = 0;
  return given.flatMap(({ input, at }) => {
    if (input._tag !== "Chunk") return [{ input, at }];
    const pieces: TimedInput[] = [];
    for (let from = 0; from < input.bytes.length;) {
      const size = sizes[turn++ % sizes.length] ?? 1;
      pieces.push({ input: { _tag: "Chunk", bytes: input.bytes.subarray(from, from + size) }, at });
      from += size;
    }
    return pieces;
  });
};

const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });

test("the same bytes cut elsewhere give the same outputs and the same state", () => {
  fc.assert(
    fc.property(story, sizes, (given, sizes) => {
      const [whole, told] = watched(config, given);
      const [cut, toldCut] = watched(config, cutAt(given, sizes));
      assert.equal(toldCut, told);
      assert.is(cut.resourceVersion, whole.resourceVersion);
      assert.is(cut.wakeAt, whole.wakeAt);
      assert.is(cut.phase._tag, whole.phase._tag);
    }),
  );
});

test("a step changes nothing that it is given, and says the same again", () => {
  fc.assert(
    fc.property(story, (given) => {
      let state: WatchState<Thing> = freeze(initialWatch);
      for (const { input, at } of given) {
        const now = { mono: at, wall: 0 };
        const before = JSON.stringify(state);
        const [next, outputs] = watchStep(freeze(config), freeze(state), freeze(input), now);
        assert.is(JSON.stringify(state), before);
        assert.equal(watchStep(config, state, input, now)[1], outputs);
        state = next;
      }
    }),
  );
});

test("every connection is closed before the next is opened, and everything else is left alone", () => {
  fc.assert(
    fc.property(story, (given) => {
      let open = false;
      let state: WatchState<Thing> = initialWatch;
      for (const { input, at } of given) {
        const connected = !["Idle", "Waiting"].includes(state.phase._tag);
        assert.is(connected, open);
        if (open && (input._tag === "End" || input._tag === "Broken")) open = false;
        const [next, outputs] = watchStep(config, state, input, { mono: at, wall: 0 });
        for (const { _tag } of outputs) {
          assert.ok(_tag !== "Send" || !open, "sent beside an open connection");
          assert.ok(_tag !== "Abort" || open, "aborted nothing");
          if (_tag === "Send" || _tag === "Abort") open = _tag === "Send";
        }
        assert.ok(next.wakeAt !== undefined, "waits for something that may never come");
        state = next;
      }
    }),
  );
});

test("in any state, a tick before its time and a second start change nothing", () => {
  fc.assert(fc.property(anyWatchStateOf(config, object), (state) => {
    const early = { mono: (state.wakeAt ?? 1e12) - 1, wall: 0 };
    assert.equal(watchStep(config, state, { _tag: "Tick" }, early), [state, []]);
    assert.is(watchStep(config, state, start, early)[0], state);
  }));
});

test("what is told is what was read: an object as it is, a bad one by its name, a lost one by its UID", () => {
  fc.assert(fc.property(anyWatchOutputsOf(config, object), (outputs) => {
    for (const output of outputs) {
      if (output._tag === "Applied") assert.is(decodeThing(output.item)._tag, "Right");
      if (output._tag === "Deleted") assert.ok(output.ref.uid !== "" && output.ref.name !== "");
      if (output._tag === "Replaced") {
        for (const item of output.items) assert.is(decodeThing(item)._tag, "Right");
        for (const { problems } of output.bad) assert.ok(problems.length > 0);
      }
    }
  }));
});

test("a watch at rest holds no object", () => {
  const inputs = [
    start,
    ...answer(200, listBody(1, [thing("secret", 1)])),
    response(),
    chunk(eventLine("ADDED", thing("secret", 2))),
  ];
  const [state] = watched(config, inputs.map((input) => ({ input, at: 0 })));
  assert.is(state.phase._tag, "Watching");
  assert.not.match(JSON.stringify(state), "secret");
});

test("any bytes and any JSON are read without an exception, item by item", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    decodeWatchEvent(bytes, decodeThing);
    decodePage(bytes, "Thing", decodeThing);
  }));
  fc.assert(fc.property(anyJson, (json) => {
    const bytes = bytesOf(JSON.stringify(json));
    decodeWatchEvent(bytes, decodeThing);
    decodePage(bytes, "Thing", decodeThing);
  }));
  fc.assert(fc.property(fc.array(object), (items) => {
    const page = decodePage(bytesOf(listBody(1, items)), "Thing", decodeThing);
    assert.ok(page._tag === "Right");
    assert.is(page.right.items.length + page.right.bad.length, items.length);
  }));
});

test.run();
