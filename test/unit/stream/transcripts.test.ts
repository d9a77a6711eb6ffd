import { suite } from "uvu";
import * as assert from "uvu/assert";
import { inflate } from "../../../adapters/kubelet/stream/inflate.ts";
import type { ForwardEvent, ForwardMachine } from "../../../core/stream/port_forward/machine.ts";
import { spdyForward } from "../../../core/stream/port_forward/spdy.ts";
import type { CommandEvent, CommandMachine } from "../../../core/stream/remote_command/machine.ts";
import { spdyCommand } from "../../../core/stream/remote_command/spdy.ts";
import { textOf, toldInWords } from "../../tools/spdy_client.ts";
import { execSpdy, execTerminal, execTranslated, forwardSpdy, forwardTunnelled } from "./transcripts.ts";

const test = suite("what clients have really sent (43, 85, 86: kubelet-api.md, section 7)");

type AnyEvent = CommandEvent | ForwardEvent;

const inWords = (event: AnyEvent): string => {
  switch (event._tag) {
    case "Stdin":
      return `stdin ${textOf(event.bytes)}`;
    case "Resized":
      return `size ${event.size.width}x${event.size.height}`;
    case "Connect":
      return `connect ${event.id} ${event.port}`;
    case "Data":
      return `data ${event.id} ${textOf(event.bytes).split("\r\n", 1)[0]}`;
    case "Waiting":
    case "Ended":
    case "Dropped":
      return `${event._tag.toLowerCase()} ${event.id}`;
    case "Close":
      return `close ${event.code}`;
    default:
      return event._tag;
  }
};

/** What a machine makes of the bytes, cut in pieces of this length. */
const replayed = <S>(
  machine: CommandMachine<S> | ForwardMachine<S>,
  bytes: Uint8Array,
  length: number,
): readonly string[] => {
  const events: AnyEvent[] = [];
  let [state] = machine.start;
  for (let at = 0; at < bytes.length; at += length) {
    const [next, more] = machine.received(state, bytes.subarray(at, at + length));
    state = next;
    events.push(...more);
  }
  // pings come when they come
  return toldInWords<AnyEvent>(events, inWords).filter((word) => !word.startsWith("> ping"));
};

const request = { command: ["cat"], stdin: true, stdout: true, stderr: true, tty: false };
const command = spdyCommand(inflate, request, "v5.channel.k8s.io");
const terminal = spdyCommand(inflate, { ...request, stderr: false, tty: true }, "v5.channel.k8s.io");
const streams = ["> reply 1", "> reply 3", "> reply 5", "> reply 7"];

for (const [name, bytes] of [["translated", execTranslated], ["SPDY", execSpdy]] as const) {
  test(`echo hi | kubectl exec -i, ${name}`, () => {
    const told = replayed(command, bytes, bytes.length);
    assert.equal(told.slice(0, 7), [...streams, "Ready", "stdin hi\n", "StdinEnded"]);
  });
}

test("kubectl exec -it", () => {
  const told = replayed(terminal, execTerminal, execTerminal.length);
  assert.equal(told.slice(0, 5), [...streams, "Ready"]);
  const sizes = told.filter((word) => word.startsWith("size"));
  assert.equal(sizes, ["size 111x33", "size 99x44"]);
  assert.is(
    told.filter((word) => word.startsWith("stdin")).map((word) => word.slice(6)).join(""),
    "stty size\nstty size\necho $TERM; tty; exit 5\n",
  );
});

for (const [name, bytes] of [["tunnelled", forwardTunnelled], ["SPDY", forwardSpdy]] as const) {
  test(`two requests through kubectl port-forward, ${name}`, () => {
    const told = replayed(spdyForward(inflate), bytes, bytes.length);
    for (const id of ["0", "1"]) {
      assert.ok(told.includes(`connect ${id} 18080`), `${told}`);
      assert.ok(told.some((word) => word.startsWith(`data ${id} GET /`)), `${told}`);
    }
  });
}

test("47: cut in pieces of any length, the same happens", () => {
  for (
    const [machine, bytes] of [
      [command, execTranslated],
      [command, execSpdy],
      [terminal, execTerminal],
      [spdyForward(inflate), forwardTunnelled],
      [spdyForward(inflate), forwardSpdy],
    ] as const
  ) {
    const whole = replayed(machine as CommandMachine<unknown>, bytes, bytes.length);
    const signs = (told: readonly string[]): readonly string[] =>
      told.filter((word) => !/^(stdin|data) /.test(word));
    for (const length of [1, 2, 3, 7, 64]) {
      assert.equal(
        signs(replayed(machine as CommandMachine<unknown>, bytes, length)),
        signs(whole),
        `${length}`,
      );
    }
  }
});

test.run();
