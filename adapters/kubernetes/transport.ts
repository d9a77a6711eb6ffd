import type { Millis } from "../../core/time.ts";
import type { Fetch } from "./body.ts";
import type { ClientCertificate, Connection, TransportOptions } from "./connection.ts";
import { isExpired } from "./deadline.ts";

/** A `fetch` that trusts, proves and pools as it was told. `close` ends its connections, also those in use. */
export interface Transport {
  readonly fetch: Fetch;
  readonly close: () => Promise<void>;
}

/** Makes the transport of a runtime. */
export type OpenTransport = (options: TransportOptions) => Transport | Promise<Transport>;

const certificateAgeMs: Millis = 60_000;
/** For how long connections that are not used any more may finish what they carry (a watch goes on that long). */
const lingerMs: Millis = 5 * 60_000;

/** Makes a transport, unless the one there is will do; that one is absent, or in doubt. */
type Renew = (current: Transport | undefined) => Promise<Transport>;

/**
 * The transport of a connection; a new one when its client certificate has been renewed, and when a request was not answered in
 * time: then the network may have forgotten our connections, and every one that rests would cost a request its time again.
 */
export const transportOf = async (connection: Connection, open: OpenTransport): Promise<Transport> => {
  const { clientCertificateSource: source } = connection;
  if (source !== undefined) {
    return renewedTransport(byCertificate(connection, open, source), certificateAgeMs);
  }
  const first = await open(connection);
  return renewedTransport(async (current) => current ?? await open(connection), Infinity, first);
};

/** Asks for the certificate each time; where it cannot be had the last one is used on. */
const byCertificate = (
  options: TransportOptions,
  open: OpenTransport,
  source: () => Promise<ClientCertificate | undefined>,
): Renew => {
  let known: { readonly pair: ClientCertificate | undefined } | undefined;
  const find = async (): Promise<ClientCertificate | undefined> => {
    try {
      return await source();
    } catch (error) {
      if (known === undefined) throw error;
      return known.pair;
    }
  };
  return async (current) => {
    const pair = await find();
    if (current !== undefined && known?.pair?.certificate === pair?.certificate) return current;
    const transport = await open({ ...options, clientCertificate: pair?.certificate, clientKey: pair?.key });
    known = { pair };
    return transport;
  };
};

const renewedTransport = (renew: Renew, maxAgeMs: Millis, first?: Transport): Transport => {
  let current = first;
  let dueAt = first === undefined ? 0 : performance.now() + maxAgeMs;
  let doubted = false;
  let renewing: Promise<Transport> | undefined;
  const lingering = new Map<Transport, ReturnType<typeof setTimeout>>();

  const retire = (transport: Transport): void => {
    const timer = setTimeout(() => {
      lingering.delete(transport);
      void transport.close();
    }, lingerMs);
    // A timer alone must not keep the process alive; in runtimes where it is a number it does not.
    (timer as unknown as { unref?: () => void }).unref?.();
    lingering.set(transport, timer);
  };

  const next = async (): Promise<Transport> => {
    const old = current;
    try {
      current = await renew(doubted ? undefined : old);
      if (old !== undefined && old !== current) retire(old);
    } catch (error) {
      if (old === undefined) throw error;
    } finally {
      renewing = undefined;
    }
    doubted = false;
    dueAt = performance.now() + maxAgeMs;
    return current as Transport;
  };

  /** Once for all the requests that waited on the same transport. */
  const doubt = (transport: Transport, signal: AbortSignal): void => {
    if (transport !== current || !isExpired(signal)) return;
    doubted = true;
    dueAt = 0;
  };

  return {
    fetch: async (url, init) => {
      const transport = current !== undefined && performance.now() < dueAt
        ? current
        : await (renewing ??= next());
      // at once: the rejection comes when the next request may be on its way
      const onAbort = (): void => doubt(transport, init.signal);
      init.signal.addEventListener("abort", onAbort);
      try {
        const answer = await transport.fetch(url, init);
        if (answer.status === 401) dueAt = 0;
        return answer;
      } finally {
        init.signal.removeEventListener("abort", onAbort);
      }
    },
    close: async () => {
      for (const timer of lingering.values()) clearTimeout(timer);
      await Promise.all([...lingering.keys()].map((transport) => transport.close()));
      lingering.clear();
      await current?.close();
    },
  };
};
