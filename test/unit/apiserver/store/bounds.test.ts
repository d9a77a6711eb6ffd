import { suite } from "uvu";
import * as assert from "uvu/assert";
import { planFault } from "../../../../adapters/apiserver/faults.ts";
import { countOf } from "../../../../adapters/apiserver/objects.ts";
import { objectsOf } from "../../../../adapters/apiserver/state.ts";
import type { Watch, WatchEvent } from "../../../../adapters/apiserver/watch/watch.ts";
import { type Held, held } from "../../../tools/api_state.ts";

const test = suite("what the API server keeps, and for how long");

const configMaps = "/api/v1/namespaces/default/configmaps";
const events = "/api/v1/namespaces/default/events";

const write = (server: Held, name: string): any => {
  const { code, body } = server.ask("POST", configMaps, { body: { metadata: { name } } });
  assert.is(code, 201);
  return body;
};

const watchFrom = (
  server: Held,
  resourceVersion: string,
): { readonly watch: Watch; readonly events: readonly any[] } => {
  const { response } = server.ask("GET", configMaps, { query: { watch: "1", resourceVersion } });
  if (response._tag !== "Watch") throw new Error(JSON.stringify(response));
  return { watch: response.watch, events: response.events as readonly WatchEvent[] };
};

test("a watch from a forgotten version is told so, and ends", () => {
  const server = held({ historyLimit: 5 });
  const first = write(server, "first").metadata.resourceVersion;
  for (let i = 0; i < 10; i++) write(server, `c${i}`);
  const { watch, events: [event] } = watchFrom(server, first);
  assert.is(event.type, "ERROR");
  assert.equal([event.object.code, event.object.reason], [410, "Expired"]);
  assert.match(event.object.message, /^too old resource version: \d+ \(\d+\)$/);
  assert.ok(watch.endsAt <= server.now.mono);
  const recent = `${server.state.revision - 4}`;
  assert.is(watchFrom(server, recent).events.length, 4);
});

test("the history is bounded by count and by age, whatever is written", () => {
  const server = held({ historyLimit: 20, historyMs: 1000 });
  for (let i = 0; i < 200; i++) {
    write(server, `c${i}`);
    assert.ok(server.state.history.tree.size <= 20);
  }
  server.wait(1001);
  for (let i = 0; i < 7; i++) write(server, `d${i}`);
  assert.ok(server.state.history.tree.size <= 7);
});

test("the pages of a list expire, and say how to go on", () => {
  const server = held({ historyLimit: 5 });
  for (let i = 0; i < 8; i++) write(server, `c${i}`);
  const first = server.ask("GET", configMaps, { query: { limit: "3" } }).body;
  for (let i = 0; i < 9; i++) write(server, `d${i}`);
  const query = { limit: "3", continue: first.metadata.continue };
  const { code, body } = server.ask("GET", configMaps, { query });
  assert.equal([code, body.reason], [410, "Expired"]);
  assert.match(
    body.message,
    /^The provided continue parameter is too old to display a consistent list result\./,
  );
  const next = server.ask("GET", configMaps, { query: { ...query, continue: body.metadata.continue } }).body;
  assert.equal(next.items.map((item: any) => item.metadata.name), ["c3", "c4", "c5"]);
  assert.is(next.metadata.resourceVersion, `${server.state.revision}`);
  const exact = { resourceVersion: first.metadata.resourceVersion, resourceVersionMatch: "Exact" };
  const old = server.ask("GET", configMaps, { query: exact });
  assert.equal([old.code, old.body.message], [410, "The resourceVersion for the provided list is too old."]);
});

