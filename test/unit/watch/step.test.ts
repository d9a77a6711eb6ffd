import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { WatchInput } from "../../../core/watch/state.ts";
import {
  answer,
  bookmark,
  broken,
  chunk,
  end,
  errorLine,
  eventLine,
  listBody,
  Machine,
  relist,
  response,
  start,
  thing,
  watchingMachine,
} from "../../tools/watch.ts";

const test = suite("list and watch, step by step");

/** What is given, what comes of it at once. A number lets so many ms pass; "wake" gives a Tick when it is due. */
type Line =
  | readonly [inputs: readonly WatchInput[], outputs: readonly string[]]
  | number
  | readonly ["wake", from: number, to: number, outputs: readonly string[]];

interface Row {
  readonly name: string;
  /** Begin in a watch from version 5, or from nothing. */
  readonly from: "nothing" | "watching";
  readonly lines: readonly Line[];
}

const page = (version: number, names: readonly string[], next?: string): readonly WatchInput[] =>
  answer(200, listBody(version, names.map((name) => thing(name, version)), next));

const applied = (name: string, version: number): string => eventLine("ADDED", thing(name, version));
const html = "<!DOCTYPE html><html><body>sign in</body></html>";
const first: readonly [number, number] = [375, 500];
const second: readonly [number, number] = [750, 1000];

