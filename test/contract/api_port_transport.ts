import * as E from "fp-ts/lib/Either.js";
import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { generate } from "selfsigned";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { kyApi, type KyApiOptions } from "../../adapters/kubernetes/ky.ts";
import { type OpenTransport, type Transport, transportOf } from "../../adapters/kubernetes/transport.ts";
import type { ApiPort, LogFields, Telemetry } from "../../adapters/ports.ts";
import type { Fault } from "../../core/fault.ts";
import { type ApiRequest, deletePod, getObject, patchPodStatus } from "../../core/kubernetes/request.ts";
import { type Answerer, startProxy, startServer, type TestServer } from "./http_server.ts";

interface Arena {
  readonly server: TestServer;
  readonly api: (options?: Partial<KyApiOptions>) => ApiPort;
}

const secret = "very-secret-token";
const read: ApiRequest = getObject("/api/v1/namespaces/a/pods/b");
const write: ApiRequest = patchPodStatus("a", "b", { status: { phase: "Running" } });
const wholeWrite: ApiRequest = { ...write, discardAnswer: false };
const remove: ApiRequest = deletePod("a", "b", "uid-1", 0);
const watch: ApiRequest = { method: "GET", path: "/api/v1/pods", query: { watch: "true" } };
const list: ApiRequest = { method: "GET", path: "/api/v1/pods", query: { limit: "500" } };

const never = (): AbortSignal => new AbortController().signal;

const leftOf = (either: E.Either<Fault, unknown>): Fault => {
  if (E.isLeft(either)) return either.left;
  throw new Error(`an answer instead of a fault: ${JSON.stringify(either.right)}`);
};
const rightOf = <A>(either: E.Either<Fault, A>): A => {
  if (E.isRight(either)) return either.right;
  throw new Error(`a fault instead of an answer: ${JSON.stringify(either.left)}`);
};

/** Fails a test that would hang. */
const within = async <A>(promise: Promise<A>): Promise<A> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("not within 10 s")), 10_000);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

const collect = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text;
};

/** An authority, and a server's certificate from it: for loopback, or for another name only. */
const certificates = async (
  name?: string,
): Promise<{ readonly authority: string; readonly cert: string; readonly key: string }> => {
  const authority = await generate([{ name: "commonName", value: "test CA" }], {
    extensions: [{ name: "basicConstraints", cA: true }],
  });
  const { cert, private: key } = await generate([{ name: "commonName", value: name ?? "127.0.0.1" }], {
    ca: { cert: authority.cert, key: authority.private },
    extensions: [{
      name: "subjectAltName",
      altNames: [name === undefined ? { type: 7, ip: "127.0.0.1" } : { type: 2, value: name }],
    }],
  });
  return { authority: authority.cert, cert, key };
};

const pod: Answerer = (_request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ kind: "Pod", text: "x".repeat(6000) }));
};
const cut: Answerer = (_request, _response, socket) => void socket.destroy();
const cutInBody: Answerer = (_request, response, socket) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"kind":', () => setTimeout(() => socket.destroy(), 50));
};
const silent: Answerer = () => {};
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, text = "{}"): Answerer => (_, response) => {
    response.writeHead(code, { "content-type": "application/json", ...headers });
    response.end(text);
  };

const recorder = (): Telemetry & { readonly spans: LogFields[] } => {
  const spans: LogFields[] = [];
  return {
    spans,
    span: (name, fields) => ({
      end: (outcome, more) => void spans.push({ name, ...fields, ...more, outcome }),
    }),
    count: () => {},
  };
};

export interface TransportAbilities {
  /** It can be given an authority to trust. */
  readonly ca: boolean;
  /** It keeps a connection after a DELETE with a body. */
  readonly keepsConnections: boolean;
  /** It can verify another name than the URL's, or none. */
  readonly otherNames: boolean;
}