test("events live for a while after their last write", () => {
  const server = held({ eventMs: 1000 });
  const make = (name: string) =>
    server.ask("POST", events, {
      body: { metadata: { name }, involvedObject: { namespace: "default", name: "x", kind: "Pod" } },
    });
  make("a");
  make("b");
  server.wait(600);
  const patch = { body: { count: 2 }, contentType: "application/merge-patch+json" };
  assert.is(server.ask("PATCH", `${events}/b`, patch).code, 200);
  server.wait(500);
  const listed = server.ask("GET", events);
  assert.equal(listed.body.items.map((item: any) => item.metadata.name), ["b"]);
  assert.equal(listed.changes.map(({ type, object }) => [type, object.metadata.name]), [["DELETED", "a"]]);
  assert.is(server.ask("DELETE", `${events}/b`).code, 200);
  server.wait(10_000);
  assert.equal(server.ask("GET", events).changes, []);
  assert.is(server.state.expiring.tree.size, 0);
});

test("many events expire a part at a time", () => {
  const server = held({ eventMs: 1000 });
  for (let i = 0; i < 500; i++) {
    const body = { metadata: { name: `e${i}` }, involvedObject: { namespace: "default" } };
    server.ask("POST", events, { body });
  }
  assert.is(countOf(objectsOf(server.state, "events")), 500);
  server.wait(2000);
  const counts = [1, 2, 3, 4].map(() => server.ask("GET", "/version").changes.length);
  assert.equal(counts, [200, 200, 100, 0]);
  assert.is(countOf(objectsOf(server.state, "events")), 0);
});

test("requests fail on demand, as often as it is wanted", () => {
  const server = held();
  server.state = planFault(server.state, { times: 2, code: 429, retryAfterSeconds: 7, method: "POST" });
  server.state = planFault(server.state, { times: 1, code: 500, path: "/api/v1/namespaces/default/secrets" });
  const post = () => server.ask("POST", configMaps, { body: { metadata: { name: "a" } } });
  for (let i = 0; i < 2; i++) {
    assert.is(server.ask("GET", configMaps).code, 200);
    const { code, body, response } = post();
    assert.equal([code, body.reason, body.details], [429, "TooManyRequests", { retryAfterSeconds: 7 }]);
    assert.equal(response._tag === "Answer" && response.headers, { "retry-after": "7" });
  }
  assert.is(post().code, 201);
  assert.is(server.ask("GET", "/api/v1/namespaces/default/secrets").code, 500);
  assert.is(server.ask("GET", "/api/v1/namespaces/default/secrets").code, 200);
  assert.equal(server.state.faults, []);
});

test("names are drawn anew when one is taken, and all are different", () => {
  const server = held();
  const made = Array.from(
    { length: 300 },
    () => server.ask("POST", configMaps, { body: { metadata: { generateName: "x-" } } }),
  );
  assert.ok(made.every(({ code }) => code === 201));
  const metas = made.map(({ body }) => body.metadata);
  assert.is(new Set(metas.map(({ name }) => name)).size, 300);
  assert.is(new Set(metas.map(({ uid }) => uid)).size, 300);
});

test("ten thousand pods are listed, selected and paged", () => {
  const server = held({ historyLimit: 100 });
  server.ask("POST", "/api/v1/namespaces/default/serviceaccounts", {
    body: { metadata: { name: "default" } },
  });
  for (let i = 0; i < 10_000; i++) {
    const metadata = { name: `p${i}`, labels: { tenth: `${i % 10}` } };
    const body = { metadata, spec: { containers: [{ name: "c", image: "i" }] } };
    server.ask("POST", "/api/v1/namespaces/default/pods", { body });
  }
  assert.is(server.ask("GET", "/api/v1/pods").body.items.length, 10_000);
  const query = { labelSelector: "tenth=3", fieldSelector: "spec.nodeName=" };
  assert.is(server.ask("GET", "/api/v1/pods", { query }).body.items.length, 1000);
  const names = new Set<string>();
  let token = "";
  do {
    const page = server.ask("GET", "/api/v1/pods", { query: { limit: "500", continue: token } }).body;
    for (const { metadata } of page.items) names.add(metadata.name);
    token = page.metadata.continue ?? "";
  } while (token !== "");
  assert.is(names.size, 10_000);
});

test.run();
