import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PeerCertificate, TLSSocket } from "node:tls";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { selfSignedCertificate } from "../../../adapters/kubelet/certificate.ts";
import type { Access } from "../../../adapters/kubelet/auth.ts";
import {
  type KubeletServer,
  type KubeletServerOptions,
  serveKubelet,
} from "../../../adapters/kubelet/server.ts";
import { anonymous, type Identity } from "../../../core/kubelet/identity.ts";
import { testUnless } from "../../tools/skip.ts";
import { ask, connectTcp, connectTls, open, read, relay, until, untilEnd } from "./client.ts";
import { newCa, newClient } from "./pki.ts";

interface Context {
  readonly stop: (() => Promise<unknown>)[];
}

const test = suite<Context>("kubelet server", { stop: [] });

test.after.each(async ({ stop }) => {
  for (const end of stop.splice(0)) await end();
});

const ca = await newCa("cluster");
const other = await newCa("other");
const user = await newClient(ca, "user", ["g1", "g2"]);
const foreign = await newClient(other, "user", ["system:masters"]);

interface Started extends KubeletServer {
  /** The certificate's identity of each request, as `authorize` was handed it. */
  readonly identities: (Identity | undefined)[];
  readonly requests: Request[];
}

const allowed: Access = { _tag: "Allowed", identity: anonymous };

const start = async (
  { stop }: Context,
  answer: (request: Request) => Response | Promise<Response>,
  options: Partial<KubeletServerOptions> = {},
): Promise<Started> => {
  const identities: (Identity | undefined)[] = [];
  const requests: Request[] = [];
  const server = await serveKubelet({
    nodeName: "vn1",
    address: "127.0.0.1",
    port: 0,
    certificate: "self-signed",
    clientCa: ca.cert,
    authorize: (_request, identity) => {
      identities.push(identity);
      return Promise.resolve(allowed);
    },
    handler: async (request) => {
      requests.push(request);
      return await answer(request);
    },
    ...options,
    limits: { closeMs: 50, ...options.limits },
  });
  stop.push(server.close);
  return { ...server, identities, requests };
};

const hello = (): Response =>
  new Response("hello", { headers: { "content-type": "text/plain", "x-a": "b" } });

test("a request reaches the handler, its answer the client", async (context) => {
  const server = await start(context, hello);
  const answer = await ask(server.port, "/pods?x=1&x=2", { headers: { "x-question": "q" } });
  assert.is(answer.status, 200);
  assert.is(answer.body, "hello");
  assert.is(answer.headers["x-a"], "b");
  const [request] = server.requests;
  assert.is(request?.method, "GET");
  assert.is(new URL(request?.url ?? "").pathname + new URL(request?.url ?? "").search, "/pods?x=1&x=2");
  assert.is(request?.headers.get("x-question"), "q");
  assert.is(server.address, "127.0.0.1");
});

test("a certificate of the client CA is its holder's identity", async (context) => {
  const server = await start(context, hello);
  await ask(server.port, "/", { client: user });
  assert.equal(server.identities, [{ username: "user", groups: ["g1", "g2"] }]);
});

test("several client CAs in one file", async (context) => {
  const server = await start(context, hello, { clientCa: `${other.cert}\n${ca.cert}\n` });
  await ask(server.port, "/", { client: user });
  await ask(server.port, "/", { client: foreign });
  assert.equal(server.identities.map((each) => each?.groups), [["g1", "g2"], ["system:masters"]]);
});

test("nobody: no certificate, another CA's, one that is for servers, an expired one", async (context) => {
  const server = await start(context, hello);
  const forServers = await newClient(ca, "user", [], { usage: "serverAuth" });
  const expired = await newClient(ca, "user", [], { expired: true });
  for (const client of [undefined, foreign, forServers, expired, await newClient(ca, "user", [])]) {
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      await ask(server.port, "/", { tls: { maxVersion }, ...(client === undefined ? {} : { client }) });
    }
  }
  const names = server.identities.map((each) => each?.username);
  assert.equal(names, [...Array(8).fill(undefined), "user", "user"]);
});

test("nobody: without a client CA no certificate counts", async (context) => {
  const server = await start(context, hello, { clientCa: undefined });
  await ask(server.port, "/", { client: user });
  assert.equal(server.identities, [undefined]);
});

