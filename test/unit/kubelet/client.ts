import type { IncomingMessage } from "node:http";
import { type Agent, request, type RequestOptions } from "node:https";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { connect as tlsConnect, type ConnectionOptions, type TLSSocket } from "node:tls";
import type { Pair } from "./pki.ts";

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly client?: Pair;
  readonly agent?: Agent;
  readonly sendBody?: string;
  /** Whatever server this is; by default any is trusted. */
  readonly tls?: ConnectionOptions;
}

/** Sends a request; resolves with the head of its answer. */
export const open = (port: number, path: string, options: AskOptions = {}): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { method = "GET", headers = {}, client, agent = false, sendBody, tls } = options;
    const settings: RequestOptions = {
      host: "127.0.0.1",
      port,
      path,
      method,
      headers: { ...headers },
      agent,
      rejectUnauthorized: false,
      ...client,
      ...tls,
    };
    const sent = request(settings, resolve);
    sent.on("error", reject);
    sent.end(sendBody);
  });

/** Reads an answer to its end; rejects when it is broken off. */
export const read = (incoming: IncomingMessage): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    incoming.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    incoming.on("error", reject);
    incoming.on("aborted", () => reject(new Error("broken off")));
    incoming.on("end", () => {
      if (!incoming.complete) return reject(new Error("broken off"));
      const body = new TextDecoder().decode(Buffer.concat(chunks));
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
    });
  });

/** Sends a request and reads its answer. */
export const ask = async (port: number, path: string, options: AskOptions = {}): Promise<Answer> =>
  await read(await open(port, path, options));

/** A TLS connection, when its handshake is done. */
export const connectTls = (port: number, options: ConnectionOptions = {}): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket: TLSSocket = tlsConnect(
      { host: "127.0.0.1", port, rejectUnauthorized: false, ...options },
      () => resolve(socket),
    );
    socket.on("error", reject);
  });

/** A TCP connection. */
export const connectTcp = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.on("error", reject);
  });

/** Passes bytes on to a port; `hold` stops what comes back, as a client does that does not read. */
export const relay = async (
  target: number,
): Promise<
  { port: number; sent: () => number; hold: () => void; release: () => void; close: () => Promise<void> }
> => {
  let sent = 0;
  const pairs: { readonly near: Socket; readonly far: Socket }[] = [];
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    pairs.push({ near, far });
    for (const socket of [near, far]) socket.on("error", () => undefined);
    near.on("data", (chunk: Uint8Array) => sent += chunk.byteLength);
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sent: () => sent,
    hold: () => pairs.forEach(({ near, far }) => far.unpipe(near).pause()),
    release: () => pairs.forEach(({ near, far }) => far.pipe(near)),
    close: () => {
      for (const { near, far } of pairs) [near, far].forEach((socket) => socket.destroy());
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

/** Everything that a connection brings until the server ends it. */
export const untilEnd = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk: Uint8Array) => text += new TextDecoder().decode(chunk));
    socket.on("error", () => resolve(text));
    socket.on("close", () => resolve(text));
    socket.on("end", () => socket.end());
  });

/** Waits for a condition, up to ten seconds. */
export const until = async (condition: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  const end = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`did not happen within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
