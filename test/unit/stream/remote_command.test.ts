import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { inflate } from "../../../adapters/kubelet/stream/inflate.ts";
import { listedProtocols, negotiate } from "../../../core/stream/negotiate.ts";
import type { CommandEvent, CommandMachine } from "../../../core/stream/remote_command/machine.ts";
import { type CommandOutcome, outcomeBytes } from "../../../core/stream/remote_command/outcome.ts";
import { type CommandRequest, readCommandRequest } from "../../../core/stream/remote_command/request.ts";
import { readSizes } from "../../../core/stream/remote_command/sizes.ts";
import {
  spdyCommand,
  type SpdyCommandProtocol,
  spdyCommandProtocols,
} from "../../../core/stream/remote_command/spdy.ts";
import {
  webSocketCommand,
  type WebSocketCommandProtocol,
  webSocketCommandProtocols,
} from "../../../core/stream/remote_command/websocket.ts";
import {
  bytesOf,
  concat,
  dataFrame,
  goAwayFrame,
  rstFrame,
  spdyClient,
  textOf,
  toldInWords,
} from "../../tools/spdy_client.ts";

const test = suite("remote commands (numbers: kubelet-api.md, section 7)");

const request = (query: string) => readCommandRequest(new URLSearchParams(query));
const requested = (query: string): CommandRequest => {
  const read = request(query);
  if (E.isLeft(read)) throw new Error(read.left.message);
  return read.right;
};

test("35: the client's first known protocol counts, whether repeated or in a list", () => {
  const listed = listedProtocols("v9, v4.channel.k8s.io,v5.channel.k8s.io , ");
  assert.equal(listed, ["v9", "v4.channel.k8s.io", "v5.channel.k8s.io"]);
  assert.is(negotiate(listed, spdyCommandProtocols), "v4.channel.k8s.io");
  assert.is(negotiate(["v9"], spdyCommandProtocols), undefined);
  assert.equal(listedProtocols(null), []);
});

test("56: only 1 is true, and of repeated values the first counts", () => {
  const all = { command: ["x"], stdin: true, stdout: true, stderr: true, tty: false };
  assert.equal(requested("command=x&input=1&output=1&error=1"), all);
  assert.equal(requested("input=true&output=0&error=1&error=0&tty=yes"), {
    command: [],
    stdin: false,
    stdout: false,
    stderr: true,
    tty: false,
  });
});

test("57: a terminal has no stderr; no stream at all is refused", () => {
  assert.equal(requested("output=1&error=1&tty=1").stderr, false);
  for (const query of ["", "tty=1", "error=1&tty=1", "command=x"]) {
    assert.equal(
      request(query),
      E.left({ status: 400, message: "you must specify at least 1 of stdin, stdout, stderr" }),
    );
  }
});

test("58: the words of a command keep their order, empty and blank ones too", () => {
  assert.equal(requested("output=1&command=sh&command=&command=a+b&command=sh").command, [
    "sh",
    "",
    "a b",
    "sh",
  ]);
});

const outcomes: readonly (readonly [CommandOutcome, object, string])[] = [
  [{ _tag: "Exited", code: 0 }, { metadata: {}, status: "Success" }, ""],
  [{ _tag: "Exited", code: 3 }, {
    metadata: {},
    status: "Failure",
    message: "command terminated with non-zero exit code: exit status 3",
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: "3" }] },
  }, "command terminated with non-zero exit code: exit status 3"],
  [{ _tag: "Failed", message: "no such file" }, {
    metadata: {},
    status: "Failure",
    message: "Internal error occurred: no such file",
    reason: "InternalError",
    details: { causes: [{ message: "no such file" }] },
    code: 500,
  }, "no such file"],
];

for (const [outcome, status, text] of outcomes) {
  test(`62, 63: ${JSON.stringify(outcome)} as a Status, and as text`, () => {
    assert.equal(JSON.parse(textOf(outcomeBytes(outcome, true))), status);
    assert.is(textOf(outcomeBytes(outcome, false)), text);
  });
}

test("61: an exit code is told in eight bits, and never becomes a success", () => {
  for (const [code, shown] of [[255, "255"], [137, "137"], [256, "255"], [-1, "255"], [257, "1"]] as const) {
    const status = JSON.parse(textOf(outcomeBytes({ _tag: "Exited", code }, true)));
    assert.is(status.details.causes[0].message, shown);
  }
});

test("67: sizes merged, split and mixed with what is none", () => {
  const text =
    '{"Width":80,"Height":24}\n{"Width":1,"Height":65535}{"Width":0,"Height":0}{"Width":70000,"Height":1}' +
    '{"Width":"a"}{broken{"Height":3,"Width":2}';
  const sizes = [{ width: 80, height: 24 }, { width: 1, height: 65535 }, { width: 2, height: 3 }];
  const bytes = bytesOf(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const first = readSizes(new Uint8Array(0), bytes.subarray(0, cut));
    const second = readSizes(first.rest, bytes.subarray(cut));
    assert.equal([...first.sizes, ...second.sizes], sizes, `cut at ${cut}`);
  }
});

