import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { inflate } from "../../adapters/kubelet/stream/inflate.ts";
import { decodeBase64, encodeBase64 } from "../../core/stream/base64.ts";
import type { ForwardEvent } from "../../core/stream/port_forward/machine.ts";
import { spdyForward } from "../../core/stream/port_forward/spdy.ts";
import { webSocketForward } from "../../core/stream/port_forward/websocket.ts";
import type { CommandEvent } from "../../core/stream/remote_command/machine.ts";
import { spdyCommand } from "../../core/stream/remote_command/spdy.ts";
import { webSocketCommand, webSocketCommandProtocols } from "../../core/stream/remote_command/websocket.ts";
import {
  type HasSpdy,
  newSpdy,
  type Spdy,
  spdyAccept,
  type SpdyEvent,
  spdyReceived,
} from "../../core/stream/spdy/connection.ts";
import { readHeaderBlock, type SpdyHeaders } from "../../core/stream/spdy/header_block.ts";
import fc from "../tools/fast_check.ts";
import {
  concat,
  control,
  dataFrame,
  goAwayFrame,
  pingFrame,
  rstFrame,
  spdyClient,
} from "../tools/spdy_client.ts";

const test = suite("streams");

type Act =
  | {
    readonly _tag: "Open";
    readonly headers: readonly (readonly [string, string])[];
    readonly flags: number;
  }
  | { readonly _tag: "Data"; readonly stream: number; readonly bytes: Uint8Array; readonly fin: boolean }
  | { readonly _tag: "Rst"; readonly stream: number }
  | { readonly _tag: "Ping"; readonly id: number }
  | { readonly _tag: "Control"; readonly type: number; readonly payload: Uint8Array }
  | { readonly _tag: "GoAway" };

const anyHeaders = fc.oneof(
  fc.constantFrom("error", "stdin", "stdout", "stderr", "resize", "data", "what").chain((type) =>
    fc.tuple(
      fc.constant(["streamtype", type] as const),
      fc.constantFrom("80", "0", "65535", "x").map((port) => ["port", port] as const),
      fc.constantFrom("0", "1", "2").map((id) => ["requestid", id] as const),
    )
  ),
  fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.string()), {
    maxLength: 4,
    selector: ([name]) => name.toLowerCase(),
  }),
);

const stream = fc.integer({ min: 0, max: 12 });

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      _tag: fc.constant("Open" as const),
      headers: anyHeaders,
      flags: fc.constantFrom(0, 0, 0, 1, 2),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      _tag: fc.constant("Data" as const),
      stream,
      bytes: fc.uint8Array({ maxLength: 40 }),
      fin: fc.boolean(),
    }),
  },
  fc.record({ _tag: fc.constant("Rst" as const), stream }),
  fc.record({ _tag: fc.constant("Ping" as const), id: fc.nat() }),
  fc.record({
    _tag: fc.constant("Control" as const),
    type: fc.constantFrom(4, 5, 9, 10, 99),
    payload: fc.uint8Array({ minLength: 8, maxLength: 20 }),
  }),
  { weight: 1, arbitrary: fc.constant({ _tag: "GoAway" as const }) },
);

/** The bytes of what a client does. */
const bytesOfActs = (acts: readonly Act[]): Uint8Array => {
  const client = spdyClient();
  let opened = 0;
  return concat(acts.map((act) => {
    switch (act._tag) {
      case "Open":
        return client.open(2 * opened++ + 1, act.headers, act.flags);
      case "Data":
        return dataFrame(act.stream, act.bytes, act.fin);
      case "Rst":
        return rstFrame(act.stream);
      case "Ping":
        return pingFrame(act.id);
      case "Control":
        return control(act.type, act.payload);
      case "GoAway":
        return goAwayFrame();
    }
  }));
};

const anyConversation = fc.array(anyAct, { maxLength: 25 }).map(bytesOfActs);

/** Bytes in pieces. */
const anyCut = (bytes: Uint8Array): fc.Arbitrary<readonly Uint8Array[]> =>
  fc.array(fc.nat(bytes.length), { maxLength: 12 }).map((cuts) => {
    const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
    return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
  });

const anyCutConversation = anyConversation.chain((bytes) => fc.tuple(fc.constant(bytes), anyCut(bytes)));

type AnyEvent = SpdyEvent | CommandEvent | ForwardEvent;

const isData = (event: AnyEvent): event is AnyEvent & { readonly bytes: Uint8Array } =>
  event._tag === "Data" || event._tag === "Stdin";

const keyOf = (event: AnyEvent): string => "id" in event ? `${event._tag} ${event.id}` : event._tag;

