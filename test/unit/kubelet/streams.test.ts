import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { WebSocket } from "ws";
import { type KubeletServer, kubeletStreams, serveKubelet } from "../../../adapters/kubelet/server.ts";
import type { KubeletStreamsOptions } from "../../../adapters/kubelet/server.ts";
import type { CommandOptions, PodConnection, RunningCommand, TerminalSize } from "../../../adapters/ports.ts";
import { ProviderError } from "../../../adapters/provider_error.ts";
import { anonymous } from "../../../core/kubelet/identity.ts";
import type { Pod } from "../../../core/kubernetes/pod.ts";
import {
  bytesOf,
  concat,
  dataFrame,
  framesIn,
  pingFrame,
  rstFrame,
  spdyClient,
  textOf,
} from "../../tools/spdy_client.ts";
import { type SpdyConnection, spdyUpgrade } from "../../tools/spdy_connection.ts";
import { ask, connectTls, relay, until } from "./client.ts";

interface Context {
  readonly stop: (() => unknown)[];
}

const test = suite<Context>("kubelet streams (numbers: kubelet-api.md, section 7)", { stop: [] });

test.after.each(async ({ stop }) => {
  for (const end of stop.splice(0).reverse()) await end();
});

const pod: Pod = {
  metadata: { name: "p", namespace: "ns", uid: "u1" },
  spec: { containers: [{ name: "c" }, { name: "t", tty: true }] },
  status: {},
};

interface Begun {
  readonly what: readonly string[];
  readonly options: CommandOptions;
}

/** A back end whose commands are written here. */
const backend = (run: (options: CommandOptions) => RunningCommand | Promise<RunningCommand>) => {
  const begun: Begun[] = [];
  const begin = (what: readonly string[], options: CommandOptions) => {
    begun.push({ what, options });
    return Promise.resolve(run(options));
  };
  return {
    begun,
    exec: (
      { uid }: { uid: string },
      container: string,
      command: readonly string[],
      options: CommandOptions,
    ) => begin([uid, container, ...command], options),
    attach: ({ uid }: { uid: string }, container: string, options: CommandOptions) =>
      begin([uid, container], options),
  };
};

const start = async (
  { stop }: Context,
  options: Partial<KubeletStreamsOptions>,
): Promise<KubeletServer> => {
  const server = await serveKubelet({
    nodeName: "vn1",
    address: "127.0.0.1",
    port: 0,
    certificate: "self-signed",
    authorize: () => Promise.resolve({ _tag: "Allowed", identity: anonymous }),
    handler: () => Promise.resolve(new Response("handler")),
    streams: kubeletStreams({ nodeName: "vn1", pods: () => [pod], ...options }),
    limits: { closeMs: 50 },
  });
  stop.push(server.close);
  return server;
};

const upgrade = async (
  { stop }: Context,
  port: number,
  path: string,
  given: Parameters<typeof spdyUpgrade>[2] = {},
): Promise<SpdyConnection> => {
  const connection = await spdyUpgrade(port, path, given);
  stop.push(() => connection.socket.destroy());
  return connection;
};

const text = (whole: string): ReadableStream<Uint8Array> => new Blob([whole]).stream();
const exited = (code: number | undefined, stdout = "", stderr = ""): RunningCommand => ({
  stdout: text(stdout),
  stderr: text(stderr),
  exit: Promise.resolve(code),
});
/** Gives its input back, and exits with 0 when that ends. */
const cat = ({ stdin }: CommandOptions): RunningCommand => ({ stdout: stdin, exit: Promise.resolve(0) });
/** Ends only when it is told to. */
const endless = ({ signal }: CommandOptions): RunningCommand => ({
  stdout: new ReadableStream({
    start: (controller) => signal.addEventListener("abort", () => controller.close()),
  }),
  exit: new Promise((resolve) => signal.addEventListener("abort", () => resolve(137))),
});

const execPath = "/exec/ns/p/c?command=sh&input=1&output=1&error=1";