const rows: readonly Row[] = [
  {
    name: "pages are told as one list, watched from the first page's version",
    from: "nothing",
    lines: [
      [[start], ["list"]],
      [page(7, ["a"], "t1"), ["list t1"]],
      [page(8, ["b"], "t2"), ["list t2"]],
      [page(9, ["c"]), ["replaced [a b c]", "watch 7"]],
    ],
  },
  {
    name: "an empty list is a list, also as Go's null",
    from: "nothing",
    lines: [[[start], ["list"]], [answer(200, listBody(7, null)), ["replaced []", "watch 7"]]],
  },
  {
    name: "a bad item keeps its name and loses no other",
    from: "nothing",
    lines: [
      [[start], ["list"]],
      [
        answer(200, listBody(7, [thing("a", 1), thing("b", 2, "big"), null, thing("c", 3)])),
        ["replaced [a c !b !]", "watch 7"],
      ],
    ],
  },
  {
    name: "an expired continue token starts the list again, and nothing of the first one is told",
    from: "nothing",
    lines: [
      [[start], ["list"]],
      [page(7, ["a"], "t1"), ["list t1"]],
      [answer(410, "{}"), ["warning Gone"]],
      ["wake", ...first, ["list"]],
      [page(9, ["b"]), ["replaced [b]", "watch 9"]],
    ],
  },
  {
    name: "tokens that expire again and again: the list is asked for in one piece",
    from: "nothing",
    lines: [
      [[start], ["list"]],
      [page(7, ["a"], "t1"), ["list t1"]],
      [answer(410, "{}"), ["warning Gone"]],
      ["wake", ...first, ["list"]],
      [page(8, ["a"], "t2"), ["list t2"]],
      [answer(410, "{}"), ["warning Gone"]],
      ["wake", ...second, ["list whole"]],
      [page(9, ["a", "b"]), ["replaced [a b]", "watch 9"]],
    ],
  },
  {
    name: "a page that repeats its token ends the list",
    from: "nothing",
    lines: [
      [[start], ["list"]],
      [page(7, ["a"], "t1"), ["list t1"]],
      [page(7, ["a"], "t1"), ["warning Undecodable"]],
      ["wake", ...first, ["list"]],
    ],
  },
  {
    name: "a page cut off is never told",
    from: "nothing",
    lines: [
      [[start], ["list"]],
      [page(7, ["a"], "t1"), ["list t1"]],
      [[response(), chunk(listBody(7, [thing("b", 1)]).slice(0, -5)), broken], ["warning Unavailable"]],
      ["wake", ...first, ["list"]],
    ],
  },
  {
    name: "events are told, the last version is where the next watch begins",
    from: "watching",
    lines: [
      [
        [chunk(
          applied("b", 6) + eventLine("MODIFIED", thing("a", 8)) + eventLine("DELETED", thing("b", 9)),
        )],
        ["applied b", "applied a", "deleted b uid-b"],
      ],
      10_000,
      [[end], ["watch 9"]],
    ],
  },
  {
    name: "versions are opaque",
    from: "watching",
    lines: [
      [[chunk(eventLine("ADDED", thing("b", "zz-007")) + eventLine("ADDED", thing("c", "1")))], [
        "applied b",
        "applied c",
      ]],
      10_000,
      [[end], ["watch 1"]],
    ],
  },
  {
    name: "a bookmark moves on without a word",
    from: "watching",
    lines: [[[chunk(bookmark(12))], []], 240_000, [[end], ["watch 12"]]],
  },
  {
    name: "an object without a version does not lose the place",
    from: "watching",
    lines: [
      [[chunk(eventLine("ADDED", { metadata: { name: "x", uid: "u" }, size: 1 }))], ["applied x"]],
      10_000,
      [[end], ["watch 5"]],
    ],
  },
  {
    name: "an object that is not understood exists all the same",
    from: "watching",
    lines: [
      [[chunk(eventLine("MODIFIED", thing("b", 6, null)) + applied("c", 7))], ["undecodable b", "applied c"]],
      10_000,
      [[end], ["watch 7"]],
    ],
  },
  {
    name: "an unknown type of event is passed over",
    from: "watching",
    lines: [
      [[chunk(eventLine("TELEPORTED", thing("b", 6)) + applied("c", 7))], ["warning ignored", "applied c"]],
    ],
  },
  {
    name: "empty lines and carriage returns mean nothing",
    from: "watching",
    lines: [[[chunk(`\n\r\n${applied("c", 7).replace("\n", "\r\n")}`)], ["applied c"]], 10_000, [[end], [
      "watch 7",
    ]]],
  },
  {
    name: "410 as an answer: list again",
    from: "watching",
    lines: [
      [[chunk(bookmark(6))], []],
      10_000,
      [[end], ["watch 6"]],
      [answer(410, '{"code":410,"message":"too old resource version"}'), ["warning Gone"]],
      ["wake", ...first, ["list"]],
      [page(9, ["z"]), ["replaced [z]", "watch 9"]],
    ],
  },
  {
    name: "410 as an event: list again; what follows it in the same bytes is not read",
    from: "watching",
    lines: [
      [[chunk(applied("b", 6) + errorLine(410) + applied("c", 7))], ["applied b", "abort", "warning Gone"]],
      ["wake", ...first, ["list"]],
    ],
  },
  {
    name: "410 after an outage: what the outage has made of the back-off is not waited for again",
    from: "watching",
    lines: [
      [[broken], ["warning Unavailable"]],
      ["wake", ...first, ["watch 5"]],
      [[broken], ["warning Unavailable"]],
      ["wake", ...second, ["watch 5"]],
      [answer(410, "{}"), ["warning Gone"]],
      ["wake", ...first, ["list"]],
      [page(9, ["z"]), ["replaced [z]", "watch 9"]],
      [answer(410, "{}"), ["warning Gone"]],
      ["wake", ...second, ["list"]],
    ],
  },
  {
    name: "an error event that only has a reason",
    from: "watching",
    lines: [
      [[chunk(eventLine("ERROR", { kind: "Status", reason: "Expired" }))], ["abort", "warning Gone"]],
      ["wake", ...first, ["list"]],
    ],
  },
  {
    name: "another error event: resume after a while",
    from: "watching",
    lines: [
      [[chunk(applied("b", 6) + errorLine(500))], ["applied b", "abort", "warning Unavailable"]],
      ["wake", ...first, ["watch 6"]],
    ],
  },
  {
    name: "an error event that names its delay",
    from: "watching",
    lines: [
      [[chunk(errorLine(429, { details: { retryAfterSeconds: 7 } }))], ["abort", "warning Throttled"]],
      ["wake", 7000, 7000, ["watch 5"]],
    ],
  },
  {
    name: "closed at once and again, without data: slower each time, then the list",
    from: "watching",
    lines: [
      [[end], ["warning Unavailable"]],
      ["wake", ...first, ["watch 5"]],
      [[response(), end], ["warning Unavailable"]],
      ["wake", ...second, ["watch 5"]],
      [[response(), end], ["warning Unavailable"]],
      ["wake", 1500, 2000, ["list"]],
    ],
  },
  {
    name: "closed at once with data each time: slower each time, but no list",
    from: "watching",
    lines: [
      [[chunk(bookmark(6)), end], ["warning Unavailable"]],
      ["wake", ...first, ["watch 6"]],
      [[response(), chunk(bookmark(7)), end], ["warning Unavailable"]],
      ["wake", ...second, ["watch 7"]],
      [[response(), chunk(bookmark(8)), end], ["warning Unavailable"]],
      ["wake", 1500, 2000, ["watch 8"]],
      [[response(), chunk(bookmark(9)), end], ["warning Unavailable"]],
      ["wake", 3000, 4000, ["watch 9"]],
    ],
  },
  {
    name: "a watch that lags behind is ended by the server: resumed at once, but it forgives nothing",
    from: "watching",
    lines: [
      [[end], ["warning Unavailable"]],
      ["wake", ...first, ["watch 5"]],
      [[response(), chunk(bookmark(6))], []],
      1_000,
      [[end], ["watch 6"]],
      [[response(), chunk(bookmark(7))], []],
      999,
      [[end], ["warning Unavailable"]],
      ["wake", ...second, ["watch 7"]],
      [[response(), ...Array.from({ length: 10 }, (_, at) => chunk(bookmark(8 + at)))], []],
      200,
      [[end], ["watch 17"]],
    ],
  },
  {
    name: "a watch that lived for long forgives what was before",
    from: "watching",
    lines: [
      [[end], ["warning Unavailable"]],
      ["wake", ...first, ["watch 5"]],
      [[response(), broken], ["warning Unavailable"]],
      ["wake", ...second, ["watch 5"]],
      [[response(), chunk(bookmark(6))], []],
      60_000,
      [[broken], ["warning Unavailable"]],
      ["wake", ...first, ["watch 6"]],
    ],
  },
  {
    name: "silence: the connection is given up and resumed",
    from: "watching",
    lines: [
      60_000,
      [[chunk(bookmark(6))], []],
      ["wake", 90_000, 90_000, ["abort", "warning Unavailable"]],
      ["wake", ...first, ["watch 6"]],
    ],
  },
  {
    name: "silence from the beginning is no failure: asked anew at once, and what failed before is forgiven",
    from: "watching",
    lines: [
      [[end], ["warning Unavailable"]],
      ["wake", ...first, ["watch 5"]],
      [[response()], []],
      ["wake", 90_000, 90_000, ["abort", "watch 5"]],
      [[response()], []],
      30_000,
      [[end], ["watch 5"]],
      [[response()], []],
      9_999,
      [[end], ["warning Unavailable"]],
      ["wake", ...first, ["watch 5"]],
    ],
  },
  {
    name: "silence for long: listed, since a proxy may keep the news",
    from: "watching",
    lines: [
      ...Array.from({ length: 9 }, (): readonly Line[] => [
        ["wake", 90_000, 90_000, ["abort", "watch 5"]],
        [[response()], []],
      ]).flat(),
      ["wake", 90_000, 90_000, ["abort", "list"]],
      [answer(200, listBody(6, [])), ["replaced []", "watch 6"]],
      [[response()], []],
      ["wake", 90_000, 90_000, ["abort", "watch 6"]],
    ],
  },
  {
    name: "a word in between, and the silence is counted anew",
    from: "watching",
    lines: [
      ...Array.from({ length: 9 }, (): readonly Line[] => [
        ["wake", 90_000, 90_000, ["abort", "watch 5"]],
        [[response()], []],
      ]).flat(),
      [[chunk(bookmark(6)), broken], ["warning Unavailable"]],
      ["wake", ...first, ["watch 6"]],
      [[response()], []],
      ["wake", 90_000, 90_000, ["abort", "watch 6"]],
    ],
  },
  {
    name: "bytes that trickle without a line are silence",
    from: "watching",
    lines: [
      60_000,
      [[chunk('{"type":')], []],
      ["wake", 30_000, 30_000, ["abort", "warning Unavailable"]],
    ],
  },
  {
    name: "no answer to a watch",
    from: "watching",
    lines: [
      [[broken], ["warning Unavailable"]],
      ["wake", ...first, ["watch 5"]],
      ["wake", 90_000, 90_000, ["abort", "warning Unavailable"]],
      ["wake", ...second, ["watch 5"]],
    ],
  },
  {
    name: "no answer to a list, and one that never ends",
    from: "nothing",
    lines: [
      [[start], ["list"]],
      ["wake", 90_000, 90_000, ["abort", "warning Unavailable"]],
      ["wake", ...first, ["list"]],
      [[response(), chunk("{")], []],
      89_000,
      [[chunk(" ")], []],
      ["wake", 90_000, 90_000, ["abort", "warning Unavailable"]],
    ],
  },
  {
    name: "a server that cannot be reached says nothing about the place to resume at",
    from: "watching",
    lines: [
      [[broken], ["warning Unavailable"]],
      ["wake", ...first, ["watch 5"]],
      [[broken], ["warning Unavailable"]],
      ["wake", ...second, ["watch 5"]],
      [[broken], ["warning Unavailable"]],
      ["wake", 1500, 2000, ["watch 5"]],
      [[broken], ["warning Unavailable"]],
      ["wake", 3000, 4000, ["watch 5"]],
      [[broken], ["warning Unavailable"]],
      ["wake", 6000, 8000, ["watch 5"]],
      [[broken], ["warning Unavailable"]],
      ["wake", 7500, 10_000, ["watch 5"]],
    ],
  },
  {
    name: "429 with Retry-After, without it, and with one beyond belief",
    from: "nothing",
    lines: [
      [[start], ["list"]],
      [answer(429, "", 20_000), ["warning Throttled"]],
      ["wake", 20_000, 20_000, ["list"]],
      [answer(429, ""), ["warning Throttled"]],
      ["wake", ...second, ["list"]],
      [answer(429, "", 1e9), ["warning Throttled"]],
      ["wake", 300_000, 300_000, ["list"]],
      [answer(429, "", 0), ["warning Throttled"]],
      ["wake", ...first, ["list"]],
      [answer(429, '{"kind":"Status","details":{"retryAfterSeconds":3}}'), ["warning Throttled"]],
      ["wake", 3000, 3000, ["list"]],
    ],
  },
  {
    name: "a watch refused for rights: slowly again",
    from: "watching",
    lines: [
      [[broken], ["warning Unavailable"]],
      ["wake", ...first, ["watch 5"]],
      [answer(403, '{"message":"pods is forbidden"}'), ["warning Forbidden"]],
      ["wake", 1500, 2000, ["watch 5"]],
      [answer(401, ""), ["warning Unauthorized"]],
      ["wake", 3000, 4000, ["watch 5"]],
    ],
  },
  {
    name: "a refused watch whose reason never comes whole",
    from: "watching",
    lines: [
      [[broken], ["warning Unavailable"]],
      ["wake", ...first, ["watch 5"]],
      [[response(503), chunk("a"), broken], ["warning Unavailable"]],
      ["wake", ...second, ["watch 5"]],
      [[response(503), chunk("b")], []],
      ["wake", 90_000, 90_000, ["abort", "warning Unavailable"]],
    ],
  },
  {
    name: "an endless reason is cut",
    from: "nothing",
    lines: [
      [[start], ["list"]],
      [[response(500), chunk("x".repeat(65_536))], []],
      [[chunk("x")], ["abort", "warning Unavailable"]],
    ],
  },
  {
    name: "a list that is a web page",
    from: "nothing",
    lines: [
      [[start], ["list"]],
      [answer(200, html), ["warning Undecodable"]],
      ["wake", ...first, ["list"]],
    ],
  },
  {
    name: "a list of something else says nothing about ours",
    from: "nothing",
    lines: [
      [[start], ["list"]],
      [answer(200, '{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[]}'), [
        "warning Undecodable",
      ]],
      ["wake", ...first, ["list"]],
      [answer(200, '{"kind":"ThingList","metadata":{"resourceVersion":"1"}}'), ["warning Undecodable"]],
      ["wake", ...second, ["list"]],
      [answer(200, '{"kind":"ThingList","items":[]}'), ["warning Undecodable"]],
    ],
  },
  {
    name: "a watch that is a web page, with and without a line feed",
    from: "watching",
    lines: [
      [[chunk(`${html}\n`)], ["abort", "warning Undecodable"]],
      ["wake", ...first, ["list"]],
      [page(9, []), ["replaced []", "watch 9"]],
      [[response(), chunk(html), end], ["warning Undecodable"]],
      ["wake", ...second, ["list"]],
    ],
  },
  {
    name: "a line that is no event",
    from: "watching",
    lines: [
      [[chunk("42\n")], ["abort", "warning Undecodable"]],
      ["wake", ...first, ["list"]],
    ],
  },
  {
    name: "an event without an object, a deletion of nobody",
    from: "watching",
    lines: [
      [[chunk('{"type":"ADDED"}\n')], ["abort", "warning Undecodable"]],
      ["wake", ...first, ["list"]],
      [page(9, []), ["replaced []", "watch 9"]],
      [[response(), chunk(eventLine("DELETED", { metadata: {} }))], ["abort", "warning Undecodable"]],
      ["wake", ...second, ["list"]],
    ],
  },
  {
    name: "an event cut in the middle is fetched again",
    from: "watching",
    lines: [
      [[chunk(bookmark(6) + applied("b", 7).slice(0, 20)), end], ["warning Unavailable"]],
      ["wake", ...first, ["watch 6"]],
    ],
  },
  {
    name: "a list on request; not in the middle of a list, not before a delay is over",
    from: "watching",
    lines: [
      [[relist], ["abort", "list"]],
      [[relist], []],
      [[broken], ["warning Unavailable"]],
      [[relist], []],
      ["wake", ...first, ["list"]],
      [page(9, ["z"]), ["replaced [z]", "watch 9"]],
      [[broken, relist], ["warning Unavailable"]],
      ["wake", ...second, ["list"]],
      [page(9, ["z"]), ["replaced [z]", "watch 9"]],
      [[relist], ["abort", "list"]],
    ],
  },
  {
    name: "what comes when nothing is expected means nothing",
    from: "watching",
    lines: [
      [[start, response()], []],
      [[broken], ["warning Unavailable"]],
      [[chunk("x\n"), end, broken, response(), start], []],
      ["wake", ...first, ["watch 5"]],
      [[chunk("x\n"), start], []],
    ],
  },
];

