import { createHash } from "node:crypto";
import { constants, deflateSync, inflateSync } from "node:zlib";
import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { inflate } from "../../../adapters/kubelet/stream/inflate.ts";
import {
  newSpdy,
  type Spdy,
  spdyAccept,
  spdyEnd,
  type SpdyEvent,
  spdyReceived,
  spdyReset,
  spdySend,
  type SpdyStep,
} from "../../../core/stream/spdy/connection.ts";
import { spdyDictionary } from "../../../core/stream/spdy/dictionary.ts";
import { synReplyFrame } from "../../../core/stream/spdy/frame.ts";
import { readHeaderBlock } from "../../../core/stream/spdy/header_block.ts";
import { adler32 } from "../../../core/stream/spdy/inflate.ts";
import {
  bytesOf,
  compressor,
  concat,
  control,
  dataFrame,
  goAwayFrame,
  type Pairs,
  pingFrame,
  plainBlock,
  rstFrame,
  spdyClient,
  textOf,
  toldInWords,
  u32,
} from "../../tools/spdy_client.ts";

const test = suite("SPDY/3.1 (numbers: kubelet-api.md, section 7)");

const inWords = (event: SpdyEvent): string => {
  switch (event._tag) {
    case "Opened":
      return `opened ${event.id} ${[...event.headers].map(([name, all]) => `${name}=${all.join("|")}`)}`;
    case "Data":
      return `data ${event.id} ${textOf(event.bytes)}`;
    case "Left":
      return event.broken === undefined ? "left" : `broken: ${event.broken}`;
    case "Ended":
    case "Reset":
      return `${event._tag.toLowerCase()} ${event.id}`;
    case "Write":
      return "";
  }
};

/** What happens, in words; data that comes in parts is told as one. */
const told = (events: readonly SpdyEvent[]): readonly string[] =>
  toldInWords(events, inWords).reduce<string[]>((words, word) => {
    const [, start] = /^(data \d+ )/.exec(word) ?? [];
    const last = words.at(-1) ?? "";
    return start !== undefined && last.startsWith(start)
      ? [...words.slice(0, -1), last + word.slice(start.length)]
      : [...words, word];
  }, []);

const receive = (data: Uint8Array, from: Spdy = newSpdy): SpdyStep => {
  const [{ spdy }, events] = spdyReceived(inflate, { spdy: from }, data, (state, event) => [state, [event]]);
  return [spdy, events];
};

const after = (data: Uint8Array): readonly string[] => told(receive(data)[1]);
const stream = (name: string): Pairs => [["streamtype", name]];

test("42: the dictionary is SPDY/3's", () => {
  assert.is(spdyDictionary.length, 1423);
  assert.is(adler32(spdyDictionary), 0xe3c6a7c2);
  assert.is(
    createHash("sha256").update(spdyDictionary).digest("hex"),
    "51d27341373f923f3cd88e1eb7162aeaa3723d7585ff2399201dc06498407f02",
  );
});