test("67: what never becomes a size is not kept", () => {
  let rest: Uint8Array = new Uint8Array(0);
  for (let at = 0; at < 100; at++) ({ rest } = readSizes(rest, bytesOf(`{${"x".repeat(99)}`)));
  assert.ok(rest.length < 256);
  ({ rest } = readSizes(rest, bytesOf("x".repeat(300))));
  assert.is(rest.length, 0);
});

const inWords = (event: CommandEvent): string => {
  switch (event._tag) {
    case "Stdin":
      return `stdin ${textOf(event.bytes)}`;
    case "Resized":
      return `size ${event.size.width}x${event.size.height}`;
    case "Close":
      return `close ${event.code}`;
    case "Left":
      return "left";
    case "Write":
      return typeof event.data === "string" ? event.data : `[${event.data}]`;
    case "Ready":
    case "StdinEnded":
      return event._tag;
  }
};

const toldSpdy = (events: readonly CommandEvent[]): readonly string[] => toldInWords(events, inWords);

/** A machine with its state. */
const running = <S>(
  machine: CommandMachine<S>,
  told: (events: readonly CommandEvent[]) => readonly string[],
) => {
  let [state] = machine.start;
  const step = ([next, events]: readonly [S, readonly CommandEvent[]]): readonly string[] => {
    state = next;
    return told(events);
  };
  return {
    start: told(machine.start[1]),
    received: (data: Uint8Array) => step(machine.received(state, data)),
    output: (channel: "stdout" | "stderr", text: string) =>
      step(machine.output(state, channel, bytesOf(text))),
    finish: (outcome: CommandOutcome) => step(machine.finish(state, outcome)),
    late: () => step(machine.late(state)),
  };
};

const spdyRunning = (query: string, protocol: SpdyCommandProtocol = "v5.channel.k8s.io") =>
  running(spdyCommand(inflate, requested(query), protocol), toldSpdy);

const success: CommandOutcome = { _tag: "Exited", code: 0 };

test("59: over SPDY each stream is answered at once, and the command begins with the last", () => {
  const client = spdyClient();
  const command = spdyRunning("input=1&output=1&error=1");
  assert.equal(command.received(client.open(1, [["streamtype", "error"]])), ["> reply 1"]);
  assert.equal(command.received(client.open(3, [["streamtype", "stdin"]])), ["> reply 3"]);
  assert.equal(command.received(client.open(5, [["streamtype", "stdout"]])), ["> reply 5"]);
  const last = concat([client.open(7, [["streamtype", "stderr"]]), dataFrame(3, bytesOf("x"))]);
  assert.equal(command.received(last), ["> reply 7", "Ready", "stdin x"]);
});

const opened = (command: ReturnType<typeof spdyRunning>, names: readonly string[]): readonly string[] => {
  const client = spdyClient();
  return names.flatMap((name, at) => command.received(client.open(2 * at + 1, [["streamtype", name]])));
};

test("over SPDY the streams may come in any order; unknown, unwanted and repeated ones are reset", () => {
  const command = spdyRunning("output=1");
  assert.equal(opened(command, ["stdout", "stdin", "what", "stdout", "resize", "error"]), [
    "> reply 1",
    "> rst 3 5",
    "> rst 5 5",
    "> rst 7 5",
    "> rst 9 5",
    "> reply 11",
    "Ready",
  ]);
});

test("64: the end of the stdin stream is stdin's end; so is its reset", () => {
  for (const frame of [dataFrame(3, bytesOf("x"), true), concat([dataFrame(3, bytesOf("x")), rstFrame(3)])]) {
    const command = spdyRunning("input=1&output=1");
    opened(command, ["error", "stdin", "stdout"]);
    assert.equal(command.received(frame), ["stdin x", "StdinEnded"]);
    assert.equal(command.output("stdout", "still"), ["> data 5 still"]);
  }
});

test("62, 66: at the end stdout and stderr are closed, then the outcome is told, then stdin is closed", () => {
  const command = spdyRunning("input=1&output=1&error=1");
  opened(command, ["error", "stdin", "stdout", "stderr"]);
  assert.equal(command.output("stderr", "oops"), ["> data 7 oops"]);
  assert.equal(command.finish(success), [
    "> fin 5",
    "> fin 7",
    '> data 1 {"metadata":{},"status":"Success"}',
    "> fin 1",
    "> fin 3",
    "close 1000",
  ]);
  assert.equal(command.output("stdout", "late"), []);
  assert.equal(command.finish(success), []);
  assert.equal(command.received(dataFrame(3, bytesOf("late"))), []);
  assert.equal(command.received(goAwayFrame()), ["left"]);
});

test("60: streams that do not come in time end the session, but not one that runs", () => {
  const command = spdyRunning("output=1");
  opened(command, ["error"]);
  assert.equal(command.late(), ["left", "close 1002"]);
  const other = spdyRunning("output=1");
  opened(other, ["error", "stdout"]);
  assert.equal(other.late(), []);
});

