import { suite } from "uvu";
import * as assert from "uvu/assert";
import { cachedToken, type Token } from "../../../adapters/kubernetes/token.ts";

const test = suite("cachedToken");

/** A source whose origin and clock the test holds. */
const held = (first: Token) => {
  const state = { token: first, now: 1_000_000, reads: 0, broken: false };
  const source = cachedToken({
    read: () => {
      state.reads++;
      return state.broken ? Promise.reject(new Error("unreadable")) : Promise.resolve(state.token);
    },
    now: () => state.now,
  });
  return { state, source };
};

test("read once, and again after a minute", async () => {
  const { state, source } = held({ token: "a" });
  assert.is(await source(), "a");
  state.token = { token: "b" };
  state.now += 59_000;
  assert.is(await source(), "a");
  state.now += 2000;
  assert.is(await source(), "b");
  assert.is(state.reads, 2);
});

test("read again before it ends", async () => {
  const { state, source } = held({ token: "a", expiresAt: 1_030_000 });
  await source();
  state.token = { token: "b" };
  state.now += 15_000;
  assert.is(await source(), "a");
  state.now += 6000;
  assert.is(await source(), "b");
});

test("read again at once when it was refused, but not more than once a second", async () => {
  const { state, source } = held({ token: "a" });
  await source();
  state.now += 5000;
  state.token = { token: "b" };
  assert.is(await source("a"), "b");
  assert.is(await source("a"), "b");
  assert.is(state.reads, 2);
  for (let call = 0; call < 10; call++) assert.is(await source("b"), "b");
  assert.is(state.reads, 2);
  state.now += 1001;
  await source("b");
  assert.is(state.reads, 3);
});

test("callers at the same time share one reading", async () => {
  const { state, source } = held({ token: "a" });
  assert.equal(await Promise.all([source(), source(), source()]), ["a", "a", "a"]);
  assert.is(state.reads, 1);
});

test("a failing reading: the token held is used on, unless it was refused", async () => {
  const { state, source } = held({ token: "a" });
  await source();
  state.broken = true;
  state.now += 61_000;
  for (let call = 0; call < 10; call++) assert.is(await source(), "a");
  assert.is(state.reads, 2);
  state.now += 2000;
  let refused: unknown;
  await source("a").catch((error) => refused = error);
  assert.match(String(refused), "unreadable");
  state.broken = false;
  assert.is(await source("a"), "a");
});

test("a clock that goes back only means another reading", async () => {
  const { state, source } = held({ token: "a" });
  await source();
  state.now -= 3_600_000;
  assert.is(await source(), "a");
  assert.is(state.reads, 2);
});

test.run();