for (const { name, from, lines } of rows) {
  test(name, () => {
    const machine = from === "nothing" ? new Machine() : watchingMachine();
    lines.forEach((line, index) => {
      if (typeof line === "number") machine.pass(line);
      else if (line[0] !== "wake") assert.equal(machine.give(...line[0]), line[1], `line ${index}`);
      else {
        assert.equal(machine.pass(-1).give({ _tag: "Tick" }), [], `line ${index}: nothing before it is due`);
        const waited = machine.pass(1).untilWake();
        assert.ok(waited >= line[1] && waited <= line[2], `line ${index}: waited ${waited} ms`);
        assert.equal(machine.give({ _tag: "Tick" }), line[3], `line ${index}`);
      }
    });
  });
}

test("a watch asks for bookmarks, its selectors, and 80 to 100 % of the longest life, not always the same", () => {
  const asked = new Set<number>();
  const machine = watchingMachine({ query: { fieldSelector: "spec.nodeName=n" } });
  for (let version = 0; version < 20; version++) {
    machine.give(chunk(bookmark(version)));
    machine.pass(10_000).give(end, response());
    const sent = machine.outputs.findLast((output) => output._tag === "Send");
    const query = sent?._tag === "Send" ? sent.request.query ?? {} : {};
    assert.is(query.fieldSelector, "spec.nodeName=n");
    assert.is(query.allowWatchBookmarks, "true");
    asked.add(Number(query.timeoutSeconds));
  }
  assert.ok(asked.size > 5);
  for (const seconds of asked) assert.ok(seconds >= 240 && seconds <= 300, `${seconds} s`);
});