const resizeRows: readonly (readonly [SpdyCommandProtocol, boolean])[] = [
  ["v5.channel.k8s.io", true],
  ["v4.channel.k8s.io", true],
  ["v3.channel.k8s.io", true],
  ["v2.channel.k8s.io", false],
  ["channel.k8s.io", false],
];

for (const [protocol, hasResize] of resizeRows) {
  test(`${protocol} over SPDY has ${hasResize ? "a" : "no"} resize stream`, () => {
    const command = spdyRunning("output=1&tty=1", protocol);
    assert.is(opened(command, ["error", "stdout"]).includes("Ready"), !hasResize);
    if (!hasResize) return;
    assert.equal(
      opened(spdyRunning("output=1&tty=1", protocol), ["error", "stdout", "resize"]).at(-1),
      "Ready",
    );
  });
  test(`${protocol} over SPDY tells an exit code ${protocol >= "v4" ? "in a Status" : "as text"}`, () => {
    const command = spdyRunning("output=1", protocol);
    opened(command, ["error", "stdout"]);
    const [, told = ""] = command.finish({ _tag: "Exited", code: 3 });
    assert.is(told.startsWith("> data 1 {"), protocol >= "v4");
    assert.match(told, "exit status 3");
  });
}

test("67: sizes come on the resize stream", () => {
  const command = spdyRunning("output=1&tty=1");
  opened(command, ["error", "stdout", "resize"]);
  assert.equal(command.received(dataFrame(5, bytesOf('{"Width":80,'))), []);
  assert.equal(command.received(dataFrame(5, bytesOf('"Height":24}\n'))), ["size 80x24"]);
});

const socketRunning = (query: string, protocol: WebSocketCommandProtocol) =>
  running(webSocketCommand(requested(query), protocol), (events) => events.map(inWords));

test("79: the first message is an empty one on the lowest writable channel", () => {
  assert.equal(socketRunning("output=1&error=1", "v5.channel.k8s.io").start, ["[1]", "Ready"]);
  assert.equal(socketRunning("error=1", "v4.channel.k8s.io").start, ["[2]", "Ready"]);
  assert.equal(socketRunning("input=1", "channel.k8s.io").start, ["[3]", "Ready"]);
  assert.equal(socketRunning("output=1", "v4.base64.channel.k8s.io").start, ["1", "Ready"]);
});

test("80: v5 closes stdin with [255, 0]; another length or channel is a protocol error", () => {
  const command = socketRunning("input=1&output=1", "v5.channel.k8s.io");
  assert.equal(command.received(new Uint8Array([0, 120])), ["stdin x"]);
  assert.equal(command.received(new Uint8Array([255, 1])), []);
  assert.equal(command.received(new Uint8Array([255, 0])), ["StdinEnded"]);
  assert.equal(command.received(new Uint8Array([255, 0])), []);
  assert.equal(command.received(new Uint8Array([0, 120])), []);
  for (const bad of [[255], [255, 0, 0], [255, 5]]) {
    const other = socketRunning("input=1&output=1", "v5.channel.k8s.io");
    assert.equal(other.received(new Uint8Array(bad)), ["left", "close 1002"]);
    assert.equal(other.output("stdout", "late"), []);
  }
  assert.equal(socketRunning("input=1", "v4.channel.k8s.io").received(new Uint8Array([255, 0])), []);
});

test("81: at the end the Status comes on channel 3, then the close", () => {
  const command = socketRunning("output=1", "v5.channel.k8s.io");
  assert.equal(command.output("stdout", "x"), ["[1,120]"]);
  assert.equal(command.output("stderr", "x"), []);
  const [status = "", close] = command.finish(success);
  assert.equal([status.startsWith("[3,123,"), close], [true, "close 1000"]);
  assert.equal(command.finish(success), []);
  assert.equal(command.output("stdout", "late"), []);
});

test("before v4 only a failure is told, as text", () => {
  assert.equal(socketRunning("output=1", "channel.k8s.io").finish(success), ["close 1000"]);
  const failed = socketRunning("output=1", "base64.channel.k8s.io").finish({ _tag: "Failed", message: "no" });
  assert.equal(failed, ["3bm8=", "close 1000"]);
});

test("78: base64 goes both ways, and what is none is a protocol error", () => {
  const command = socketRunning("input=1&output=1&tty=1", "v4.base64.channel.k8s.io");
  assert.equal(command.received(bytesOf("0aGVsbG8=")), ["stdin hello"]);
  assert.equal(command.output("stdout", "hello"), ["1aGVsbG8="]);
  assert.equal(command.received(bytesOf(`4${btoa('{"Width":80,"Height":24}')}`)), ["size 80x24"]);
  assert.equal(command.received(bytesOf("0a*==")), ["left", "close 1002"]);
});

test("channels that were not asked for, that do not exist, and empty messages are ignored", () => {
  for (const protocol of webSocketCommandProtocols.filter((each) => !each.includes("base64"))) {
    const command = socketRunning("output=1", protocol);
    for (const message of [[], [0], [0, 1], [4, 123, 125], [1, 1], [9, 9]]) {
      assert.equal(command.received(new Uint8Array(message)), []);
    }
  }
});

test.run();
