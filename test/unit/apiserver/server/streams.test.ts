import type { IncomingMessage, ServerResponse } from "node:http";
import { request } from "node:https";
import type { Duplex } from "node:stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { makeDial } from "../../../../adapters/apiserver/server/dial.ts";
import { makeAuthority } from "../../../../adapters/apiserver/server/pki.ts";
import { startApiServer, type StartedApiServer } from "../../../../adapters/apiserver/server/start.ts";
import { startStubNode, type StubAnswers, type StubNode } from "../../../contract/apiserver/stub_node.ts";
import { ask, open, until } from "../../kubelet/client.ts";

const test = suite("streams through the API server");

interface World {
  readonly server: StartedApiServer;
  readonly node: StubNode;
  readonly client: { readonly cert: string; readonly key: string };
}

const pods = "/api/v1/namespaces/default/pods";

const inWorld = async (
  answers: Partial<StubAnswers>,
  body: (world: World) => Promise<void>,
): Promise<void> => {
  const node = await startStubNode({ request: (_, out) => void out.end("a line\n"), ...answers });
  const server = await startApiServer({ limits: { closeMs: 100 } });
  try {
    server.ask("POST", "/api/v1/nodes", { metadata: { name: "stub" } });
    server.ask("PATCH", "/api/v1/nodes/stub/status", {
      status: {
        addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
        daemonEndpoints: { kubeletEndpoint: { Port: node.port } },
      },
    }, "application/merge-patch+json");
    const created = server.ask("POST", pods, {
      metadata: { name: "web" },
      spec: { nodeName: "stub", containers: [{ name: "main", image: "none" }] },
    });
    assert.is(created.status, 201);
    const { users: [{ user }] } = parse(
      await server.kubeconfig({ commonName: "admin", organizations: ["system:masters"] }),
    );
    const client = { cert: atob(user["client-certificate-data"]), key: atob(user["client-key-data"]) };
    await body({ server, node, client });
  } finally {
    await server.close();
    node.close();
  }
};

interface Switched {
  readonly answer: IncomingMessage;
  /** Absent: no protocol was switched, and this is what was said. */
  readonly socket?: Duplex;
  readonly head?: Uint8Array;
  readonly said?: string;
}

const upgrade = (
  { server: { port }, client }: World,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Switched> =>
  new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port,
      path,
      method,
      headers: { connection: "Upgrade", ...headers },
      rejectUnauthorized: false,
      agent: false,
      ...client,
    });
    sent.on("upgrade", (answer, socket, head) => resolve({ answer, socket, head }));
    sent.on("response", (answer) => {
      let said = "";
      answer.on("data", (chunk) => said += chunk);
      answer.on("end", () => resolve({ answer, said }));
    });
    sent.on("error", reject);
    sent.end();
  });

const spdy = { upgrade: "SPDY/3.1", "x-stream-protocol-version": "v4.channel.k8s.io" };

const webSocket = {
  upgrade: "websocket",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
  "sec-websocket-protocol": "v5.channel.k8s.io",
};

