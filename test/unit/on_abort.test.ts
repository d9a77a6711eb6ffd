import { suite } from "uvu";
import * as assert from "uvu/assert";
import { onAbort } from "../../adapters/on_abort.ts";

const test = suite("onAbort");

test("everybody who still waits is called once", () => {
  const controller = new AbortController();
  const called: string[] = [];
  const say = (what: string) => () => void called.push(what);
  const same = say("twice");
  onAbort(controller.signal, say("a"));
  const leave = onAbort(controller.signal, say("left"));
  onAbort(controller.signal, same);
  onAbort(controller.signal, same);
  leave();
  controller.abort();
  controller.abort();
  assert.equal(called, ["a", "twice", "twice"]);
});

test("who leaves while others are called is not called; an aborted signal calls nobody", () => {
  const controller = new AbortController();
  const called: string[] = [];
  onAbort(controller.signal, () => {
    called.push("first");
    leave();
  });
  const leave = onAbort(controller.signal, () => void called.push("second"));
  controller.abort();
  onAbort(controller.signal, () => void called.push("late"));
  assert.equal(called, ["first"]);
});

test.run();