test("nobody: a resumed session of another CA's certificate", async (context) => {
  const server = await start(context, hello);
  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    let session: Uint8Array | undefined;
    for (let round = 0; round < 2; round++) {
      const socket: TLSSocket = await connectTls(server.port, {
        ...foreign,
        maxVersion,
        ...(session === undefined ? {} : { session: session as Buffer }),
      });
      socket.on("session", (made: Uint8Array) => session = made);
      socket.write("GET / HTTP/1.1\r\nHost: n\r\nConnection: close\r\n\r\n");
      assert.match(await untilEnd(socket), "200 OK");
    }
  }
  assert.equal(server.identities, [undefined, undefined, undefined, undefined]);
});

/** Deno's own client resumes no session, so another one has to. */
const resumeByOpenssl = async (port: number, version: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "vk-tls-"));
  try {
    const file = (name: string): string => join(folder, name);
    await writeFile(file("cert"), foreign.cert);
    await writeFile(file("key"), foreign.key);
    const server = ["s_client", "-connect", `127.0.0.1:${port}`, version, "-ign_eof"];
    await openssl([...server, "-cert", file("cert"), "-key", file("key"), "-sess_out", file("session")]);
    return await openssl([...server, "-sess_in", file("session")]);
  } finally {
    await rm(folder, { recursive: true });
  }
};

const openssl = (args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn("openssl", args, { stdio: ["pipe", "pipe", "ignore"] });
    let output = "";
    child.on("error", reject);
    child.stdout.on("data", (bytes: Uint8Array) => output += new TextDecoder().decode(bytes));
    child.on("close", () => resolve(output));
    child.stdin.on("error", () => undefined);
    child.stdin.end("GET / HTTP/1.1\r\nHost: n\r\nConnection: close\r\n\r\n");
  });

const noOpenssl = await openssl(["version"]).then(
  () => undefined,
  () => "there is no openssl on this machine",
);

testUnless(noOpenssl, test, "nobody: the same, by openssl", async (context) => {
  const server = await start(context, hello);
  for (const version of ["-tls1_2", "-tls1_3"]) {
    assert.match(await resumeByOpenssl(server.port, version), "200 OK");
  }
  assert.equal(server.identities, [undefined, undefined, undefined, undefined]);
});

test("a client CA that is none is refused at the start", async () => {
  const options = { nodeName: "n", address: "127.0.0.1", port: 0, certificate: "self-signed" } as const;
  const service = { authorize: () => Promise.resolve(allowed), handler: () => Promise.resolve(hello()) };
  const failed = await serveKubelet({ ...options, ...service, clientCa: "nothing" }).catch(String);
  assert.match(String(failed), "holds no PEM certificate");
});

test("a port in use is named in the error", async (context) => {
  const { port } = await start(context, hello);
  const failed = await start(context, hello, { port }).then(() => "served", String);
  assert.match(failed, `cannot listen on 127.0.0.1 port ${port}`);
});

test("the self-signed certificate is for the node and the address", async (context) => {
  const server = await start(context, hello, { hosts: ["10.1.2.3"] });
  const socket = await connectTls(server.port);
  const shown: PeerCertificate = socket.getPeerCertificate();
  socket.destroy();
  for (const name of ["DNS:vn1", "IP Address:127.0.0.1", "IP Address:10.1.2.3"]) {
    assert.match(shown.subjectaltname ?? "", name);
  }
});

test("TLS 1.2 or later, and HTTP/1.1 whatever else is offered", async (context) => {
  const server = await start(context, hello);
  const socket = await connectTls(server.port, { ALPNProtocols: ["h2", "http/1.1"] });
  assert.is(socket.alpnProtocol, "http/1.1");
  socket.destroy();
  const old = await connectTls(server.port, { minVersion: "TLSv1", maxVersion: "TLSv1.1" }).then(
    () => "connected",
    () => "refused",
  );
  assert.is(old, "refused");
});

test("what is refused never reaches the handler", async (context) => {
  const response = (): Response => new Response("Unauthorized", { status: 401 });
  const server = await start(context, hello, {
    authorize: () => Promise.resolve({ _tag: "Refused", response: response() }),
  });
  const answer = await ask(server.port, "/pods");
  assert.equal([answer.status, answer.body], [401, "Unauthorized"]);
  assert.is(server.requests.length, 0);
});