/** What a ky adapter does over a transport when the network or the server misbehaves. Needs no cluster. */
export const transportContract = (
  name: string,
  open: OpenTransport,
  can: TransportAbilities = { ca: true, keepsConnections: true, otherNames: true },
): void => {
  const test = suite(`ky over ${name}`);

  const on = (title: string, answer: Answerer, check: (arena: Arena) => Promise<void>): void =>
    test(title, async () => {
      const server = await startServer(answer);
      const transport = await open({});
      const api = (options: Partial<KyApiOptions> = {}): ApiPort =>
        kyApi({ server: server.url, fetch: transport.fetch, token: secret, ...options });
      try {
        await within(check({ server, api }));
      } finally {
        await transport.close();
        await server.close();
      }
    });

  test("a refused connection: Unavailable, also for a write", async () => {
    const server = await startServer(pod);
    await server.close();
    const transport = await open({});
    const api = kyApi({ server: server.url, fetch: transport.fetch, token: secret });
    for (const request of [read, write, remove]) {
      const fault = leftOf(await api.send(request, never()));
      assert.is(fault._tag, "Unavailable", JSON.stringify(fault));
      assert.match(fault.message, server.url);
      assert.match(fault.message, request.path);
      assert.not.match(fault.message, secret);
    }
    assert.is(leftOf(await api.stream(watch, never()))._tag, "Unavailable");
    await transport.close();
  });

  test("TLS that cannot be: Unavailable, also for a write; with its CA it is trusted", async () => {
    const plain = await startServer(pod);
    const { authority, cert, key } = await certificates();
    const tls = await startServer(pod, { cert, key });
    const bare = await open({});
    const trusting: Transport = await open({ ca: authority });
    try {
      const speak = (server: string, transport: Transport): ApiPort =>
        kyApi({ server, fetch: transport.fetch });
      const notTls = leftOf(await speak(plain.url.replace("http:", "https:"), bare).send(write, never()));
      assert.is(notTls._tag, "Unavailable", JSON.stringify(notTls));
      const untrusted = leftOf(await speak(tls.url, bare).send(write, never()));
      assert.is(untrusted._tag, "Unavailable", JSON.stringify(untrusted));
      if (can.ca) assert.is(rightOf(await speak(tls.url, trusting).send(write, never())).status, 200);
    } finally {
      for (const { close } of [bare, trusting, plain, tls]) await close();
    }
  });

  if (can.ca) {
    test("through a proxy", async () => {
      const { authority, cert, key } = await certificates();
      const [tls, proxy] = [await startServer(pod, { cert, key }), await startProxy()];
      const transport = await open({ ca: authority, proxyUrl: proxy.url });
      try {
        const api = kyApi({ server: tls.url, fetch: transport.fetch });
        assert.is(rightOf(await api.send(write, never())).status, 200);
        assert.is(proxy.connections(), 1);
      } finally {
        for (const { close } of [transport, tls, proxy]) await close();
      }
    });

    test("connections that the network has forgotten: one request pays for all that rest", async () => {
      const [seen, forgotten] = [new Set<Socket>(), new Set<Socket>()];
      const held: (() => void)[] = [];
      const resting = 8;
      const server = await startServer((request, response, socket) => {
        if (forgotten.has(socket)) return;
        seen.add(socket);
        if (forgotten.size > 0) return pod(request, response, socket);
        held.push(() => pod(request, response, socket));
        if (held.length === resting) held.forEach((answer) => answer());
      });
      const transport = await transportOf({ server: server.url }, open);
      const api = kyApi({ server: server.url, fetch: transport.fetch });
      const ask = (timeoutMs: number) => api.send({ ...write, timeoutMs }, never());
      try {
        await within(Promise.all(Array.from({ length: resting }, () => ask(5_000))));
        seen.forEach((socket) => forgotten.add(socket));
        assert.is(leftOf(await ask(200))._tag, "OutcomeUnknown");
        assert.is(rightOf(await ask(5_000)).status, 200);
        assert.is(server.connections(), resting + 1);
      } finally {
        for (const { close } of [transport, server]) await close();
      }
    });

    test("another name of the server, and no verification, or a clear refusal", async () => {
      const { authority, cert, key } = await certificates("other.example");
      const tls = await startServer(pod, { cert, key });
      try {
        for (
          const options of [{ ca: authority, serverName: "other.example" }, { insecureSkipTlsVerify: true }]
        ) {
          if (!can.otherNames) {
            let refusal: unknown;
            await Promise.resolve().then(() => open(options)).catch((error) => refusal = error);
            assert.match(String(refusal), /cannot skip verifying.*nodeTransport/);
            continue;
          }
          const transport = await open(options);
          const api = kyApi({ server: tls.url, fetch: transport.fetch });
          assert.is(rightOf(await api.send(write, never())).status, 200);
          await transport.close();
        }
      } finally {
        await tls.close();
      }
    });
  }

  on("cut after sending: unknown for a write, Unavailable for a read", cut, async ({ api }) => {
    const port = api();
    for (const request of [write, wholeWrite, remove]) {
      const fault = leftOf(await port.send(request, never()));
      assert.is(fault._tag, "OutcomeUnknown", JSON.stringify(fault));
      assert.not.match(fault.message, secret);
    }
    assert.is(leftOf(await port.send(read, never()))._tag, "Unavailable");
    assert.is(leftOf(await port.stream(list, never()))._tag, "Unavailable");
  });

  on("cut inside the body: lost, unless the body does not matter", cutInBody, async ({ api }) => {
    const port = api();
    assert.is(leftOf(await port.send(read, never()))._tag, "Unavailable");
    assert.is(leftOf(await port.send(wholeWrite, never()))._tag, "OutcomeUnknown");
    assert.equal(rightOf(await port.send(write, never())), {
      status: 200,
      retryAfterMs: undefined,
      text: "",
    });
    const { body } = rightOf(await port.stream(watch, never()));
    let broken: unknown;
    await collect(body).catch((error) => broken = error);
    assert.instance(broken, Error);
  });

  on("no answer in time", silent, async ({ api }) => {
    const port = api({ requestTimeoutMs: 100, listTimeoutMs: 100 });
    assert.is(leftOf(await port.send(read, never()))._tag, "Unavailable");
    const fault = leftOf(await port.send(write, never()));
    assert.is(fault._tag, "OutcomeUnknown");
    assert.match(fault.message, "no answer in time");
    assert.is(leftOf(await port.stream(watch, never()))._tag, "Unavailable");
  });

  on("a request that is worth less waiting than others", silent, async ({ api }) => {
    const port = api();
    assert.is(leftOf(await port.send({ ...write, timeoutMs: 100 }, never()))._tag, "OutcomeUnknown");
  });

  on("never longer than the port waits", silent, async ({ api }) => {
    const port = api({ requestTimeoutMs: 100 });
    assert.is(leftOf(await port.send({ ...write, timeoutMs: 60_000 }, never()))._tag, "OutcomeUnknown");
  });

  const slowBody: Answerer = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"kind":');
  };
  on("a body that does not end: a whole answer and a list have a deadline", slowBody, async ({ api }) => {
    const port = api({ requestTimeoutMs: 200, listTimeoutMs: 200 });
    assert.is(leftOf(await port.send(read, never()))._tag, "Unavailable");
    assert.is(leftOf(await port.send(wholeWrite, never()))._tag, "OutcomeUnknown");
    const page = rightOf(await port.stream(list, never()));
    let broken: unknown;
    await collect(page.body).catch((error) => broken = error);
    assert.match(String(broken), "no answer in time");
  });

  on("a watch has none, and ends when the caller says so", slowBody, async ({ api }) => {
    const controller = new AbortController();
    const { body } = rightOf(await api({ requestTimeoutMs: 100 }).stream(watch, controller.signal));
    const bytes = body[Symbol.asyncIterator]();
    assert.is(new TextDecoder().decode((await bytes.next()).value), '{"kind":');
    const last = bytes.next();
    // Longer than the deadline that is not to be there.
    setTimeout(() => controller.abort(), 400);
    assert.is((await last).done, true);
    assert.is(controller.signal.aborted, true);
  });

  on("the caller's abort ends a request at once", silent, async ({ api, server }) => {
    const port = api();
    for (const [request, tag] of [[read, "Unavailable"], [write, "OutcomeUnknown"]] as const) {
      const controller = new AbortController();
      const answer = port.send(request, controller.signal);
      const seen = server.requests.length;
      while (server.requests.length === seen) await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort();
      assert.is(leftOf(await answer)._tag, tag);
    }
  });

  test("Retry-After: seconds, a date, the past, nonsense, none", async () => {
    const cases: readonly (readonly [string | undefined, (ms: number | undefined) => boolean])[] = [
      ["7", (ms) => ms === 7000],
      ["0", (ms) => ms === 0],
      [new Date(Date.now() + 60_000).toUTCString(), (ms) => ms !== undefined && ms > 30_000 && ms <= 60_000],
      ["Wed, 21 Oct 2015 07:28:00 GMT", (ms) => ms === 0],
      ["soon", (ms) => ms === undefined],
      ["-3", (ms) => ms === undefined],
      [undefined, (ms) => ms === undefined],
    ];
    for (const [value, fits] of cases) {
      const server = await startServer(status(429, value === undefined ? {} : { "retry-after": value }));
      const transport = await open({});
      const api = kyApi({ server: server.url, fetch: transport.fetch });
      const whole = rightOf(await api.send(write, never()));
      const stream = rightOf(await api.stream(list, never()));
      await collect(stream.body);
      await transport.close();
      await server.close();
      assert.is(whole.status, 429);
      assert.ok(fits(whole.retryAfterMs), `${value} gave ${whole.retryAfterMs}`);
      assert.ok(fits(stream.retryAfterMs), `${value} gave ${stream.retryAfterMs} for a stream`);
    }
  });

  on("nothing is sent twice, whatever the status", status(503), async ({ api, server }) => {
    const port = api();
    for (const request of [read, write, remove]) {
      assert.is(rightOf(await port.send(request, never())).status, 503);
    }
    assert.is(server.requests.length, 3);
  });

  on("a redirect is an answer, and no credential follows it", (request, response) => {
    response.writeHead(307, { location: "/elsewhere" }).end(request.url);
  }, async ({ api, server }) => {
    assert.is(rightOf(await api().send(read, never())).status, 307);
    assert.is(server.requests.length, 1);
  });

  const onlyNew: Answerer = (request, response, socket) =>
    (request.headers.authorization === "Bearer new" ? pod : status(401))(request, response, socket);
  on("401: the source is told, and the next request has the new token", onlyNew, async ({ api, server }) => {
    const told: (string | undefined)[] = [];
    const tokenSource = (rejected?: string): Promise<string> => {
      told.push(rejected);
      return Promise.resolve(rejected === "old" ? "new\n" : told.length > 1 ? "new" : "old");
    };
    const port = api({ tokenSource });
    assert.is(rightOf(await port.send(read, never())).status, 401);
    assert.is(rightOf(await port.send(read, never())).status, 200);
    assert.is(rightOf(await port.send(write, never())).status, 200);
    assert.equal(told, [undefined, "old", "old"]);
    assert.is(server.requests.length, 3);
  });

  on("no token, a source that fails or hangs, a token that cannot be sent", pod, async ({ api, server }) => {
    const noToken = api({ token: undefined, tokenSource: () => Promise.resolve(undefined) });
    assert.is(rightOf(await noToken.send(read, never())).status, 200);
    assert.is(server.requests[0]?.headers.authorization, undefined);
    const failing = api({ tokenSource: () => Promise.reject(new Error("the plugin is not there")) });
    const fault = leftOf(await failing.send(write, never()));
    assert.is(fault._tag, "Unauthorized");
    assert.match(fault.message, "the plugin is not there");
    const hanging = api({ tokenSource: () => new Promise<string>(() => {}), requestTimeoutMs: 50 });
    assert.is(leftOf(await hanging.send(write, never()))._tag, "Unavailable");
    const unsendable = leftOf(await api({ token: `${secret}\nx` }).send(write, never()));
    assert.is(unsendable._tag, "Unauthorized");
    assert.not.match(unsendable.message, secret);
    assert.is(server.requests.length, 1);
  });

  on("what is sent", pod, async ({ api, server }) => {
    const port = api({ headers: { "impersonate-user": "jane" }, userAgent: "test/1" });
    rightOf(await port.send(write, never()));
    rightOf(await port.send({ ...read, query: { labelSelector: "a in (b,c)&d=ü" } }, never()));
    rightOf(await port.send(remove, never()));
    const [patch, get, del] = server.requests;
    assert.is(patch?.url, "/api/v1/namespaces/a/pods/b/status?fieldManager=virtual-kubelet");
    assert.is(patch?.body, '{"status":{"phase":"Running"}}');
    assert.is(patch?.headers["content-type"], "application/strategic-merge-patch+json");
    assert.is(patch?.headers.authorization, `Bearer ${secret}`);
    assert.is(patch?.headers["impersonate-user"], "jane");
    assert.is(patch?.headers["user-agent"], "test/1");
    assert.match(patch?.headers.accept ?? "", "application/json");
    assert.is(new URL(get?.url ?? "", server.url).searchParams.get("labelSelector"), "a in (b,c)&d=ü");
    assert.equal([get?.body, get?.headers["content-type"]], ["", undefined]);
    assert.is(JSON.parse(del?.body ?? "").preconditions.uid, "uid-1");
  });

  on("a path in front, and a slash at the end, of the server's URL", pod, async ({ api, server }) => {
    rightOf(await api({ server: `${server.url}/k8s/clusters/c-1/` }).send(read, never()));
    assert.is(server.requests[0]?.url, `/k8s/clusters/c-1${read.path}`);
  });

  const manyKinds: Answerer = (request, response, socket) =>
    (request.headers["user-agent"] === "failing" ? status(409, {}, "x".repeat(9000)) : pod)(
      request,
      response,
      socket,
    );
  on(
    "one connection serves all requests, also after DELETEs and failures",
    manyKinds,
    async ({ api, server }) => {
      const [good, bad] = [api(), api({ userAgent: "failing" })];
      for (let round = 0; round < 10; round++) {
        for (const port of [good, bad]) {
          for (const request of [write, remove, read]) rightOf(await port.send(request, never()));
          await collect(rightOf(await port.stream(list, never())).body);
        }
      }
      assert.is(server.requests.length, 80);
      // Two, where a connection comes back a moment after the end of its last answer.
      if (can.keepsConnections) assert.ok(server.connections() <= 2, `${server.connections()} connections`);
    },
  );

  on("20 requests at once need no more connections than twice that, ever", pod, async ({ api, server }) => {
    const port = api();
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 20 }, async () => rightOf(await port.send(write, never()))));
    }
    assert.is(server.requests.length, 200);
    assert.ok(server.connections() <= 40, `${server.connections()} connections`);
  });

  on("a failure's text is cut at 64 KiB", status(500, {}, "é".repeat(200_000)), async ({ api }) => {
    const { status, text } = rightOf(await api().send(write, never()));
    assert.is(status, 500);
    const bytes = Buffer.byteLength(text);
    assert.ok(bytes > 60 * 1024 && bytes <= 64 * 1024, `${bytes} bytes`);
  });

  const closed: string[] = [];
  const endless: Answerer = (request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const timer = setInterval(() => response.write("x".repeat(1000)), 5);
    response.on("close", () => {
      clearInterval(timer);
      closed.push(request.url);
    });
  };
  on("a stream that is left or aborted is closed on the server too", endless, async ({ api }) => {
    const port = api();
    for await (const _chunk of rightOf(await port.stream(watch, never())).body) break;
    const controller = new AbortController();
    const { body } = rightOf(await port.stream(watch, controller.signal));
    let chunks = 0;
    for await (const _chunk of body) if (++chunks === 3) controller.abort();
    assert.ok(chunks >= 3);
    while (closed.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  on("telemetry: one span a request, with few values", status(404), async ({ api, server }) => {
    const telemetry = recorder();
    const port = api({ telemetry });
    await port.send(write, never());
    await collect(rightOf(await port.stream(watch, never())).body);
    await port.send(read, AbortSignal.abort());
    const path = "/api/v1/namespaces/{namespace}/pods/{name}";
    assert.equal(telemetry.spans, [
      { name: "kubernetes.request", verb: "patch", path: `${path}/status`, status: 404, outcome: "error" },
      { name: "kubernetes.request", verb: "watch", path: "/api/v1/pods", status: 404, outcome: "error" },
      { name: "kubernetes.request", verb: "get", path, fault: "Unavailable", outcome: "error" },
    ]);
    assert.is(server.requests.length, 2);
  });

  test.run();
};