/** The same for however data was divided. */
const merged = (events: readonly AnyEvent[]): readonly unknown[] => {
  const all: { key: string; bytes: number[]; event?: AnyEvent }[] = [];
  for (const event of events) {
    const last = all.at(-1);
    if (!isData(event)) all.push({ key: keyOf(event), bytes: [], event });
    else if (last?.key === keyOf(event) && last.event === undefined) last.bytes.push(...event.bytes);
    else all.push({ key: keyOf(event), bytes: [...event.bytes] });
  }
  return all;
};

const inPieces = <S, A>(
  start: S,
  step: (state: S, data: Uint8Array) => readonly [S, readonly A[]],
  pieces: readonly Uint8Array[],
): readonly A[] => {
  const events: A[] = [];
  let state = start;
  for (const piece of pieces) {
    const [next, more] = step(state, piece);
    state = next;
    events.push(...more);
  }
  return events;
};

/** The bare connection, all of whose streams are accepted. */
const accepting = (state: HasSpdy, data: Uint8Array): readonly [HasSpdy, readonly SpdyEvent[]] =>
  spdyReceived(inflate, state, data, (now, event) => {
    if (event._tag !== "Opened") return [now, [event]];
    const [spdy, events] = spdyAccept(now.spdy, event.id);
    return [{ spdy }, [event, ...events]];
  });

const all = { command: [], stdin: true, stdout: true, stderr: true, tty: true } as const;
const command = spdyCommand(inflate, all, "v5.channel.k8s.io");
const forward = spdyForward(inflate);

test("47: however the bytes are cut, the connection, a command and a port-forward do the same", () => {
  fc.assert(fc.property(anyCutConversation, ([bytes, pieces]) => {
    const spdy = (data: readonly Uint8Array[]) => inPieces({ spdy: newSpdy }, accepting, data);
    const asCommand = (data: readonly Uint8Array[]) => inPieces(command.start[0], command.received, data);
    const asForward = (data: readonly Uint8Array[]) => inPieces(forward.start[0], forward.received, data);
    for (const run of [spdy, asCommand, asForward]) assert.equal(merged(run(pieces)), merged(run([bytes])));
  }));
});

/** What a connection may keep, whatever it is sent. */
const isBounded = (spdy: Spdy): boolean => {
  const { reading, inflating, streams } = spdy;
  const kept = reading._tag === "Data" ? 0 : reading.have.length;
  return kept <= 65_544 && (inflating.window?.length ?? 0) <= 32_768 && streams.size <= 1_024;
};

/** A conversation with some bytes changed, or no conversation at all. */
const anyNoise = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.tuple(anyConversation, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }))
    .map(([bytes, changes]) => {
      const noisy = new Uint8Array(bytes);
      for (const [at, byte] of changes) if (noisy.length > 0) noisy[at % noisy.length] = byte;
      return noisy;
    }),
).chain((bytes) => anyCut(bytes));

test("any bytes: nothing throws, what is kept is bounded, and after the end nothing happens", () => {
  fc.assert(fc.property(anyNoise, (pieces) => {
    let state: HasSpdy = { spdy: newSpdy };
    let hasLeft = false;
    for (const piece of pieces) {
      const [next, events] = accepting(state, piece);
      if (hasLeft) assert.equal(events, []);
      hasLeft ||= events.some(({ _tag }) => _tag === "Left");
      assert.ok(isBounded(next.spdy));
      state = next;
    }
    inPieces(command.start[0], command.received, pieces);
    inPieces(forward.start[0], forward.received, pieces);
  }));
});

test("any bytes as WebSocket messages: nothing throws, and nothing is told twice", () => {
  const socketForward = webSocketForward([80, 81], "v4.base64.channel.k8s.io");
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), (messages) => {
    for (const protocol of webSocketCommandProtocols) {
      const machine = webSocketCommand(all, protocol);
      const events = inPieces(machine.start[0], machine.received, messages);
      for (const once of ["StdinEnded", "Close", "Left"]) {
        assert.ok(events.filter(({ _tag }) => _tag === once).length <= 1);
      }
    }
    inPieces(socketForward.start[0], socketForward.received, messages);
  }));
});

test("any bytes are a header block or none", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
    const read = readHeaderBlock(bytes);
    const headers: SpdyHeaders = E.isRight(read) ? read.right : new Map();
    assert.ok([...headers.keys()].every((name) => name !== ""));
  }));
});

test("base64 is the platform's, both ways", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    const text = encodeBase64(bytes);
    assert.is(text, btoa(String.fromCharCode(...bytes)));
    assert.equal(decodeBase64(new TextEncoder().encode(text)), bytes);
  }));
  fc.assert(fc.property(fc.string(), (text) => {
    decodeBase64(new TextEncoder().encode(text));
  }));
});

test.run();
