import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Millis } from "../../core/time.ts";
import type { Logger } from "../ports.ts";

/** Keeps count of the connections; the ones above the limit are closed before they cost a handshake. */
export const connectionsOf = (
  server: Server,
  limit: number,
  logger: Logger | undefined,
  what: string = "the kubelet API",
): ReadonlySet<Duplex> => {
  const open = new Set<Duplex>();
  server.prependListener("connection", (socket: Duplex) => {
    if (open.size >= limit) {
      logger?.log("warn", `too many connections to ${what}: one is closed`, { limit });
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return open;
};

/** Resolves when the server listens; rejects with an error that says where it could not. */
export const listen = (
  server: Server,
  address: string,
  port: number,
  what: string = "the kubelet API",
): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    const failed = (error: Error): void =>
      reject(
        new Error(`${what} cannot listen on ${address} port ${port}: ${error.message}`, {
          cause: error,
        }),
      );
    server.once("error", failed);
    server.listen(port, address, () => {
      server.off("error", failed);
      resolve(server.address() as AddressInfo);
    });
  });

const idleLookMs = 20;

/** A function that closes the server: new requests at once, those under way after `closeMs`. */
export const closer = (
  server: Server,
  open: ReadonlySet<Duplex>,
  aborts: ReadonlySet<AbortController>,
  closeMs: Millis,
): () => Promise<void> => {
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      const force = setTimeout(() => {
        for (const abort of aborts) abort.abort(new Error("the server is closing"));
        server.closeAllConnections();
        for (const socket of open) socket.destroy();
      }, closeMs);
      // a connection is idle when its last answer is written: Node does not look again
      const idle = setInterval(() => server.closeIdleConnections(), idleLookMs);
      server.close(() => {
        clearTimeout(force);
        clearInterval(idle);
        resolve();
      });
      server.closeIdleConnections();
    });
  return () => closing ??= close();
};