test("a failing authorize, or handler, is a 500 without its words", async (context) => {
  const failing = { authorize: () => Promise.reject(new Error("secret")) };
  const closed = await ask((await start(context, hello, failing)).port, "/");
  assert.equal([closed.status, closed.body], [500, "Internal Server Error"]);
  const handler = { handler: () => Promise.reject(new Error("secret")) };
  const broken = await ask((await start(context, hello, handler)).port, "/");
  assert.equal([broken.status, broken.body], [500, "Internal Server Error"]);
});

test("paths are taken as fetch takes them, and never for another host's", async (context) => {
  const server = await start(context, (request) => new Response(new URL(request.url).pathname));
  assert.is((await ask(server.port, "/metrics/../exec/a")).body, "/exec/a");
  assert.is((await ask(server.port, "/metrics/%2e%2e/exec/a")).body, "/exec/a");
  assert.is((await ask(server.port, "//host/exec")).body, "//host/exec");
  assert.is((await ask(server.port, "https://host/exec")).status, 400);
  assert.is((await ask(server.port, "*", { method: "OPTIONS" })).status, 400);
});

test("HEAD has no body; large headers pass; a connection is used again", async (context) => {
  const server = await start(context, hello);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  context.stop.unshift(() => Promise.resolve(agent.destroy()));
  const head = await ask(server.port, "/", { method: "HEAD", agent });
  assert.equal([head.status, head.body], [200, ""]);
  const headers = { "x-large": "x".repeat(200_000) };
  const first = await open(server.port, "/", { agent, headers });
  const { localPort } = first.socket;
  await read(first);
  const second = await open(server.port, "/", { agent });
  assert.is(second.socket.localPort, localPort);
  await read(second);
});

