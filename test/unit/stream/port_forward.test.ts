import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { inflate } from "../../../adapters/kubelet/stream/inflate.ts";
import type { ForwardEvent, ForwardMachine } from "../../../core/stream/port_forward/machine.ts";
import { spdyForward } from "../../../core/stream/port_forward/spdy.ts";
import {
  readForwardPorts,
  webSocketForward,
  type WebSocketForwardProtocol,
} from "../../../core/stream/port_forward/websocket.ts";
import {
  bytesOf,
  concat,
  dataFrame,
  goAwayFrame,
  rstFrame,
  type SpdyClient,
  spdyClient,
  textOf,
  toldInWords,
} from "../../tools/spdy_client.ts";

const test = suite("port-forward (numbers: kubelet-api.md, section 7)");

const inWords = (event: ForwardEvent): string => {
  switch (event._tag) {
    case "Connect":
      return `connect ${event.id} ${event.port}`;
    case "Data":
      return `data ${event.id} ${textOf(event.bytes)}`;
    case "Close":
      return `close ${event.code}`;
    case "Left":
      return "left";
    case "Write":
      return typeof event.data === "string" ? event.data : `[${event.data}]`;
    default:
      return `${event._tag.toLowerCase()} ${event.id}`;
  }
};

const toldSpdy = (events: readonly ForwardEvent[]): readonly string[] => toldInWords(events, inWords);

const running = <S>(
  machine: ForwardMachine<S>,
  told: (events: readonly ForwardEvent[]) => readonly string[],
) => {
  let [state] = machine.start;
  const step = ([next, events]: readonly [S, readonly ForwardEvent[]]): readonly string[] => {
    state = next;
    return told(events);
  };
  return {
    start: told(machine.start[1]),
    received: (data: Uint8Array) => step(machine.received(state, data)),
    output: (id: string, text: string) => step(machine.output(state, id, bytesOf(text))),
    outputEnded: (id: string) => step(machine.outputEnded(state, id)),
    closed: (id: string, failed?: string) => step(machine.closed(state, id, failed)),
    late: (id: string) => step(machine.late(state, id)),
  };
};

const overSpdy = () => running(spdyForward(inflate), toldSpdy);

const pair = (
  client: SpdyClient,
  at: number,
  port: string,
  requestId: string,
): readonly [Uint8Array, Uint8Array] => {
  const headers = (kind: string) => [["streamtype", kind], ["port", port], ["requestid", requestId]] as const;
  return [
    concat([client.open(at, headers("error")), dataFrame(at, new Uint8Array(0), true)]),
    client.open(at + 2, headers("data")),
  ];
};

test("71: error before data, and data before error, make a connection", () => {
  const forward = overSpdy();
  const client = spdyClient();
  const [error, data] = pair(client, 1, "8080", "0");
  assert.equal(forward.received(error), ["> reply 1", "waiting 0"]);
  assert.equal(forward.received(data), ["> reply 3", "connect 0 8080"]);
  const first = client.open(5, [["streamtype", "data"], ["port", "81"], ["requestid", "1"]]);
  const second = client.open(7, [["streamtype", "error"], ["port", "81"], ["requestid", "1"]]);
  assert.equal(forward.received(first), ["> reply 5", "waiting 1"]);
  assert.equal(forward.received(second), ["> reply 7", "connect 1 81"]);
});

test("71: streams without a request id are paired by their numbers", () => {
  const forward = overSpdy();
  const client = spdyClient();
  forward.received(client.open(1, [["streamtype", "error"], ["port", "80"]]));
  assert.equal(forward.received(client.open(3, [["streamtype", "data"], ["port", "80"]])), [
    "> reply 3",
    "connect 1 80",
  ]);
});

test("72: many connections at a time, each with its own bytes", () => {
  const forward = overSpdy();
  const client = spdyClient();
  for (let at = 0; at < 50; at++) {
    assert.equal(
      forward.received(concat(pair(client, 4 * at + 1, "80", `${at}`))).at(-1),
      `connect ${at} 80`,
    );
  }
  for (let at = 0; at < 50; at++) {
    assert.equal(forward.received(dataFrame(4 * at + 3, bytesOf(`to ${at}`))), [`data ${at} to ${at}`]);
    assert.equal(forward.output(`${at}`, `from ${at}`), [`> data ${4 * at + 3} from ${at}`]);
  }
});

const connected = () => {
  const forward = overSpdy();
  const client = spdyClient();
  forward.received(concat(pair(client, 1, "80", "0")));
  return { ...forward, client };
};

test("73: either side ends its half; at the end both streams are closed", () => {
  const forward = connected();
  assert.equal(forward.received(dataFrame(3, bytesOf("last"), true)), ["data 0 last", "ended 0"]);
  assert.equal(forward.output("0", "answer"), ["> data 3 answer"]);
  assert.equal(forward.outputEnded("0"), ["> fin 3"]);
  assert.equal(forward.closed("0"), ["> fin 1"]);
  const other = connected();
  assert.equal(other.outputEnded("0"), ["> fin 3"]);
  assert.equal(other.received(dataFrame(3, bytesOf("more"))), ["data 0 more"]);
  assert.equal(other.closed("0"), ["> fin 1"]);
  assert.equal(other.received(dataFrame(3, bytesOf("late"))), []);
  assert.equal(other.output("0", "late"), []);
});