test("the first list is a consistent read, in pages, with its selectors", () => {
  const machine = new Machine({ pageLimit: 2, query: { labelSelector: "a=b" } });
  machine.give(start);
  assert.equal(machine.outputs, [{
    _tag: "Send",
    request: { method: "GET", path: "/apis/x/v1/things", query: { labelSelector: "a=b", limit: "2" } },
  }]);
});

test("an event, or a list, beyond its bound is broken off", () => {
  const watching = watchingMachine({ maxLineBytes: 100 });
  assert.equal(watching.give(chunk("x".repeat(100))), []);
  assert.equal(watching.give(chunk("x")), ["abort", "warning Undecodable"]);
  const whole = watchingMachine({ maxLineBytes: 100 });
  assert.equal(whole.give(chunk(`${"x".repeat(101)}\n`)), ["abort", "warning Undecodable"]);
  const listing = new Machine({ maxListBytes: 200 });
  listing.give(start, ...page(1, ["a"], "t1"), response());
  assert.equal(listing.give(chunk(" ".repeat(150))), ["abort", "warning Undecodable"]);
});

test("a trickling page ends after ten idle times", () => {
  const machine = new Machine({ idleTimeoutMs: 1000 });
  machine.give(start, response());
  for (let at = 0; at < 9; at++) assert.equal(machine.pass(999).give(chunk(" "), { _tag: "Tick" }), []);
  machine.pass(999).give(chunk(" "));
  assert.is(machine.untilWake(), 10);
  assert.equal(machine.give({ _tag: "Tick" }), ["abort", "warning Unavailable"]);
});

test("warnings say what happened, to what, and what to do", () => {
  const machine = new Machine();
  machine.give(start, ...answer(403, '{"kind":"Status","message":"things is forbidden: no rights"}'));
  const warning = machine.outputs.at(-1);
  assert.match(
    warning?._tag === "Warning" ? warning.message : "",
    /^cannot list Thing at \/apis\/x\/v1\/things: Forbidden: things is forbidden: no rights; grant list and watch on \/apis\/x\/v1\/things; listing in \d\.\d s$/,
  );
});

test.run();