const refusals: readonly (readonly [string, string, Parameters<typeof spdyUpgrade>[2], number, RegExp])[] = [
  ["37: no protocol", execPath, { headers: [] }, 400, /X-Stream-Protocol-Version header is required/],
  [
    "37: no common protocol",
    execPath,
    { headers: ["X-Stream-Protocol-Version: v9"] },
    403,
    /client supports \[v9\], server accepts \[v5.channel.k8s.io v4/,
  ],
  ["57: no stream", "/exec/ns/p/c?command=sh", {}, 400, /at least 1 of stdin, stdout, stderr/],
  ["no command", "/exec/ns/p/c?output=1", {}, 400, /must specify a command/],
  ["3: no such pod", "/exec/ns/q/c?command=sh&output=1", {}, 404, /pod does not exist/],
  ["another UID", "/exec/ns/p/u2/c?command=sh&output=1", {}, 404, /pod does not exist/],
  ["3: no such container", "/exec/ns/p/d?command=sh&output=1", {}, 404, /container "d" not found in pod "p"/],
  ["no such pod to forward to", "/portForward/ns/q", {}, 404, /pod does not exist/],
  ["a wrong method", execPath, { method: "PUT" }, 405, /Method Not Allowed/],
];

for (const [name, path, given, status, message] of refusals) {
  test(`40: ${name} is refused with ${status} and a text of known length`, async (context) => {
    const { exec } = backend(() => exited(0));
    const portForward = () => Promise.reject(new Error("never"));
    const server = await start(context, { exec, portForward });
    const connection = await upgrade(context, server.port, path, given);
    await until(() => connection.isClosed, "the end");
    assert.match(connection.head, new RegExp(`^HTTP/1.1 ${status} `));
    assert.match(connection.head, /content-length: \d+/i);
    assert.not.match(connection.head, /location:/i);
    const { body } = await ask(server.port, path, {
      method: given?.method ?? "POST",
      headers: {
        connection: "Upgrade",
        upgrade: "SPDY/3.1",
        ...Object.fromEntries((given?.headers ?? [
          "x-stream-protocol-version: v4.channel.k8s.io",
        ]).map((line) => line.split(": ") as [string, string])),
      },
    });
    assert.match(body, message);
  });
}

test("a back end without streams is 501, by name", async (context) => {
  const server = await start(context, {});
  for (
    const [path, what] of [[execPath, "exec"], ["/attach/ns/p/c?output=1", "attach"], [
      "/portForward/ns/p",
      "port-forward",
    ]]
  ) {
    const { status, body } = await ask(server.port, path ?? "", {
      method: "POST",
      headers: { connection: "Upgrade", upgrade: "SPDY/3.1" },
    });
    assert.equal([status, body], [501, `${what} is not supported by the virtual kubelet of node "vn1"`]);
  }
});

test("35, 36, 38: repeated and joined versions; v5 is echoed; nothing follows the 101", async (context) => {
  const server = await start(context, { exec: backend(() => exited(0)).exec });
  for (const headers of [undefined, ["X-Stream-Protocol-Version: v9, v5.channel.k8s.io,v4.channel.k8s.io"]]) {
    const connection = await upgrade(
      context,
      server.port,
      execPath,
      headers === undefined ? {} : { headers },
    );
    assert.match(connection.head, /^HTTP\/1\.1 101 /);
    assert.match(connection.head, /\r\nX-Stream-Protocol-Version: v5\.channel\.k8s\.io\r\n/);
    await ask(server.port, "/pods");
    assert.equal(connection.frames, []);
  }
});

test("39: a stream that comes with the request is read", async (context) => {
  const server = await start(context, { exec: backend(() => exited(0)).exec });
  const early = spdyClient().open(1, [["streamtype", "error"]]);
  const connection = await upgrade(context, server.port, execPath, { early });
  await until(() => connection.frames.includes("reply 1"), "the answer to it");
});

test("58, 61, 62: a command runs when its streams are there, and its outcome is told last", async (context) => {
  const { exec, begun } = backend(() => exited(3, "out", "err"));
  const server = await start(context, { exec });
  const path = "/exec/ns/p/u1/c?command=sh&command=&command=a+b&output=1&error=1";
  const connection = await upgrade(context, server.port, path);
  const [error = 0, stdout = 0, stderr = 0] = await connection.openAll(["error", "stdout", "stderr"]);
  assert.match(await connection.ended(error), /"reason":"ExitCode","message":"3"/);
  assert.equal([connection.text(stdout), connection.text(stderr)], ["out", "err"]);
  assert.equal(begun[0]?.what, ["u1", "c", "sh", "", "a b"]);
  const { stdin, tty, stdout: hasStdout, stderr: hasStderr } = begun[0]?.options ?? {};
  assert.equal([stdin, tty, hasStdout, hasStderr], [undefined, false, true, true]);
  assert.ok(connection.frames.indexOf(`fin ${stdout}`) < connection.frames.indexOf(`fin ${error}`));
  connection.socket.end();
  await until(() => connection.isClosed, "the end of the connection");
});

const failures: readonly (readonly [string, () => RunningCommand | Promise<RunningCommand>, RegExp])[] = [
  ["63: what cannot be begun", () => {
    throw new ProviderError("InvalidInput", 'exec: "nosuch": executable file not found in $PATH');
  }, /error executing command in container: exec: \\"nosuch\\": executable file not found/],
  ["an exit code that nobody knows", () => exited(undefined), /exit code is not known/],
  ["output that breaks", () => ({
    stdout: new ReadableStream({ start: (controller) => controller.error(new Error("disk")) }),
    exit: Promise.resolve(0),
  }), /disk/],
];

for (const [name, run, message] of failures) {
  test(`${name} is told as a failure`, async (context) => {
    const server = await start(context, { exec: backend(run).exec });
    const connection = await upgrade(context, server.port, "/exec/ns/p/c?command=sh&output=1");
    const [error = 0] = await connection.openAll(["error", "stdout"]);
    const status = await connection.ended(error);
    assert.match(status, /"status":"Failure"/);
    assert.match(status, message);
  });
}

test("64: the end of stdin reaches the command, and what it wrote is whole", async (context) => {
  const server = await start(context, { exec: backend(cat).exec });
  const connection = await upgrade(context, server.port, "/exec/ns/p/c?command=cat&input=1&output=1");
  const [error = 0, stdin = 0, stdout = 0] = await connection.openAll(["error", "stdin", "stdout"]);
  connection.data(stdin, bytesOf("hello "));
  connection.data(stdin, bytesOf("world"), true);
  assert.is(await connection.ended(stdout), "hello world");
  assert.match(await connection.ended(error), /Success/);
  await connection.ended(stdin);
});

test("49, 65: 50 MB both ways come back whole, in order", async (context) => {
  const server = await start(context, { exec: backend(cat).exec });
  const connection = await upgrade(context, server.port, "/exec/ns/p/c?command=cat&input=1&output=1");
  const [, stdin = 0, stdout = 0] = await connection.openAll(["error", "stdin", "stdout"]);
  const size = 1_000_000;
  for (let at = 0; at < 50; at++) {
    connection.data(stdin, new Uint8Array(size).fill(at));
    await until(() => connection.socket.writableLength < 4_000_000, "room");
  }
  connection.data(stdin, new Uint8Array(0), true);
  await connection.ended(stdout);
  const all = concat(connection.stream(stdout).chunks);
  assert.is(all.length, 50 * size);
  for (let at = 0; at < 50; at++) {
    assert.equal([all[at * size], all[at * size + size - 1]], [at, at]);
  }
});

/** Writes without end, and counts. */
const flood = (): { run(options: CommandOptions): RunningCommand; produced: number } => {
  const counted = {
    produced: 0,
    run: ({ signal }: CommandOptions): RunningCommand => ({
      stdout: new ReadableStream({
        pull: (controller) => {
          counted.produced += 65_536;
          controller.enqueue(new Uint8Array(65_536));
        },
      }, { highWaterMark: 0 }),
      exit: new Promise((resolve) => signal.addEventListener("abort", () => resolve(137))),
    }),
  };
  return counted;
};

test("54: a command is not read faster than its client reads, over SPDY and over WebSocket", async (context) => {
  for (const isSocket of [false, true]) {
    const source = flood();
    const server = await start(context, { exec: backend(source.run).exec });
    const between = await relay(server.port);
    context.stop.push(between.close);
    const path = "/exec/ns/p/c?command=yes&output=1";
    if (isSocket) await socketTo(context, between.port, path, ["v5.channel.k8s.io"]);
    else await (await upgrade(context, between.port, path)).openAll(["error", "stdout"]);
    await until(() => source.produced > 0, "output");
    between.hold();
    let seen = -1;
    let still = 0;
    await until(() => {
      still = source.produced === seen ? still + 1 : 0;
      seen = source.produced;
      return still > 40;
    }, "the command rests");
    assert.ok(seen < 400_000_000);
  }
});

test("54: a client is not read faster than its command reads, over SPDY and over WebSocket", async (context) => {
  const server = await start(context, { exec: backend(endless).exec });
  const path = "/exec/ns/p/c?command=sh&input=1&output=1";
  for (const isSocket of [false, true]) {
    const between = await relay(server.port);
    context.stop.push(between.close);
    const part = new Uint8Array(1_000_000);
    if (isSocket) {
      const { socket } = await socketTo(context, between.port, path, ["v5.channel.k8s.io"]);
      for (let at = 0; at < 100; at++) socket.send(part);
    } else {
      const connection = await upgrade(context, between.port, path);
      const [, stdin = 0] = await connection.openAll(["error", "stdin", "stdout"]);
      for (let at = 0; at < 100; at++) connection.data(stdin, part);
    }
    let seen = -1;
    let still = 0;
    await until(() => {
      still = between.sent() === seen ? still + 1 : 0;
      seen = between.sent();
      return still > 60;
    }, "the client rests");
    assert.ok(
      seen > 1_000_000 && seen < 60_000_000,
      `${seen} bytes were taken for a command that reads none`,
    );
  }
});

test("48: a ping is answered at once while output flows", async (context) => {
  const server = await start(context, { exec: backend(flood().run).exec });
  const connection = await upgrade(context, server.port, "/exec/ns/p/c?command=yes&output=1");
  const [, stdout = 0] = await connection.openAll(["error", "stdout"]);
  await until(() => connection.stream(stdout).size > 1_000_000, "output");
  const sent = performance.now();
  connection.send(pingFrame(9));
  await until(() => {
    connection.stream(stdout).chunks.length = 0;
    return connection.frames.includes("ping 9");
  }, "the answer");
  assert.ok(performance.now() - sent < 2_000, `${performance.now() - sent} ms`);
});

/** How a client may go away. */
const leavings: readonly (readonly [string, (connection: SpdyConnection) => void])[] = [
  ["resets its connection", ({ socket }) => socket.destroy()],
  ["closes its connection", ({ socket }) => void socket.end()],
  [
    "says goodbye",
    (connection) => connection.send(new Uint8Array([0x80, 3, 0, 7, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0])),
  ],
  [
    "sends nonsense",
    (connection) => connection.send(bytesOf("\x80\x01nonsense"), new Uint8Array(64).fill(255)),
  ],
];

for (const [name, leave] of leavings) {
  test(`68: a client that ${name} ends its command within a second`, async (context) => {
    const { exec, begun } = backend(endless);
    const server = await start(context, { exec });
    const connection = await upgrade(context, server.port, "/exec/ns/p/c?command=sh&input=1&output=1");
    await connection.openAll(["error", "stdin", "stdout"]);
    await until(() => begun.length === 1, "the command");
    const left = performance.now();
    leave(connection);
    await until(() => begun[0]?.options.signal.aborted === true, "the command is told");
    assert.ok(performance.now() - left < 1_000, `${performance.now() - left} ms`);
  });
}

test("68: so does one that is gone while its input waits for a command that reads none", async (context) => {
  const { exec, begun } = backend(endless);
  const server = await start(context, { exec });
  const connection = await upgrade(context, server.port, "/exec/ns/p/c?command=sh&input=1&output=1");
  const [, stdin = 0] = await connection.openAll(["error", "stdin", "stdout"]);
  for (let at = 0; at < 64; at++) connection.data(stdin, new Uint8Array(65_536));
  await until(() => begun.length === 1, "the command");
  await new Promise((resolve) => setTimeout(resolve, 100));
  const left = performance.now();
  connection.socket.destroy();
  await until(() => begun[0]?.options.signal.aborted === true, "the command is told");
  assert.ok(performance.now() - left < 2_000, `${performance.now() - left} ms`);
});

test("60: a client that does not open its streams is let go", async (context) => {
  const { exec, begun } = backend(endless);
  const server = await start(context, { exec, limits: { creationMs: 50 } });
  const connection = await upgrade(context, server.port, "/exec/ns/p/c?command=sh&output=1");
  await connection.openAll(["error"]);
  connection.socket.end();
  await until(() => connection.isClosed, "the end");
  assert.is(begun.length, 0);
});

test("a silent connection is ended after its time, one with pings is not (70)", async (context) => {
  const { exec, begun } = backend(endless);
  const server = await start(context, { exec, limits: { idleMs: 300 } });
  const [silent, alive] = [
    await upgrade(context, server.port, "/exec/ns/p/c?command=sh&output=1"),
    await upgrade(context, server.port, "/exec/ns/p/c?command=sh&output=1"),
  ];
  await alive.openAll(["error", "stdout"]);
  const pinging = setInterval(() => alive.send(pingFrame(1)), 50);
  context.stop.push(() => clearInterval(pinging));
  await silent.openAll(["error", "stdout"]);
  await until(() => begun.length === 2, "both");
  await until(() => begun[1]?.options.signal.aborted === true, "the end of the silent one");
  assert.not(begun[0]?.options.signal.aborted);
});

test("more streams than are allowed are refused with 429, and one fewer makes room", async (context) => {
  const server = await start(context, { exec: backend(endless).exec, maxStreams: 1 });
  const path = "/exec/ns/p/c?command=sh&output=1";
  const first = await upgrade(context, server.port, path);
  const second = await upgrade(context, server.port, path);
  assert.match(second.head, /^HTTP\/1\.1 429 /);
  first.socket.destroy();
  await until(
    async () => (await upgrade(context, server.port, path)).head.startsWith("HTTP/1.1 101"),
    "room",
  );
});

test("67: sizes reach the command, the newest counts", async (context) => {
  const sizes: TerminalSize[] = [];
  const run = (options: CommandOptions): RunningCommand => {
    const exit = (async () => {
      for await (const size of options.sizes ?? []) {
        sizes.push(size);
        if (size.width === 7) break;
      }
      return 0;
    })();
    return { stdout: text(""), exit };
  };
  const { exec, begun } = backend(run);
  const server = await start(context, { exec });
  const connection = await upgrade(context, server.port, "/exec/ns/p/c?command=sh&output=1&error=1&tty=1");
  const [error = 0, , resize = 0] = await connection.openAll(["error", "stdout", "resize"]);
  connection.data(resize, bytesOf('{"Width":80,"Height":24}'));
  await until(() => sizes.length === 1, "the first size");
  connection.data(resize, bytesOf('{"Width":7,"Height":5}'));
  await connection.ended(error);
  assert.equal(sizes, [{ width: 80, height: 24 }, { width: 7, height: 5 }]);
  assert.equal([begun[0]?.options.tty, begun[0]?.options.stderr], [true, false]);
});

test("69: attach has the container's terminal, whatever is asked, and no exit code", async (context) => {
  const { attach, begun } = backend(() => exited(3, "out"));
  const server = await start(context, { attach });
  const plain = await upgrade(context, server.port, "/attach/ns/p/c?output=1&tty=1");
  const [error = 0, stdout = 0] = await plain.openAll(["error", "stdout"]);
  assert.match(await plain.ended(error), /Success/);
  assert.is(plain.text(stdout), "out");
  const terminal = await upgrade(context, server.port, "/attach/ns/p/t?output=1&error=1");
  await terminal.openAll(["error", "stdout", "resize"]);
  await until(() => begun.length === 2, "both");
  assert.equal(begun.map(({ what, options: { tty } }) => [...what, tty]), [["u1", "c", false], [
    "u1",
    "t",
    true,
  ]]);
});

/** A server that gives back what it is sent, and says so at the end. */
const echoing = async ({ stop }: Context): Promise<{ port: number; sockets: Socket[] }> => {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.pipe(socket, { end: false });
    socket.on("end", () => socket.end("bye"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stop.push(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
};

const dial = async (port: number, signal: AbortSignal): Promise<PodConnection> => {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  signal.addEventListener("abort", () => socket.destroy());
  socket.on("error", () => undefined);
  return {
    readable: new ReadableStream({
      start: (controller) => {
        socket.on("data", (chunk: Uint8Array) => controller.enqueue(chunk));
        socket.on("end", () => controller.close());
      },
    }),
    writable: new WritableStream({
      write: (chunk) => new Promise((resolve) => socket.write(chunk, () => resolve())),
      close: () => void socket.end(),
    }),
  };
};

const forwarding: KubeletStreamsOptions["portForward"] = (_pod, port, { signal }) => dial(port, signal);

const version = { headers: ["X-Stream-Protocol-Version: portforward.k8s.io"] };

const pairOf = async (
  connection: SpdyConnection,
  port: number,
  request: string,
): Promise<readonly [number, number]> => {
  const headers = (kind: string) =>
    [["streamtype", kind], ["port", `${port}`], ["requestid", request]] as const;
  const error = await connection.open(headers("error"));
  connection.data(error, new Uint8Array(0), true);
  return [error, await connection.open(headers("data"))];
};

test("72, 73: connections in parallel, each half ended by itself", async (context) => {
  const { port } = await echoing(context);
  const server = await start(context, { portForward: forwarding });
  const connection = await upgrade(context, server.port, "/portForward/ns/p", version);
  assert.match(connection.head, /X-Stream-Protocol-Version: portforward\.k8s\.io/);
  const pairs: (readonly [number, number])[] = [];
  for (let at = 0; at < 20; at++) pairs.push(await pairOf(connection, port, `${at}`));
  for (const [at, [, data]] of pairs.entries()) connection.data(data, bytesOf(`hello ${at} `), true);
  for (const [at, [error, data]] of pairs.entries()) {
    assert.is(await connection.ended(data), `hello ${at} bye`);
    assert.is(await connection.ended(error), "");
  }
});

test("75: what cannot be connected to is told on the error stream", async (context) => {
  const portForward = () => Promise.reject(new ProviderError("Unavailable", "connection refused"));
  const server = await start(context, { portForward });
  const connection = await upgrade(context, server.port, "/portForward/ns/p", version);
  const [error, data] = await pairOf(connection, 81, "0");
  assert.is(await connection.ended(error), "error forwarding port 81 to pod p, uid u1: connection refused");
  assert.is(await connection.ended(data), "");
});

test("76: the client's reset closes the pod's connection; so does its leaving", async (context) => {
  const { port, sockets } = await echoing(context);
  const server = await start(context, { portForward: forwarding });
  const connection = await upgrade(context, server.port, "/portForward/ns/p", version);
  const [error, data] = await pairOf(connection, port, "0");
  await pairOf(connection, port, "1");
  connection.data(data, bytesOf("x"));
  await until(() => connection.text(data) === "x" && sockets.length === 2, "two connections");
  connection.send(rstFrame(data));
  await connection.ended(error);
  await until(() => sockets[0]?.closed === true, "the end of the first");
  assert.not(sockets[1]?.closed);
  connection.socket.destroy();
  await until(() => sockets[1]?.closed === true, "the end of the second");
});

interface Message {
  readonly data: Uint8Array;
  readonly isBinary: boolean;
}

const socketTo = async (
  { stop }: Context,
  port: number,
  path: string,
  protocols: readonly string[],
): Promise<{ socket: WebSocket; messages: Message[]; closed: Promise<number> }> => {
  const socket = new WebSocket(`wss://127.0.0.1:${port}${path}`, [...protocols], {
    rejectUnauthorized: false,
  });
  stop.push(() => socket.terminate());
  const messages: Message[] = [];
  socket.on("message", (data: Uint8Array, isBinary) => messages.push({ data, isBinary }));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return { socket, messages, closed };
};

const channel = (messages: readonly Message[], number: number): string =>
  textOf(concat(messages.filter(({ data }) => data[0] === number).map(({ data }) => data.subarray(1))));

test("79, 80, 81: v5 over WebSocket: an empty message first, stdin closed by a signal, the Status, then 1000", async (context) => {
  const server = await start(context, { exec: backend(cat).exec });
  const path = "/exec/ns/p/c?command=cat&input=1&output=1";
  const { socket, messages, closed } = await socketTo(context, server.port, path, [
    "v9",
    "v5.channel.k8s.io",
  ]);
  assert.is(socket.protocol, "v5.channel.k8s.io");
  await until(() => messages.length > 0, "the first message");
  assert.equal(new Uint8Array(messages[0]?.data ?? []), new Uint8Array([1]));
  socket.send(concat([new Uint8Array([0]), bytesOf("hello")]));
  socket.send(new Uint8Array([255, 0]));
  assert.is(await closed, 1000);
  assert.is(channel(messages, 1), "hello");
  assert.match(channel(messages, 3), /"status":"Success"/);
  assert.ok(messages.every(({ isBinary }) => isBinary));
});

test("78: base64 over WebSocket comes as text; no subprotocol is the first version", async (context) => {
  const server = await start(context, { exec: backend(() => exited(3, "out")).exec });
  const path = "/exec/ns/p/c?command=sh&output=1";
  const coded = await socketTo(context, server.port, path, ["v4.base64.channel.k8s.io"]);
  assert.is(await coded.closed, 1000);
  assert.equal(coded.messages.slice(0, 2).map(({ data, isBinary }) => [textOf(data), isBinary]), [
    ["1", false],
    [`1${btoa("out")}`, false],
  ]);
  const plain = await socketTo(context, server.port, path, []);
  assert.is(await plain.closed, 1000);
  assert.equal([plain.socket.protocol, channel(plain.messages, 3)], [
    "",
    "command terminated with non-zero exit code: exit status 3",
  ]);
});

test("80: a wrong close signal ends the WebSocket with 1002, and the command", async (context) => {
  const { exec, begun } = backend(endless);
  const server = await start(context, { exec });
  const { socket, closed } = await socketTo(
    context,
    server.port,
    "/exec/ns/p/c?command=sh&input=1&output=1",
    [
      "v5.channel.k8s.io",
    ],
  );
  await until(() => begun.length === 1, "the command");
  socket.send(new Uint8Array([255]));
  assert.is(await closed, 1002);
  assert.ok(begun[0]?.options.signal.aborted);
});

test("68: a WebSocket that closes, or breaks, ends its command", async (context) => {
  const { exec, begun } = backend(endless);
  const server = await start(context, { exec });
  for (const end of [(socket: WebSocket) => socket.close(), (socket: WebSocket) => socket.terminate()]) {
    begun.length = 0;
    const { socket } = await socketTo(context, server.port, "/exec/ns/p/c?command=sh&output=1", [
      "v5.channel.k8s.io",
    ]);
    await until(() => begun.length === 1, "the command");
    end(socket);
    await until(() => begun[0]?.options.signal.aborted === true, "the command is told");
  }
});

test("82: a WebSocket's ping is answered while output flows", async (context) => {
  const server = await start(context, { exec: backend(flood().run).exec });
  const { socket, messages } = await socketTo(context, server.port, "/exec/ns/p/c?command=yes&output=1", [
    "v5.channel.k8s.io",
  ]);
  await until(() => messages.length > 20, "output");
  let isAnswered = false;
  socket.once("pong", () => isAnswered = true);
  socket.ping();
  await until(() => {
    messages.length = 0;
    return isAnswered;
  }, "the answer");
});

test("83: port-forward with channels: the port first, then bytes both ways; without a port 400", async (context) => {
  const { port } = await echoing(context);
  const server = await start(context, { portForward: forwarding });
  const { socket, messages } = await socketTo(context, server.port, `/portForward/ns/p?port=${port}`, [
    "v4.channel.k8s.io",
  ]);
  await until(() => messages.length === 2, "the ports");
  assert.equal(messages.map(({ data }) => [...data]), [[0, port & 255, port >> 8], [
    1,
    port & 255,
    port >> 8,
  ]]);
  socket.send(concat([new Uint8Array([0]), bytesOf("hello")]));
  await until(() => channel(messages.slice(2), 0) === "hello", "the echo");
  const without = await ask(server.port, "/portForward/ns/p", {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": btoa("0123456789abcdef"),
    },
  });
  assert.is(without.status, 400);
});

/** A message of a client, whose mask is nothing (RFC 6455, 5.2). */
const message = (bytes: Uint8Array): Uint8Array =>
  concat([new Uint8Array([0x82, 0x80 | bytes.length, 0, 0, 0, 0]), bytes]);

/** The messages of a server, less than 64 KiB each, put together. */
const payloads = (bytes: Uint8Array): Uint8Array => {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const short = (bytes[at + 1] ?? 0) & 127;
    const head = short === 126 ? 4 : 2;
    const length = short === 126 ? (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0) : short;
    parts.push(bytes.subarray(at + head, at + head + length));
    at += head + length;
  }
  return concat(parts);
};

// by hand: `ws` takes the name for none
test("84: SPDY in a WebSocket, in messages of any size", async (context) => {
  const { port } = await echoing(context);
  const server = await start(context, { portForward: forwarding });
  const connection = await connectTls(server.port);
  context.stop.push(() => connection.destroy());
  const came: Uint8Array[] = [];
  connection.on("data", (chunk: Uint8Array) => came.push(chunk));
  const lines = [
    "GET /portForward/ns/p HTTP/1.1",
    "Host: n",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${btoa("0123456789abcdef")}`,
    "Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io",
  ];
  connection.write([...lines, "", ""].join("\r\n"));
  await until(() => textOf(concat(came)).includes("\r\n\r\n"), "the answer");
  const head = textOf(concat(came.splice(0)));
  assert.match(head, /^HTTP\/1\.1 101 [^]*Sec-WebSocket-Protocol: SPDY\/3\.1\+portforward\.k8s\.io\r\n/);
  const client = spdyClient();
  const headers = (kind: string) => [["streamtype", kind], ["port", `${port}`], ["requestid", "0"]] as const;
  const bytes = concat([
    client.open(1, headers("error")),
    client.open(3, headers("data")),
    dataFrame(3, bytesOf("hello")),
  ]);
  for (let at = 0; at < bytes.length; at += 7) connection.write(message(bytes.subarray(at, at + 7)));
  const told = () => framesIn(payloads(concat(came)));
  await until(() => told().length === 3, "the echo");
  assert.equal(told(), ["reply 1", "reply 3", "data 3 hello"]);
});

test.run();
