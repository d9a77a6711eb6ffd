import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ApiServer, makeApiServer } from "../../../../adapters/apiserver/server/api_server.ts";
import { ManualClock, settle } from "../../../tools/manual_clock.ts";

const test = suite("watches of the API server in this process");

const path = "/api/v1/namespaces/default/configmaps";
const url = `https://api.invalid${path}?watch=true&allowWatchBookmarks=true`;

const put = (server: ApiServer, name: string, value = ""): void => {
  server.apply(`${path}/${name}`, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    data: { value },
  });
};

interface Line {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name: string; readonly resourceVersion: string } };
}

const linesOf = (bytes: Uint8Array | undefined): readonly Line[] =>
  new TextDecoder().decode(bytes).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));

const quiet = (more: Parameters<typeof makeApiServer>[0] = {}): ApiServer =>
  makeApiServer({ controllers: false, ...more });

const readerOf = async (
  server: ApiServer,
  at: string,
  init?: RequestInit,
): Promise<ReadableStreamDefaultReader<Uint8Array>> => {
  const { status, body } = await server.fetch(at, init);
  assert.is(status, 200);
  if (body === null) throw new Error("a watch has a body");
  return body.getReader();
};

test("news comes when it is made, and what nobody has read yet comes together", async () => {
  const server = quiet();
  const reader = await readerOf(server, `${url}&resourceVersion=${server.state().revision}`);
  const first = reader.read();
  put(server, "a");
  assert.equal(linesOf((await first).value).map(({ type, object }) => [type, object.metadata.name]), [[
    "ADDED",
    "a",
  ]]);
  put(server, "b");
  put(server, "a", "2");
  server.ask("DELETE", `${path}/b`);
  const rest = linesOf((await reader.read()).value);
  assert.equal(rest.map(({ type, object }) => [type, object.metadata.name]), [
    ["ADDED", "b"],
    ["MODIFIED", "a"],
    ["DELETED", "b"],
  ]);
  server.close();
  assert.is((await reader.read()).done, true);
});

test("what is there already comes in parts that a reader asks for", async () => {
  const server = quiet();
  const large = "x".repeat(10_000);
  for (let index = 0; index < 40; index++) put(server, `large-${index}`, large);
  const reader = await readerOf(server, url);
  const chunks: number[] = [];
  let lines = 0;
  while (lines < 40) {
    const { value } = await reader.read();
    chunks.push(value?.byteLength ?? 0);
    lines += linesOf(value).length;
  }
  assert.ok(chunks.length > 3, `${chunks.length} chunks`);
  assert.ok(chunks.every((size) => size < 90_000), `${Math.max(...chunks)} bytes at once`);
  server.close();
});

test("a reader that lags behind what is remembered is cut off, and told so when it comes again", async () => {
  const server = quiet({ settings: { historyLimit: 20 } });
  const from = server.state().revision;
  const slow = await readerOf(server, `${url}&resourceVersion=${from}`);
  const fast = await readerOf(server, `${url}&resourceVersion=${from}`);
  let told = 0;
  for (let index = 0; index < 60; index++) {
    put(server, "a", `${index}`);
    told += linesOf((await fast.read()).value).length;
  }
  assert.is(told, 60, "who reads misses nothing");
  assert.is((await slow.read()).done, true);
  const again = await readerOf(server, `${url}&resourceVersion=${from}`);
  const [line] = linesOf((await again.read()).value) as unknown as readonly {
    type: string;
    object: { code: number };
  }[];
  assert.equal([line?.type, line?.object.code], ["ERROR", 410]);
  assert.is((await again.read()).done, true);
  server.close();
});

test("changes of other resources cost a quiet watch nothing and cut it never", async () => {
  const server = quiet({ settings: { historyLimit: 20 } });
  const reader = await readerOf(server, `${url}&resourceVersion=${server.state().revision}`);
  const first = reader.read();
  for (let index = 0; index < 100; index++) {
    server.ask("POST", "/api/v1/namespaces/default/secrets", { metadata: { name: `s-${index}` } });
  }
  put(server, "a");
  assert.equal(linesOf((await first).value).map(({ object }) => object.metadata.name), ["a"]);
  server.close();
});