test("43: zlib's own stream with the dictionary is read, back references and all", () => {
  const block = deflateSync(plainBlock([["content-length", "200 OK"]]), {
    dictionary: spdyDictionary,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  const head = concat([u32(1), u32(0), new Uint8Array([0, 0])]);
  assert.equal(after(control(1, concat([head, block]))), ["opened 1 content-length=200 OK"]);
});

for (const dictionary of [true, false]) {
  test(`44: 3000 streams one after another, ${dictionary ? "with" : "without"} a dictionary`, () => {
    const client = spdyClient(dictionary);
    let spdy = newSpdy;
    for (let at = 0; at < 3000; at++) {
      const id = 2 * at + 1;
      const [next, events] = receive(client.open(id, [["streamtype", "data"], ["requestid", `${at}`]]), spdy);
      assert.equal(told(events), [`opened ${id} streamtype=data,requestid=${at}`]);
      spdy = spdyReset(next, id)[0];
    }
    assert.is(spdy.streams.size, 0);
  });
}

test("45: the block of a refused stream is inflated all the same", () => {
  const client = spdyClient();
  const [first] = [client.open(2, stream("even"))];
  assert.equal(after(concat([first, client.open(3, stream("odd"))])), [
    "> rst 2 1",
    "opened 3 streamtype=odd",
  ]);
});

test("46: replies have no pairs, and one zlib stream for all of them", () => {
  const blocks = [true, false, false].map((first) => synReplyFrame(1, first).subarray(12));
  for (const dictionary of [undefined, spdyDictionary]) {
    const inflated = inflateSync(concat(blocks), {
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(dictionary === undefined ? {} : { dictionary }),
    });
    assert.equal(new Uint8Array(inflated), new Uint8Array(12));
  }
  const client = spdyClient();
  const [spdy] = receive(concat([client.open(1, stream("a")), client.open(3, stream("b"))]));
  const [next, one] = spdyAccept(spdy, 1);
  const [, two] = spdyAccept(next, 3);
  assert.equal(told([...one, ...two]), ["> reply 1", "> reply 3"]);
  const lengths = [one, two].map(([event]) => event?._tag === "Write" ? event.data.length : 0);
  assert.equal(lengths, [28, 26]);
});

/** One of everything that a client sends. */
const conversation = (): Uint8Array => {
  const client = spdyClient();
  return concat([
    client.open(1, stream("error")),
    client.open(3, [["streamtype", "stdin"], ["a", "b\0c"]]),
    dataFrame(3, bytesOf("hello")),
    pingFrame(1),
    control(4, concat([u32(1), new Uint8Array([0, 0, 0, 7]), u32(1)])),
    control(9, concat([u32(0), u32(100)])),
    control(77, bytesOf("what is that")),
    dataFrame(3, bytesOf(" world"), true),
    client.open(5, stream("x"), 1),
    rstFrame(5),
    dataFrame(1, new Uint8Array(0), true),
    goAwayFrame(),
  ]);
};

const expected = [
  "opened 1 streamtype=error",
  "opened 3 streamtype=stdin,a=b|c",
  "data 3 hello",
  "> ping 1",
  "data 3  world",
  "ended 3",
  "opened 5 streamtype=x",
  "ended 5",
  "reset 5",
  "ended 1",
  "left",
];

test("47: cut at every byte, the same happens; 50: settings, window updates and unknown frames are ignored", () => {
  const bytes = conversation();
  assert.equal(after(bytes), expected);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const [spdy, first] = receive(bytes.subarray(0, cut));
    const [, second] = receive(bytes.subarray(cut), spdy);
    assert.equal(told([...first, ...second]), expected, `cut at ${cut}`);
  }
});

test("48: an odd ping is echoed, an even one is not", () => {
  assert.equal(after(concat([pingFrame(7), pingFrame(8), pingFrame(0x7fffffff)])), [
    "> ping 7",
    `> ping ${0x7fffffff}`,
  ]);
});

test("49: any amount of data goes out without a window update, in frames that are not too long", () => {
  const [opened] = receive(spdyClient().open(1, stream("stdout")));
  const [spdy] = spdyAccept(opened, 1);
  const [, events] = spdySend(spdy, 1, new Uint8Array(40_000_000));
  const lengths = events.map((event) => event._tag === "Write" ? event.data.length : 0);
  assert.equal(lengths, [8, 0xff_ffff, 8, 0xff_ffff, 8, 40_000_000 - 2 * 0xff_ffff]);
});

const bomb = (): Uint8Array => {
  const plain = concat([u32(1), u32(1), bytesOf("a"), u32(1_000_000), new Uint8Array(1_000_000)]);
  return control(1, concat([u32(1), u32(0), new Uint8Array([0, 0]), compressor()(plain)]));
};

const manyPairs: Pairs = Array.from({ length: 101 }, (_, at) => [`n${at}`, "v"]);
const block = (bytes: Uint8Array): Uint8Array =>
  control(1, concat([u32(1), u32(0), new Uint8Array([0, 0]), bytes]));

const breaking: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ["a control frame that is too long", control(1, new Uint8Array(65_537)), /longer than 65536 bytes/],
  ["a header block that inflates too far", bomb(), /damaged, or longer than 65536/],
  ["too many pairs", spdyClient().open(1, manyPairs), /more than 100 pairs/],
  ["an empty name", spdyClient().open(1, [["", "v"]]), /empty or repeated name/],
  ["a repeated name", spdyClient().open(1, [["a", "v"], ["A", "w"]]), /empty or repeated name/],
  ["no zlib stream", block(bytesOf("no zlib at all")), /not a zlib stream/],
  [
    "another dictionary",
    block(concat([new Uint8Array([0x78, 0xf9]), u32(1), bytesOf("..")])),
    /another dictionary/,
  ],
  ["no sync flush", block(new Uint8Array([0x78, 0x9c, 1, 2, 3, 4])), /sync flush/],
  ["a damaged block", block(new Uint8Array([0x78, 0x9c, 0xff, 0xff, 0, 0, 0xff, 0xff])), /damaged/],
  ["a block that breaks off", block(compressor()(u32(1))), /breaks off/],
  ["stream 0", spdyClient().open(0, stream("a")), /the number 0/],
  ["a frame that is too short", control(3, u32(1)), /only 4 bytes/],
  ["another version", control(6, u32(1), { version: 2 }), /version 2/],
];

