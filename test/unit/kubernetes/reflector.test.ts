import { suite } from "uvu";
import * as assert from "uvu/assert";
import { reflect, type Reflector, type ReflectorOptions } from "../../../adapters/kubernetes/reflector.ts";
import { ManualClock, settle } from "../../tools/manual_clock.ts";
import { StreamsApi } from "../../tools/streams_api.ts";
import {
  bookmark,
  errorLine,
  eventLine,
  listBody,
  summary,
  type Thing,
  thing,
  thingConfig,
} from "../../tools/watch.ts";

const test = suite("the reflector");

interface Given {
  readonly api: StreamsApi;
  readonly clock: ManualClock;
  readonly told: string[];
  readonly warnings: string[];
  readonly counts: string[];
  readonly stop: AbortController;
  readonly reflector: Reflector;
}

const reflected = (api = new StreamsApi(), options: Partial<ReflectorOptions<Thing>> = {}): Given => {
  const clock = new ManualClock();
  const told: string[] = [];
  const warnings: string[] = [];
  const counts: string[] = [];
  const stop = new AbortController();
  const reflector = reflect<Thing>({
    api,
    clock,
    config: thingConfig(),
    onOutput: (output) => told.push(summary(output)),
    signal: stop.signal,
    logger: { log: (level, message) => warnings.push(`${level} ${message}`) },
    telemetry: {
      span: () => ({ end: () => {} }),
      count: (name, value, fields) =>
        counts.push(`${name} ${value} ${fields?.kind} ${fields?.verb ?? ""}`.trim()),
    },
    ...options,
  });
  return { api, clock, told, warnings, counts, stop, reflector };
};

/** Lists one thing and watches. */
const watching = async (
  api = new StreamsApi(),
  options: Partial<ReflectorOptions<Thing>> = {},
): Promise<Given> => {
  const given = reflected(api, options);
  api.last.open().say(listBody(5, [thing("a", 3)])).end();
  await settle();
  api.last.open();
  await settle();
  return given;
};

/** Ends it, and proves that nothing is left. */
const finish = async ({ api, clock, stop, reflector }: Given): Promise<void> => {
  stop.abort();
  await reflector.done;
  assert.is(clock.pending, 0, "timers are left");
  for (const call of api.calls.filter((call) => call.pulls > 0)) {
    assert.ok(call.closed, "a stream is left open");
  }
  const sent = api.calls.length;
  await clock.advance(1_000_000);
  assert.is(api.calls.length, sent, "sent after its end");
};

test("lists, watches and tells, until the signal aborts", async () => {
  const given = await watching();
  const { api, told, stop, counts } = given;
  assert.equal(told, ["replaced [a]"]);
  assert.is(api.last.request.query?.resourceVersion, "5");
  api.last.say(eventLine("ADDED", thing("b", 6)) + eventLine("DELETED", thing("a", 7)));
  await settle();
  assert.equal(told, ["replaced [a]", "applied b", "deleted a uid-a"]);
  assert.not(api.last.signal.aborted);
  stop.abort();
  assert.ok(api.last.signal.aborted);
  api.last.say(eventLine("ADDED", thing("c", 8)));
  await finish(given);
  assert.is(told.length, 3, "told after its end");
  assert.equal(counts, [
    "watch.requests 1 Thing list",
    "watch.requests 1 Thing watch",
    "watch.outputs 1 Thing",
    "watch.outputs 2 Thing",
  ]);
});

test("an answer that never came is asked for again, when its time has come", async () => {
  const given = reflected();
  const { api, clock, warnings } = given;
  api.last.fail({ _tag: "Throttled", message: "busy", retryAfterMs: 4000 });
  await clock.advance(3999);
  assert.is(api.calls.length, 1);
  await clock.advance(1);
  assert.is(api.calls.length, 2);
  assert.match(warnings[0] ?? "", /^warn cannot list Thing at .*: Throttled: busy; listing in 4.0 s$/);
  await finish(given);
});

test("a connection that breaks, and a port that throws, are no different", async () => {
  const given = await watching();
  given.api.last.say(bookmark(6)).break("reset by peer");
  await given.clock.advance(500);
  assert.is(given.api.calls.length, 3);
  assert.is(given.api.last.request.query?.resourceVersion, "6");
  assert.match(given.warnings[0] ?? "", /reset by peer; resuming/);
  await finish(given);

  const api = new StreamsApi();
  const throwing = reflected(api, {
    api: {
      send: () => Promise.reject(new Error("unused")),
      stream: (request, signal) => {
        void api.stream(request, signal);
        return Promise.reject(new Error("broken port"));
      },
    },
  });
  await throwing.clock.advance(500);
  assert.is(api.calls.length, 2);
  assert.match(throwing.warnings[0] ?? "", /broken port/);
  await finish(throwing);
});

test("a dead connection is found by the clock, closed, and replaced", async () => {
  const given = await watching();
  const { api, clock } = given;
  const dead = api.last;
  await clock.advance(60_000);
  dead.say(bookmark(6));
  await clock.advance(89_999);
  assert.not(dead.signal.aborted);
  await clock.advance(1);
  assert.ok(dead.signal.aborted && dead.closed);
  await clock.advance(500);
  assert.is(api.calls.length, 3);
  await finish(given);
});

