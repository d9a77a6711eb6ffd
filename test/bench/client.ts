// A bare HTTP client of one API server: what the observer, the writers, the floor and the raw loop send with. Nothing of
// ours is in it but the reading of the kubeconfig.
import { Agent, type Dispatcher } from "undici";
import { kubeconfigConnection } from "../../adapters/kubernetes/kubeconfig.ts";
import type { Connection } from "../../adapters/kubernetes/connection.ts";

export interface Client {
  /** Resolves with the status when the answer was read away. */
  send(method: string, path: string, body?: string, contentType?: string): Promise<number>;
  /** Resolves with the answer; rejects unless it is a success. */
  json(method: string, path: string, body?: unknown): Promise<any>;
  /**
   * The events of a watch from a resourceVersion on, until the signal aborts. When the server ends it (it does so with those
   * that lag behind) it is resumed at once.
   */
  watch(path: string, resourceVersion: string, signal: AbortSignal): AsyncGenerator<WatchedEvent>;
  close(): Promise<void>;
}

export interface WatchedEvent {
  readonly type: string;
  readonly object: any;
}

interface Raw {
  readonly status: number;
  readonly text: () => Promise<string>;
  readonly drop: () => Promise<unknown>;
  readonly body: AsyncIterable<Uint8Array>;
}

interface Init {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

interface Wire {
  readonly request: (path: string, init: Init) => Promise<Raw>;
  readonly close: () => Promise<void>;
}

const undiciWire = ({ server, ca, clientCertificate: cert, clientKey: key }: Connection): Wire => {
  const agent = new Agent({
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 60_000,
    connect: { ca, cert, key },
  });
  return {
    request: async (path, { method, ...init }) => {
      const answer = await agent.request({
        ...init,
        origin: server,
        path,
        method: method as Dispatcher.HttpMethod,
        reset: false,
      });
      return {
        status: answer.statusCode,
        text: () => answer.body.text(),
        drop: () => answer.body.dump(),
        body: answer.body,
      };
    },
    close: () => agent.destroy(),
  };
};

const denoWire = ({ server, ca, clientCertificate: cert, clientKey: key }: Connection): Wire => {
  const client = Deno.createHttpClient({
    caCerts: ca === undefined ? [] : [ca],
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    http1: true,
    http2: false,
    poolMaxIdlePerHost: 64,
  } as Deno.CreateHttpClientOptions);
  return {
    request: async (path, init) => {
      const answer = await fetch(server + path, { ...init, client } as RequestInit);
      return {
        status: answer.status,
        text: () => answer.text(),
        drop: () => answer.arrayBuffer(),
        body: answer.body ?? new ReadableStream<Uint8Array>({ start: (stream) => stream.close() }),
      };
    },
    close: () => Promise.resolve(client.close()),
  };
};

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** Opens a client over undici, or on Deno over its `fetch`. */
export const openClient = async (kubeconfig: string, userAgent: string): Promise<Client> => {
  const connection = await kubeconfigConnection({ path: kubeconfig });
  const wire = "Deno" in globalThis ? denoWire(connection) : undiciWire(connection);
  const headersOf = (contentType: string | undefined): Record<string, string> => ({
    accept: "application/json",
    "user-agent": userAgent,
    ...(contentType === undefined ? {} : { "content-type": contentType }),
  });
  return {
    send: async (method, path, body, contentType = "application/json") => {
      const answer = await wire.request(path, {
        method,
        body,
        headers: headersOf(body === undefined ? undefined : contentType),
      });
      await answer.drop();
      return answer.status;
    },
    json: async (method, path, body) => {
      const answer = await wire.request(path, {
        method,
        body: body === undefined ? undefined : JSON.stringify(body),
        headers: headersOf(body === undefined ? undefined : "application/json"),
      });
      const text = await answer.text();
      if (answer.status < 200 || answer.status > 299) {
        throw new Error(`${method} ${path}: HTTP ${answer.status}: ${text.slice(0, 300)}`);
      }
      return JSON.parse(text);
    },
    watch: async function* (path, resourceVersion, signal) {
      let version = resourceVersion;
      try {
        while (!signal.aborted) {
          const url = `${path}&watch=true&resourceVersion=${version}`;
          const answer = await wire.request(url, { method: "GET", headers: headersOf(undefined), signal });
          if (answer.status !== 200) {
            throw new Error(`GET ${url}: HTTP ${answer.status}: ${await answer.text()}`);
          }
          for await (const line of linesOf(answer.body)) {
            const event: WatchedEvent = JSON.parse(line);
            if (event.type === "ERROR") throw new Error(`GET ${url}: ${event.object.message}`);
            version = event.object.metadata.resourceVersion;
            yield event;
          }
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    close: wire.close,
  };
};