test("73: a request id may come again once its connection is over", () => {
  const forward = connected();
  forward.closed("0");
  assert.equal(forward.received(concat(pair(forward.client, 5, "80", "0"))).at(-1), "connect 0 80");
});

const badStreams: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ["port 0", [["streamtype", "data"], ["port", "0"]]],
  ["port 65536", [["streamtype", "data"], ["port", "65536"]]],
  ["port abc", [["streamtype", "data"], ["port", "abc"]]],
  ["port -1", [["streamtype", "error"], ["port", "-1"]]],
  ["no port", [["streamtype", "data"]]],
  ["no streamtype", [["port", "80"]]],
  ["streamtype foo", [["streamtype", "foo"], ["port", "80"]]],
];

for (const [name, headers] of badStreams) {
  test(`74: ${name} is reset`, () => {
    const forward = overSpdy();
    assert.equal(forward.received(spdyClient().open(1, headers)), ["> rst 1 5"]);
  });
}

test("74: a second stream of a kind, or of another port, is reset", () => {
  const forward = overSpdy();
  const client = spdyClient();
  forward.received(client.open(1, [["streamtype", "error"], ["port", "80"], ["requestid", "0"]]));
  const again = client.open(3, [["streamtype", "error"], ["port", "80"], ["requestid", "0"]]);
  assert.equal(forward.received(again), ["> rst 3 5"]);
  const other = client.open(5, [["streamtype", "data"], ["port", "81"], ["requestid", "0"]]);
  assert.equal(forward.received(other), ["> rst 5 5"]);
});

test("75: why a connection failed is told on its error stream", () => {
  assert.equal(connected().closed("0", "refused"), ["> data 1 refused", "> fin 3", "> fin 1"]);
});

test("76: the client's reset of the data stream drops the connection", () => {
  const forward = connected();
  assert.equal(forward.received(rstFrame(3)), ["dropped 0"]);
  assert.equal(forward.closed("0"), ["> fin 1"]);
});

test("half a connection that is reset is forgotten", () => {
  const forward = overSpdy();
  const client = spdyClient();
  const [error] = pair(client, 1, "80", "0");
  forward.received(error);
  assert.equal(forward.received(rstFrame(1)), []);
  assert.equal(forward.late("0"), []);
  assert.equal(forward.received(concat(pair(client, 5, "81", "0"))).at(-1), "connect 0 81");
});

test("half a connection is given up in time, a whole one is not", () => {
  const forward = overSpdy();
  const [error] = pair(spdyClient(), 1, "80", "0");
  forward.received(error);
  const [told = "", ...rest] = forward.late("0");
  assert.match(told, "> data 1 the data stream of port 80 was not opened in time");
  assert.equal(rest, ["> fin 1"]);
  assert.equal(connected().late("0"), []);
  assert.equal(forward.late("0"), []);
});

test("the client's end is told", () => assert.equal(connected().received(goAwayFrame()), ["left"]));

const overSocket = (ports: readonly number[], protocol: WebSocketForwardProtocol = "v4.channel.k8s.io") =>
  running(webSocketForward(ports, protocol), (events) => events.map(inWords));

test("83: each channel begins with its port, the lower byte first", () => {
  assert.equal(overSocket([8080, 1]).start, [
    "[0,144,31]",
    "[1,144,31]",
    "[2,1,0]",
    "[3,1,0]",
    "connect 0 8080",
    "connect 1 1",
  ]);
});

test("83: data goes both ways, failures to the odd channel, and the last end closes", () => {
  const forward = overSocket([80, 81]);
  assert.equal(forward.received(concat([new Uint8Array([2]), bytesOf("x")])), ["data 1 x"]);
  for (const message of [[], [0], [1, 1], [4, 1], [255, 0]]) {
    assert.equal(forward.received(new Uint8Array(message)), []);
  }
  assert.equal(forward.output("0", "x"), ["[0,120]"]);
  assert.equal(forward.outputEnded("0"), []);
  assert.equal(forward.closed("0", "no"), ["[1,110,111]"]);
  assert.equal(forward.output("0", "late"), []);
  assert.equal(forward.closed("0"), []);
  assert.equal(forward.closed("1"), ["close 1000"]);
});

test("83: the same in base64", () => {
  const forward = overSocket([80], "v4.base64.channel.k8s.io");
  assert.equal(forward.start, ["0UAA=", "1UAA=", "connect 0 80"]);
  assert.equal(forward.received(bytesOf("0aGk=")), ["data 0 hi"]);
  assert.equal(forward.received(bytesOf("0a")), ["left", "close 1002"]);
});

const ports: readonly (readonly [string, readonly number[] | RegExp])[] = [
  ["port=80", [80]],
  ["port=80&port=81", [80, 81]],
  ["port=80,81&port=82", [80, 81, 82]],
  ["", /"port" is required/],
  ["ports=80", /"port" is required/],
  ["port=0", /"0" must be a number/],
  ["port=65536", /"65536" must be/],
  ["port=80,", /"" must be/],
  ["port=http", /"http" must be/],
  [`port=${Array(128).fill("80")}`, /at most 127 ports/],
];

for (const [query, expected] of ports) {
  test(`83: the ports of "${query.slice(0, 30)}"`, () => {
    const read = readForwardPorts(new URLSearchParams(query), "binary");
    if (expected instanceof RegExp) {
      assert.ok(E.isLeft(read) && read.left.status === 400 && expected.test(read.left.message));
    } else {
      assert.equal(read, E.right(expected));
    }
  });
}

test.run();
