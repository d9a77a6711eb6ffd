import { suite } from "uvu";
import * as assert from "uvu/assert";
import { lineWriter, type WriteSome } from "../../../adapters/cli/line_writer.ts";

const test = suite("writing log lines");

const boundMs = 20_000;

/** An output that takes what `take` says of each piece, once it is open. */
const output = (take: (bytes: Uint8Array) => number = (bytes) => bytes.length): {
  readonly write: WriteSome;
  readonly open: () => void;
  readonly text: () => string;
} => {
  const gate = Promise.withResolvers<void>();
  const decoder = new TextDecoder();
  let text = "";
  const write: WriteSome = async (bytes) => {
    await gate.promise;
    const taken = take(bytes);
    text += decoder.decode(bytes.subarray(0, taken), { stream: true });
    return taken;
  };
  return { write, open: gate.resolve, text: () => text };
};

test("lines come whole and in order, however little is taken at a time", async () => {
  const { write, open, text } = output((bytes) => Math.min(bytes.length, 3));
  const writer = lineWriter(write);
  const lines = Array.from({ length: 50 }, (_, n) => `line ${n} ü`);
  for (const [n, line] of lines.entries()) {
    writer.write(line);
    if (n === 20) open();
  }
  await writer.flush(boundMs);
  assert.is(text(), lines.map((line) => `${line}\n`).join(""));
});

test("no line stays behind, whenever it comes", async () => {
  for (let steps = 0; steps < 20; steps++) {
    const { write, open, text } = output();
    const writer = lineWriter(write);
    open();
    writer.write("first");
    for (let step = 0; step < steps; step++) await Promise.resolve();
    writer.write("second");
    await writer.flush(boundMs);
    assert.is(text(), "first\nsecond\n", `after ${steps} steps`);
  }
});

test("nobody reads: nothing waits, what is too much is dropped, and their number is told", async () => {
  const { write, open, text } = output();
  const writer = lineWriter(write);
  const line = "x".repeat(1_000);
  for (let n = 0; n < 5_000; n++) writer.write(line);
  await writer.flush(1);
  assert.is(text(), "");
  open();
  await writer.flush(boundMs);
  const lines = text().trimEnd().split("\n");
  const told = /^(\d+) log lines were dropped/.exec(lines.at(-1) ?? "")?.[1];
  assert.is(lines.length - 1 + Number(told), 5_000);
  assert.ok(text().length < 1_100_000);
});

test("an output that is full is tried again", async () => {
  let full = 3;
  const { write, open, text } = output((bytes) => {
    if (full-- > 0) throw Object.assign(new Error("full"), { code: "EAGAIN" });
    return bytes.length;
  });
  const writer = lineWriter(write);
  writer.write("a");
  open();
  await writer.flush(boundMs);
  assert.is(text(), "a\n");
});

test("an output that is gone ends nothing", async () => {
  let calls = 0;
  const writer = lineWriter(() => {
    calls += 1;
    return Promise.reject(Object.assign(new Error("gone"), { code: "EPIPE" }));
  });
  for (let n = 0; n < 3; n++) {
    writer.write("a");
    await writer.flush(boundMs);
  }
  assert.is(calls, 1);
});

test("nothing to flush takes no time", async () => {
  await lineWriter(() => new Promise(() => {})).flush(2 ** 30);
});

test.run();