for (const [name, bytes, why] of breaking) {
  test(`51: ${name} ends the connection`, () => {
    const [spdy, events] = receive(concat([bytes, pingFrame(1)]));
    const [goAway, left, ...rest] = told(events);
    assert.is(goAway, "> goaway 1");
    assert.match(left ?? "", why);
    assert.equal(rest, []);
    assert.equal(receive(pingFrame(3), spdy), [spdy, []]);
  });
}

test("51: more streams than 1024 are refused, those before go on", () => {
  const client = spdyClient();
  let spdy = newSpdy;
  for (let at = 0; at < 1024; at++) [spdy] = receive(client.open(2 * at + 1, stream("a")), spdy);
  const [, events] = receive(concat([client.open(2049, stream("a")), dataFrame(1, bytesOf("x"))]), spdy);
  assert.equal(told(events), ["> rst 2049 3", "data 1 x"]);
});

test("52: after the peer's end a stream is still written; after both ends, or a reset, it is gone", () => {
  const client = spdyClient();
  const [opened] = receive(concat([client.open(1, stream("a")), client.open(3, stream("b"))]));
  const [ended] = receive(dataFrame(1, bytesOf("last"), true), opened);
  assert.equal(told(spdySend(ended, 1, bytesOf("still"))[1]), ["> data 1 still"]);
  const [gone, fin] = spdyEnd(ended, 1);
  assert.equal(told(fin), ["> fin 1"]);
  assert.equal(told(spdySend(gone, 1, bytesOf("late"))[1]), []);
  assert.equal(told(spdyEnd(gone, 1)[1]), []);
  assert.equal(told(receive(dataFrame(1, bytesOf("late")), gone)[1]), []);
  const [reset, events] = receive(concat([rstFrame(3), dataFrame(3, bytesOf("late")), rstFrame(3)]), gone);
  assert.equal(told(events), ["reset 3"]);
  assert.equal(told(spdySend(reset, 3, bytesOf("late"))[1]), []);
  assert.is(reset.streams.size, 0);
});

test("53: a stream number that does not rise is reset, as is the stream that had it", () => {
  const client = spdyClient();
  const first = concat([
    client.open(3, stream("a")),
    client.open(1, stream("b")),
    client.open(3, stream("c")),
  ]);
  assert.equal(after(first), ["opened 3 streamtype=a", "> rst 1 1", "> rst 3 1", "reset 3"]);
});

test("53: a unidirectional stream is refused", () => {
  assert.equal(after(spdyClient().open(1, stream("a"), 2)), ["> rst 1 3"]);
});

test("55: names count in lower case, a value with NUL is several", () => {
  const read = readHeaderBlock(plainBlock([["StreamType", "error\0data"], ["port", ""]]));
  assert.equal(E.isRight(read) && [...read.right], [["streamtype", ["error", "data"]], ["port", [""]]]);
});

test.run();
