import type { Millis } from "../../core/time.ts";
import type { Fetch } from "./body.ts";
import type { ClientCertificate, Connection, TransportOptions } from "./connection.ts";

/** A `fetch` that trusts, proves and pools as it was told. `close` ends its connections, also those in use. */
export interface Transport {
  readonly fetch: Fetch;
  readonly close: () => Promise<void>;
}

/** Makes the transport of a runtime. */
export type OpenTransport = (options: TransportOptions) => Transport | Promise<Transport>;

const certificateAgeMs: Millis = 60_000;
/** For how long connections with the old certificate may finish what they carry (a watch goes on that long). */
const lingerMs: Millis = 5 * 60_000;

/** The transport of a connection; a new one whenever its client certificate has been renewed. */
export const transportOf = async (connection: Connection, open: OpenTransport): Promise<Transport> => {
  const { clientCertificateSource: source } = connection;
  return source === undefined ? await open(connection) : renewingTransport(connection, open, source);
};

const renewingTransport = (
  options: TransportOptions,
  open: OpenTransport,
  source: () => Promise<ClientCertificate | undefined>,
): Transport => {
  let current: { readonly transport: Transport; readonly certificate: string | undefined } | undefined;
  let dueAt = 0;
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

  const renew = async (): Promise<Transport> => {
    try {
      const pair = await source();
      dueAt = performance.now() + certificateAgeMs;
      if (current !== undefined && current.certificate === pair?.certificate) return current.transport;
      const transport = await open({
        ...options,
        clientCertificate: pair?.certificate,
        clientKey: pair?.key,
      });
      if (current !== undefined) retire(current.transport);
      current = { transport, certificate: pair?.certificate };
      return transport;
    } catch (error) {
      if (current === undefined) throw error;
      dueAt = performance.now() + certificateAgeMs;
      return current.transport;
    } finally {
      renewing = undefined;
    }
  };

  return {
    fetch: async (url, init) => {
      const transport = current !== undefined && performance.now() < dueAt
        ? current.transport
        : await (renewing ??= renew());
      const answer = await transport.fetch(url, init);
      if (answer.status === 401) dueAt = 0;
      return answer;
    },
    close: async () => {
      for (const timer of lingering.values()) clearTimeout(timer);
      await Promise.all([...lingering.keys()].map((transport) => transport.close()));
      lingering.clear();
      await current?.transport.close();
    },
  };
};