test("bookmarks and the end come by the clock", async () => {
  const clock = new ManualClock();
  const server = quiet({ clock });
  const reader = await readerOf(
    server,
    `${url}&resourceVersion=${server.state().revision}&timeoutSeconds=100`,
  );
  const lines: Line[] = [];
  let done = false;
  const reading = (async () => {
    for (;;) {
      const part = await reader.read();
      done = part.done;
      if (done) return;
      lines.push(...linesOf(part.value));
    }
  })();
  await clock.advance(62_000);
  assert.equal(lines.map(({ type }) => type), ["BOOKMARK"]);
  assert.not(done);
  await clock.advance(40_000);
  await settle();
  await reading;
  assert.ok(lines.every(({ type }) => type === "BOOKMARK"));
  server.close();
  assert.is(clock.pending, 0, "a closed server holds no timer");
});

test("who leaves is forgotten: by its signal, or by letting go of the body", async () => {
  const server = quiet();
  const leaving = new AbortController();
  const aborted = await readerOf(server, url, { signal: leaving.signal });
  const reading = aborted.read().then(() => "read", (error: Error) => error.message);
  leaving.abort(new Error("left"));
  assert.is(await reading, "left");
  const cancelled = await readerOf(server, url);
  await cancelled.cancel();
  put(server, "a");
  server.close();
  const early = await server.fetch(url, { signal: AbortSignal.abort(new Error("early")) }).then(
    () => "answered",
    (error: Error) => error.message,
  );
  assert.is(early, "early");
});

test("faults that are planned meet the next requests, and no others", () => {
  const server = quiet();
  server.fail({ times: 2, code: 429, retryAfterSeconds: 3, path: "/api/v1/nodes" });
  assert.is(server.ask("GET", path).status, 200);
  assert.is(server.ask("GET", "/api/v1/nodes").status, 429);
  assert.is(server.ask("GET", "/api/v1/nodes").body.details.retryAfterSeconds, 3);
  assert.is(server.ask("GET", "/api/v1/nodes").status, 200);
  server.close();
});

test("a server without a way to its nodes says what to do", async () => {
  const server = quiet();
  server.ask("POST", "/api/v1/nodes", { metadata: { name: "far" } });
  server.ask("PATCH", "/api/v1/nodes/far/status", {
    status: { addresses: [{ type: "InternalIP", address: "10.0.0.7" }] },
  }, "application/merge-patch+json");
  const answer = await server.fetch("https://api.invalid/api/v1/nodes/far/proxy/healthz");
  assert.is(answer.status, 501);
  assert.match((await answer.json()).message, /use startApiServer for logs and streams/);
  server.close();
});

test("until says what did not happen", async () => {
  const server = quiet();
  const error = await server.until("the moon", () => false, 20).then(
    () => undefined,
    (reason: Error) => reason,
  );
  assert.is(error?.message, "the moon did not happen within 20 ms");
  await server.until("a map", () => server.get(`${path}/a`) === undefined, 1_000);
  const waiting = server.until("a map", () => server.get(`${path}/a`) !== undefined, 5_000);
  put(server, "a");
  await waiting;
  const thrown = await server.until("never", () => {
    throw new Error("broken question");
  }, 1_000).then(() => undefined, (reason: Error) => reason);
  assert.is(thrown?.message, "broken question");
  server.close();
});

test("the same requests at the same times make the same server", () => {
  const run = (): string => {
    const server = makeApiServer({ clock: new ManualClock() });
    put(server, "a");
    server.ask("POST", "/api/v1/namespaces/default/pods", {
      metadata: { generateName: "web-" },
      spec: { containers: [{ name: "c", image: "i" }] },
    });
    const text = JSON.stringify(
      ["pods", "configmaps"].map((plural) => server.ask("GET", `/api/v1/namespaces/default/${plural}`).body),
    );
    server.close();
    return text;
  };
  assert.is(run(), run());
});

test.run();