/** Switches to what is asked for, says something at once, and repeats what it is told. */
const echo = (incoming: IncomingMessage, socket: Duplex, head: Uint8Array): void => {
  socket.on("error", () => undefined);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${incoming.headers.upgrade}\r\n` +
      "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\nfirst;",
  );
  if (head.byteLength > 0) socket.write(head);
  socket.pipe(socket);
};

const reads = (socket: Duplex, head: Uint8Array | undefined, wanted: number): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = new TextDecoder().decode(head);
    const look = (): void => {
      if (text.length >= wanted) resolve(text);
    };
    socket.on("data", (chunk: Uint8Array) => {
      text += new TextDecoder().decode(chunk);
      look();
    });
    socket.on("close", () => reject(new Error(`closed after ${JSON.stringify(text.slice(0, 100))}`)));
    look();
  });

for (
  const [name, method, headers, asked, wanted] of [
    [
      "exec over SPDY",
      "POST",
      spdy,
      "exec?command=ls&command=-l&stdin=true&stdout=true&tty=false",
      "/exec/default/web/main?command=ls&command=-l&input=1&output=1",
    ],
    [
      "exec over WebSocket",
      "GET",
      webSocket,
      "exec?command=a%20b&stderr=1",
      "/exec/default/web/main?command=a%20b&error=1",
    ],
    ["attach", "POST", spdy, "attach?stdout=true&tty=true", "/attach/default/web/main?output=1&tty=1"],
    ["port-forward", "POST", spdy, "portforward?ports=80&ports=81", "/portForward/default/web?port=80%2C81"],
  ] as const
) {
  test(`${name}: bytes go both ways as they are`, () =>
    inWorld({ upgrade: echo }, async (world) => {
      const { answer, socket, head } = await upgrade(world, method, `${pods}/web/${asked}`, {
        ...headers,
        authorization: "Bearer not-for-nodes",
        "impersonate-user": "admin",
        "impersonate-group": "system:masters",
      });
      assert.is(answer.statusCode, 101);
      assert.is(answer.headers.upgrade, headers.upgrade);
      assert.is(answer.headers["x-stream-protocol-version"], "v4.channel.k8s.io");
      if (socket === undefined) throw new Error("no protocol was switched");
      // more than any buffer on the way: it comes back whole only if each side waits for the other
      const large = "x".repeat(3_000_000);
      const back = reads(socket, head, large.length + 6);
      socket.write(large);
      assert.is(await back, `first;${large}`);
      const seen = world.node.asked.at(-1);
      const url = new URL(seen?.url ?? "", "https://node"), expected = new URL(wanted, "https://node");
      assert.is(url.pathname, expected.pathname);
      assert.equal([...url.searchParams].sort(), [...expected.searchParams].sort());
      assert.is(seen?.method, method);
      assert.is(seen?.headers.authorization, undefined, "credentials are not for the node");
      assert.is(seen?.headers["impersonate-user"], undefined);
      assert.is(seen?.headers["x-forwarded-for"], "127.0.0.1");
      assert.equal([seen?.subject?.CN, seen?.subject?.O], [
        "kube-apiserver-kubelet-client",
        "system:masters",
      ]);
      socket.destroy();
    }));
}

test("either side that ends ends the other", () =>
  inWorld({ upgrade: echo }, async (world) => {
    const client = await upgrade(world, "POST", `${pods}/web/attach`, spdy);
    const closed = new Promise<void>((resolve) => client.socket?.once("close", resolve));
    client.socket?.resume();
    world.node.close();
    await closed;
  }));

test("what a node answers instead of switching is told as it is: 501 stays 501", () =>
  inWorld({
    upgrade: (_, socket) =>
      void socket.end(
        "HTTP/1.1 501 Not Implemented\r\ncontent-type: text/plain\r\ncontent-length: 12\r\nconnection: close\r\n\r\nnot yet here",
      ),
  }, async (world) => {
    for (const [method, headers] of [["POST", spdy], ["GET", webSocket]] as const) {
      const { answer, said } = await upgrade(world, method, `${pods}/web/exec?command=ls`, headers);
      assert.equal([answer.statusCode, said], [501, "not yet here"]);
      assert.is(answer.headers["content-type"], "text/plain");
      assert.is(answer.headers["content-length"], "12");
    }
  }));

test("a node that sends the server elsewhere is not followed", () =>
  inWorld({
    upgrade: (_, socket) =>
      void socket.end(
        "HTTP/1.1 302 Found\r\nlocation: https://elsewhere.invalid/\r\ncontent-length: 0\r\n\r\n",
      ),
  }, async (world) => {
    const { answer, said } = await upgrade(world, "POST", `${pods}/web/attach`, spdy);
    assert.is(answer.statusCode, 500);
    assert.is(JSON.parse(said ?? "").message, "invalid upgrade response: status code 302");
  }));

test("a node that is not there", () =>
  inWorld({}, async (world) => {
    world.node.close();
    const { answer, said } = await upgrade(world, "POST", `${pods}/web/attach`, spdy);
    assert.is(answer.statusCode, 500);
    assert.match(
      JSON.parse(said ?? "").message,
      /^error dialing backend: dial tcp 127\.0\.0\.1:\d+: connect: connection refused$/,
    );
  }));

test("refusals of the server itself are told to who wants to switch", () =>
  inWorld({ upgrade: echo }, async (world) => {
    const missing = await upgrade(world, "POST", `${pods}/nobody/attach`, spdy);
    assert.equal([missing.answer.statusCode, JSON.parse(missing.said ?? "").reason], [404, "NotFound"]);
    const list = await upgrade(world, "GET", pods, webSocket);
    assert.equal([list.answer.statusCode, JSON.parse(list.said ?? "").kind], [200, "PodList"]);
    const watch = await upgrade(world, "GET", `${pods}?watch=true`, webSocket);
    assert.is(watch.answer.statusCode, 400);
    assert.is(world.node.asked.length, 0);
  }));

test("a log that is followed comes as it is written, and a reader that leaves is told to the node", async () => {
  const logs: ServerResponse[] = [];
  let left = false;
  const follow = (_: IncomingMessage, out: ServerResponse): void => {
    logs.push(out);
    out.once("close", () => left = true);
    out.setHeader("content-type", "text/plain");
    out.write("one\n");
  };
  await inWorld({ request: follow }, async ({ server: { port }, client }) => {
    const incoming = await open(port, `${pods}/web/log?follow=true`, { client });
    let text = "";
    incoming.on("data", (chunk) => text += chunk);
    incoming.on("error", () => undefined);
    await until(() => text === "one\n", "the first line");
    logs[0]?.write("two\n");
    await until(() => text === "one\ntwo\n", "the second line");
    assert.not(left);
    incoming.destroy();
    await until(() => left, "the node's connection being closed");
  });
});

test("a log that breaks off never looks whole", async () => {
  const breaking = (_: IncomingMessage, out: ServerResponse): void => {
    out.write("one\n");
    setTimeout(() => out.destroy(), 50);
  };
  await inWorld({ request: breaking }, async ({ server: { port }, client }) => {
    const answer = await ask(port, `${pods}/web/log`, { client }).then(() => "whole", () => "broken off");
    assert.is(answer, "broken off");
  });
});

test("a proxied request goes with its method, headers and body, and its answer comes back as it is", async () => {
  const bodies: string[] = [];
  const node = await startStubNode({
    request: (incoming, out) => {
      let body = "";
      incoming.on("data", (chunk) => body += chunk);
      incoming.on("end", () => {
        bodies.push(body);
        out.writeHead(418, { "x-pot": "tea", "content-type": "text/x-tea" });
        out.end("short and stout");
      });
    },
  });
  try {
    const authority = await makeAuthority("test");
    const dial = makeDial({ credentials: await authority.client({ commonName: "server" }) });
    const answer = await dial(
      {
        manner: "Plain",
        scheme: "https",
        host: "127.0.0.1",
        port: node.port,
        path: "/pour?cup=1",
        name: "stub",
        isKubelet: true,
        isInsecure: false,
      },
      {
        method: "PUT",
        headers: new Headers({
          "x-sugar": "two",
          authorization: "Bearer secret",
          "content-type": "text/plain",
        }),
        body: "milk",
      },
    );
    assert.equal([answer.status, answer.headers.get("x-pot"), await answer.text()], [
      418,
      "tea",
      "short and stout",
    ]);
    const seen = node.asked.at(-1);
    assert.equal([seen?.method, seen?.url, bodies], ["PUT", "/pour?cup=1", ["milk"]]);
    assert.equal([seen?.headers["x-sugar"], seen?.headers.authorization], ["two", undefined]);
    assert.is(seen?.subject?.CN, "server");
  } finally {
    node.close();
  }
});

test("the certificates of nodes are verified where their CA is named, unless the caller does not care", async () => {
  const node = await startStubNode({ request: (_, out) => void out.end("a line\n") });
  try {
    const authority = await makeAuthority("test");
    const dial = makeDial({
      credentials: await authority.client({ commonName: "server" }),
      nodeCa: authority.cert,
    });
    const target = {
      manner: "Log",
      scheme: "https",
      host: "127.0.0.1",
      port: node.port,
      path: "/containerLogs/a/b/c",
      name: "b",
      isKubelet: true,
      isInsecure: false,
    } as const;
    const request = { method: "GET", headers: new Headers() };
    const refused = await dial(target, request);
    assert.is(refused.status, 500);
    assert.match((await refused.json()).message, /certificate|self.signed|UnknownIssuer/i);
    assert.is(node.asked.length, 0);
    const careless = await dial({ ...target, isInsecure: true }, request);
    assert.equal([careless.status, await careless.text()], [200, "a line\n"]);
  } finally {
    node.close();
  }
});

test.run();