test("a request with a body is answered and its connection closed", async (context) => {
  const server = await start(context, hello);
  const answer = await ask(server.port, "/run/a/b/c", { method: "POST", sendBody: "x".repeat(10_000) });
  assert.equal([answer.status, answer.body, answer.headers.connection], [200, "hello", "close"]);
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A stream that is written by hand. */
const byHand = () => {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const seen = { cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    start: (c) => void (controller = c),
    cancel: () => void (seen.cancelled = true),
  });
  return {
    stream,
    seen,
    write: (text: string): void => controller?.enqueue(bytes(text)),
    end: (): void => controller?.close(),
    fail: (): void => controller?.error(new Error("disk")),
    isRead: (): boolean => controller?.desiredSize === 1,
  };
};

test("the head goes out before the body begins, and every chunk before the next", async (context) => {
  const { stream, write, end } = byHand();
  const server = await start(context, () => new Response(stream));
  const incoming = await open(server.port, "/");
  let text = "";
  incoming.on("data", (chunk: Uint8Array) => text += new TextDecoder().decode(chunk));
  for (const line of ["one\n", "two\n", "three\n"]) {
    write(line);
    await until(() => text.endsWith(line), line);
  }
  end();
  await until(() => incoming.complete, "the end");
  assert.is(text, "one\ntwo\nthree\n");
});

test("a client that leaves aborts the request's signal and cancels the body", async (context) => {
  const { stream, write, seen } = byHand();
  const server = await start(context, () => new Response(stream));
  const incoming = await open(server.port, "/");
  incoming.on("error", () => undefined);
  write("one\n");
  incoming.destroy();
  await until(() => seen.cancelled && server.requests[0]?.signal.aborted === true, "the abort");
});

test("a client that leaves before the answer aborts the request's signal", async (context) => {
  const server = await start(context, () => new Promise(() => undefined));
  const socket = await connectTls(server.port);
  socket.write("GET / HTTP/1.1\r\nHost: n\r\n\r\n");
  await until(() => server.requests.length === 1, "the request");
  socket.destroy();
  await until(() => server.requests[0]?.signal.aborted === true, "the abort");
});

test("an answer that fails half-way is broken off behind what was written, never ended", async (context) => {
  const { stream, write, fail, isRead } = byHand();
  const server = await start(context, () => new Response(stream));
  const incoming = await open(server.port, "/");
  let size = 0;
  incoming.on("data", (chunk: Uint8Array) => size += chunk.byteLength);
  const ended = read(incoming).then(() => "ended", () => "broken off");
  for (let at = 0; at < 10; at++) {
    write("x".repeat(10_000));
  }
  await until(isRead, "the server has read it all");
  fail();
  assert.is(await ended, "broken off");
  assert.is(size, 100_000);
});

test("a client that does not read stops the source, and misses nothing", async (context) => {
  const chunk = new Uint8Array(65_536).fill(120);
  const total = 1_000;
  let produced = 0;
  let hold: () => void = () => undefined;
  const held = new Promise<void>((resolve) => hold = resolve);
  const source = (): ReadableStream<Uint8Array> =>
    new ReadableStream({
      pull: (controller) => produced++ < total ? controller.enqueue(chunk) : controller.close(),
    }, { highWaterMark: 0 });
  const server = await start(context, async () => {
    await held;
    return new Response(source());
  });
  // Deno's own client reads ahead without end, so it is not the one that does not read.
  const between = await relay(server.port);
  context.stop.unshift(between.close);
  const opening = open(between.port, "/");
  await until(() => server.requests.length === 1, "the request");
  between.hold();
  hold();
  let before = -1, still = 0;
  await until(() => {
    still = produced === before ? still + 1 : 0;
    before = produced;
    return produced > 0 && still > 20;
  }, "the source rests");
  assert.ok(produced < total / 2, `${produced} of ${total} chunks were made for a client that reads none`);
  between.release();
  const incoming = await opening;
  let size = 0;
  incoming.on("data", (part: Uint8Array) => size += part.byteLength);
  await until(() => incoming.complete, "the end");
  assert.is(size, total * chunk.byteLength);
});

const upgrade = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: n\r\nContent-Length: 0\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n` +
  "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n";

const upgrades: readonly (readonly [string, Access, number, string, number])[] = [
  ["/exec/ns/p/c?command=sh", allowed, 501, "not yet", 1],
  ["/portForward/ns/p", allowed, 501, "not yet", 1],
  ["/containerLogs/ns/p/c", allowed, 400, "ask again without Connection: Upgrade", 0],
  ["/pods", allowed, 400, "ask again without Connection: Upgrade", 0],
];

for (const [path, access, status, text, handled] of upgrades) {
  test(`an upgrade of ${path} is answered with ${status}, whole, and closed`, async (context) => {
    const authorize = () => Promise.resolve(access);
    const server = await start(context, () => new Response("not yet", { status: 501 }), { authorize });
    const socket = await connectTls(server.port);
    socket.write(upgrade(path));
    const [head = "", body = ""] = (await untilEnd(socket)).split("\r\n\r\n");
    assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
    assert.match(head, /connection: close/i);
    assert.match(head, new RegExp(`content-length: ${body.length}`, "i"));
    assert.match(body, text);
    assert.is(server.requests.length, handled);
  });
}

test("an upgrade is authorized first, by the same certificate", async (context) => {
  const seen: (Identity | undefined)[] = [];
  const server = await start(context, hello, {
    authorize: (_request, identity) => {
      seen.push(identity);
      return Promise.resolve({ _tag: "Refused", response: new Response("Unauthorized", { status: 401 }) });
    },
  });
  for (const client of [user, foreign]) {
    const socket = await connectTls(server.port, client);
    socket.write(upgrade("/exec/ns/p/c"));
    assert.match(await untilEnd(socket), /^HTTP\/1.1 401 [\s\S]*\r\n\r\nUnauthorized$/);
  }
  assert.equal(seen.map((each) => each?.username), ["user", undefined]);
  assert.is(server.requests.length, 0);
});

test("an upgrade whose answer has no end is cut", async (context) => {
  const endless = (): ReadableStream<Uint8Array> =>
    new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(50_000)) });
  const server = await start(context, () => new Response(endless(), { status: 501 }));
  const socket = await connectTls(server.port);
  socket.write(upgrade("/exec/ns/p/c"));
  assert.match(await untilEnd(socket), /content-length: 65536/i);
});

test("idle, slow and silent connections are closed", async (context) => {
  const limits = { idleMs: 100, headersMs: 100, handshakeMs: 100 };
  const server = await start(context, hello, { limits });
  const silent = await connectTcp(server.port);
  await untilEnd(silent);
  const idle = await connectTls(server.port);
  idle.write("GET / HTTP/1.1\r\nHost: n\r\n\r\n");
  assert.match(await untilEnd(idle), "hello");
  const slow = await connectTls(server.port);
  slow.write("GET / HTTP/1.1\r\nHost: n\r\n");
  await untilEnd(slow);
  assert.is(server.requests.length, 1);
});

test("a connection above the limit is closed; when one goes another may come", async (context) => {
  const server = await start(context, hello, { limits: { maxConnections: 2 } });
  const kept = [await connectTls(server.port), await connectTls(server.port)];
  const refused = await connectTls(server.port).then(() => "connected", () => "refused");
  assert.is(refused, "refused");
  kept[0]?.destroy();
  await until(() => ask(server.port, "/").then(() => true, () => false), "a place");
  kept[1]?.destroy();
});

test("closing waits for what is under way, and takes nothing new", async (context) => {
  const { stream, write, end } = byHand();
  const server = await start(context, () => new Response(stream), { limits: { closeMs: 10_000 } });
  const incoming = await open(server.port, "/");
  const all = read(incoming);
  const closing = server.close();
  assert.is(await ask(server.port, "/").then(() => "answered", () => "refused"), "refused");
  write("last\n");
  end();
  assert.is((await all).body, "last\n");
  await closing;
});

test("closing breaks off what does not end, ordinary or upgraded, and silent connections", async (context) => {
  const { stream, seen } = byHand();
  const controller = new AbortController();
  const server = await start(
    context,
    (request) => request.method === "GET" ? new Response(stream) : new Promise(() => undefined),
    { signal: controller.signal },
  );
  const following = await open(server.port, "/");
  const ended = read(following).then(() => "ended", () => "broken off");
  const silent = untilEnd(await connectTcp(server.port));
  const upgraded = await connectTls(server.port);
  upgraded.write(upgrade("/exec/ns/p/c"));
  await until(() => server.requests.length === 2, "the requests");
  const cut = untilEnd(upgraded);
  controller.abort();
  assert.is(await ended, "broken off");
  await Promise.all([silent, cut, server.close()]);
  assert.ok(server.requests.every((request) => request.signal.aborted));
  await until(() => seen.cancelled, "the cancellation");
});

test("a signal that has aborted already starts nothing", async (context) => {
  const started = start(context, hello, { signal: AbortSignal.abort(new Error("stopped")) });
  assert.match(await started.then(() => "served", String), "stopped");
});

/** The common name of the certificate that a new connection is shown. */
const shownTo = async (port: number, options: { readonly servername?: string } = {}): Promise<unknown> => {
  const socket = await connectTls(port, options);
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN;
};

test("another certificate: new connections are shown it, open streams go on, clients are verified as before", async (context) => {
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  const server = await start(
    context,
    (request) =>
      request.url.endsWith("/stream")
        ? new Response(new ReadableStream({ start: (controller) => void (stream = controller) }))
        : hello(),
  );
  const write = (text: string): void => stream?.enqueue(new TextEncoder().encode(text));
  const streaming = ask(server.port, "/stream", { client: user });
  await until(() => stream !== undefined, "the stream is open");
  write("one ");
  assert.is(await shownTo(server.port), "vn1");
  const foreignPair = await selfSignedCertificate({ nodeName: "foreign", addresses: [] });
  const next = await selfSignedCertificate({ nodeName: "next", addresses: [] });
  assert.throws(() => server.setCertificate({ cert: next.cert, key: foreignPair.key }), /private key/);
  assert.throws(() => server.setCertificate({ cert: "nothing", key: next.key }));
  assert.is(await shownTo(server.port), "vn1", "what cannot be served changes nothing");
  server.setCertificate(next);
  assert.is(await shownTo(server.port), "next");
  assert.is(await shownTo(server.port, { servername: "next" }), "next");
  write("two");
  stream?.close();
  assert.is((await streaming).body, "one two");
  const before = server.identities.length;
  await ask(server.port, "/", { client: user });
  await ask(server.port, "/", { client: foreign });
  assert.equal(server.identities.slice(before), [{ username: "user", groups: ["g1", "g2"] }, undefined]);
});

test.run();
