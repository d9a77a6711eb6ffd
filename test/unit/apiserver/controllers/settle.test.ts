import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bootstrap } from "../../../../adapters/apiserver/bootstrap.ts";
import { startControl } from "../../../../adapters/apiserver/controllers/control.ts";
import { type Handle, settle, type Settled } from "../../../../adapters/apiserver/controllers/settle.ts";
import { handle } from "../../../../adapters/apiserver/handle.ts";
import { Controlled } from "../../../tools/controlled.ts";

const test = suite("controllers: the loop");

const at = (mono: number) => ({ mono, wall: Date.UTC(2026, 0, 1) + mono });

const withNamespaces = (count: number) => {
  let state = bootstrap({}, at(0));
  for (let index = 0; index < count; index++) {
    state = handle(state, {
      method: "POST",
      path: "/api/v1/namespaces",
      query: {},
      headers: {},
      user: { name: "admin", groups: ["system:masters", "system:authenticated"] },
      body: JSON.stringify({ metadata: { name: `n${index}` } }),
    }, at(0)).state;
  }
  return state;
};

test("so much at once, the rest at once afterwards", () => {
  let settled: Settled = settle(handle, { state: withNamespaces(300), control: startControl() }, [], at(0));
  assert.ok(settled.changes.length <= 200, `${settled.changes.length}`);
  assert.is(settled.wakeAt, 0);
  let turns = 1;
  for (; settled.wakeAt !== undefined && settled.wakeAt <= 0 && turns < 10; turns++) {
    settled = settle(handle, settled, [], at(0));
  }
  assert.is(turns, 4);
  const count = (resource: string) => settled.state.objects[resource]?.tree.size;
  assert.equal([count("serviceaccounts"), count("configmaps")], [304, 304]);
});

test("a settled server stays as it is, and nothing is asked of it", () => {
  const { state, control } = new Controlled();
  const never: Handle = (_state, { method, path }) => {
    throw new Error(`asked for ${method} ${path}`);
  };
  const settled = settle(never, { state, control }, [], at(0));
  assert.is(settled.state, state);
  assert.equal([settled.changes, settled.refused, settled.wakeAt], [[], [], undefined]);
});

/** A server that refuses service accounts while `isDown`. */
const refusing = (isDown: () => boolean): { readonly handle: Handle; readonly asked: string[] } => {
  const asked: string[] = [];
  const refuse: Handle = (state, request, now) => {
    if (!request.path.endsWith("/serviceaccounts")) return handle(state, request, now);
    asked.push(request.path);
    return isDown()
      ? { state, response: { _tag: "Answer", status: 500, body: {} }, changes: [] }
      : handle(state, request, now);
  };
  return { handle: refuse, asked };
};

test("what is refused is asked for again after a pause that grows, and the rest is done meanwhile", () => {
  let isDown = true;
  const server = refusing(() => isDown);
  let settled = settle(server.handle, { state: withNamespaces(0), control: startControl() }, [], at(0));
  const waits: number[] = [];
  for (let mono = 0, turn = 0; turn < 8; turn++) {
    assert.ok(settled.refused.length > 0);
    assert.is(settled.refused[0]?.controller, "namespace-basics");
    waits.push((settled.wakeAt ?? NaN) - mono);
    mono = settled.wakeAt ?? NaN;
    if (turn === 7) isDown = false;
    settled = settle(server.handle, settled, [], at(mono));
  }
  assert.equal(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  assert.equal(settled.refused, []);
  assert.is(settled.wakeAt, undefined);
  assert.is(settled.state.objects["serviceaccounts"]?.tree.size, 4);
  assert.is(settled.state.objects["configmaps"]?.tree.size, 4);
});

test("a change while a controller pauses does not end its pause", () => {
  const server = refusing(() => true);
  const first = settle(server.handle, { state: withNamespaces(1), control: startControl() }, [], at(0));
  const asked = server.asked.length;
  const { state, changes } = handle(first.state, {
    method: "POST",
    path: "/api/v1/namespaces",
    query: {},
    headers: {},
    user: { name: "admin", groups: ["system:masters", "system:authenticated"] },
    body: JSON.stringify({ metadata: { name: "late" } }),
  }, at(500));
  const second = settle(server.handle, { state, control: first.control }, changes, at(500));
  assert.is(server.asked.length, asked);
  assert.is(second.wakeAt, 1_000);
  settle(server.handle, second, [], at(1_000));
  assert.ok(server.asked.includes("/api/v1/namespaces/late/serviceaccounts"));
});

test("a clash with another writer is no failure", () => {
  const clashing: Handle = (state, request, now) =>
    request.path.endsWith("/configmaps")
      ? { state, response: { _tag: "Answer", status: 409, body: {} }, changes: [] }
      : handle(state, request, now);
  const settled = settle(clashing, { state: withNamespaces(0), control: startControl() }, [], at(0));
  assert.equal(settled.refused, []);
  assert.is(settled.wakeAt, undefined);
});

test.run();
