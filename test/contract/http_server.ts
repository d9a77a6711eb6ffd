import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface TestServer {
  readonly url: string;
  /** TCP connections accepted so far. */
  readonly connections: () => number;
  /** What came, in order. */
  readonly requests: readonly ReceivedRequest[];
  readonly close: () => Promise<void>;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers one request; the request has been read. */
export type Answerer = (request: ReceivedRequest, response: ServerResponse, socket: Socket) => void;

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer());
};

/** A server on loopback that misbehaves as it is told, counts connections and remembers requests. */
export const startServer = async (
  answer: Answerer,
  tls?: { readonly cert: string; readonly key: string },
): Promise<TestServer> => {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;
  const listener: RequestListener = async (message, response) => {
    try {
      const { method = "", url = "", headers } = message;
      const request: ReceivedRequest = { method, url, headers, body: await readBody(message) };
      requests.push(request);
      answer(request, response, message.socket);
    } catch {
      // The client went away in the middle of its request.
      response.destroy();
    }
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.keepAliveTimeout = 30_000;
  server.on("connection", (socket: Socket) => {
    accepted++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    connections: () => accepted,
    requests,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

/** An HTTP proxy on loopback that only tunnels, and counts its tunnels. */
export const startProxy = async (): Promise<Pick<TestServer, "url" | "connections" | "close">> => {
  const sockets = new Set<Socket>();
  let tunnels = 0;
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
  };
  const proxy = createServer((_, response) => response.writeHead(405).end());
  proxy.on("connection", track);
  proxy.on("connect", (request: IncomingMessage, client: Socket, head: Uint8Array) => {
    tunnels++;
    const { hostname, port } = new URL(`http://${request.url}`);
    const upstream = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    track(upstream);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    connections: () => tunnels,
    close: async () => {
      const closed = new Promise<void>((resolve) => proxy.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
