import type { Answer, FetchInit } from "./body.ts";
import { ConnectionError, type TransportOptions } from "./connection.ts";
import type { Transport } from "./transport.ts";

/** What we use of the `Deno` global, so that this file also compiles where Deno's types are not. */
interface DenoHttp {
  createHttpClient(options: Readonly<Record<string, unknown>>): { close(): void };
}

/** Whether Deno's `fetch` can do this: it always verifies the server, by the name in the URL. */
export const isDenoCapable = (options: TransportOptions): boolean =>
  options.insecureSkipTlsVerify !== true && options.serverName === undefined;

/** A transport over Deno's `fetch` with an HTTP client of its own: private CA, client certificate, keep-alive. */
export const denoTransport = (options: TransportOptions): Transport => {
  const deno = (globalThis as { readonly Deno?: DenoHttp }).Deno;
  if (deno === undefined) {
    throw new ConnectionError("this transport needs Deno; on Node use nodeTransport of ./node");
  }
  if (!isDenoCapable(options)) {
    throw new ConnectionError(
      "Deno's fetch cannot skip verifying the server or verify another name; use nodeTransport of ./node, on Deno too",
    );
  }
  const { ca, clientCertificate: cert, clientKey: key, proxyUrl } = options;
  const client = deno.createHttpClient({
    ...(ca === undefined ? {} : { caCerts: [ca] }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(proxyUrl === undefined ? {} : { proxy: { url: proxyUrl } }),
    // One connection a request in flight: a stuck one holds up no other.
    http1: true,
    http2: false,
    poolMaxIdlePerHost: 64,
    poolIdleTimeout: 60_000,
  });
  return {
    fetch: async (url: string, init: FetchInit): Promise<Answer> => {
      const response = await fetch(url, { ...init, client } as RequestInit);
      return {
        status: response.status,
        headers: response.headers,
        body: response.body,
        // Half the cost of a reader, and what is dropped is one object, which an API server bounds. (`cancel` would close
        // the connection when the last bytes are still on their way.)
        discard: () => response.arrayBuffer(),
      };
    },
    close: () => {
      client.close();
      return Promise.resolve();
    },
  };
};