test("what an aborted connection still brings is not heard", async () => {
  const given = await watching();
  const { api, clock, told } = given;
  api.last.say(errorLine(500)).say(eventLine("ADDED", thing("late", 9))).end();
  await clock.advance(500);
  assert.is(api.calls.length, 3);
  assert.equal(told, ["replaced [a]"]);
  await finish(given);
});

test("the late end of an aborted connection is not taken for that of the next", async () => {
  const { api, clock, stop, reflector } = await watching(new StreamsApi(false));
  const dead = api.last;
  await clock.advance(90_500);
  assert.is(api.calls.length, 3);
  api.last.open();
  await settle();
  dead.break("late");
  await clock.advance(10_000);
  assert.is(api.calls.length, 3);
  stop.abort();
  api.last.end();
  await reflector.done;
});

test("an answer that comes after the abort is closed", async () => {
  const given = reflected(new StreamsApi(false));
  const { api, clock } = given;
  await clock.advance(90_000);
  const late = api.last.open().say("x");
  await settle();
  assert.ok(late.closed);
  await clock.advance(500);
  assert.is(api.calls.length, 2);
  api.last.open().end();
  await finish(given);
});

test("no chunk is read before the last one was told", async () => {
  let pullsWhenTold = 0;
  const api = new StreamsApi();
  const given = await watching(api, { onOutput: () => pullsWhenTold = api.last.pulls });
  for (let version = 6; version < 16; version++) api.last.say(eventLine("ADDED", thing("b", version)));
  const pulled = api.last.pulls;
  await settle();
  assert.is(pullsWhenTold, pulled + 9);
  await finish(given);
});

test("much work lets others have their turn", async () => {
  const api = new StreamsApi();
  const clock = new ManualClock();
  const told: string[] = [];
  const stop = new AbortController();
  const options = { onOutput: () => (clock.jump(5), told.push("x")), clock, signal: stop.signal };
  const given = await watching(api, options);
  for (let version = 6; version < 16; version++) api.last.say(eventLine("ADDED", thing("b", version)));
  await settle();
  const before = told.length;
  assert.ok(before > 1 && before < 11, `${before} told without a pause`);
  for (let turn = 0; turn < 20; turn++) await clock.advance(0);
  assert.is(told.length, 11);
  await finish({ ...given, clock, stop });
});

test("a list asked for from inside an output waits its turn", async () => {
  const api = new StreamsApi();
  const told: string[] = [];
  const given: Given = await watching(api, {
    onOutput: (output) => {
      told.push(summary(output));
      if (output._tag === "Applied") given.reflector.relist();
    },
  });
  const watch = api.last;
  watch.say(eventLine("ADDED", thing("b", 6)) + eventLine("ADDED", thing("c", 7)));
  await settle();
  assert.equal(told, ["replaced [a]", "applied b", "applied c"]);
  assert.ok(watch.signal.aborted);
  assert.is(api.calls.length, 3);
  assert.is(api.last.request.query?.watch, undefined);
  await finish(given);
});

test("a listener that throws ends it, with what it threw", async () => {
  const given = reflected(new StreamsApi(), {
    onOutput: () => {
      throw new Error("listener");
    },
  });
  const { api, clock, reflector } = given;
  const outcome = reflector.done.then(() => "resolved", (error) => String(error));
  api.last.open().say(listBody(5, [])).end();
  assert.is(await outcome, "Error: listener");
  assert.is(clock.pending, 0);
  await clock.advance(1_000_000);
  assert.is(api.calls.length, 1);
});

test("a signal that has aborted before: nothing is sent", async () => {
  const api = new StreamsApi();
  const { reflector, clock } = reflected(api, { signal: AbortSignal.abort() });
  await reflector.done;
  reflector.relist();
  assert.is(api.calls.length, 0);
  assert.is(clock.pending, 0);
});

test("a connection that ignores its abort is left behind after two seconds", async () => {
  const { api, clock, stop, reflector } = await watching(new StreamsApi(false));
  let done = false;
  stop.abort();
  void reflector.done.then(() => done = true);
  await clock.advance(1999);
  assert.not(done);
  await clock.advance(1);
  assert.ok(done);
  assert.is(clock.pending, 0);
  api.last.end();
});

test("a thousand chunks set no more than a few timers", async () => {
  let timers = 0;
  const clock = new ManualClock();
  const counting = {
    now: () => clock.now(),
    after: (ms: number, callback: () => void) => (timers += 1, clock.after(ms, callback)),
  };
  const stop = new AbortController();
  const given = await watching(new StreamsApi(), { clock: counting, signal: stop.signal });
  for (let version = 0; version < 1000; version++) {
    clock.jump(10);
    given.api.last.say(bookmark(version));
    if (version % 100 === 0) await settle();
  }
  await settle();
  assert.ok(timers < 10, `${timers} timers`);
  await finish({ ...given, clock, stop });
});

test.run();
