import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import type { Logger } from "../ports.ts";

const connectMs = 5_000;

const machineAddresses = (): readonly { readonly address: string; readonly internal: boolean }[] =>
  Object.values(networkInterfaces()).flatMap((each) => each ?? []);

/** Whether this machine has the address, so that something can listen on it. */
export const isOwnAddress = (address: string): boolean =>
  machineAddresses().some((each) => each.address === address);

/** The address of this end of a connection to `url`. Rejects when there is no connection. */
const localEnd = (url: URL, signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const port = Number(url.port) || (url.protocol === "http:" ? 80 : 443);
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ""), port });
    const fail = (error: Error): void => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      reject(error);
    };
    const abort = (): void => fail(new Error("stopped"));
    signal.addEventListener("abort", abort, { once: true });
    socket.setTimeout(connectMs, () => fail(new Error(`no connection to ${url.host} in ${connectMs} ms`)));
    socket.once("error", fail);
    socket.once("connect", () => {
      signal.removeEventListener("abort", abort);
      const { localAddress = "" } = socket;
      socket.destroy();
      resolve(localAddress.replace(/^::ffff:/, ""));
    });
  });

/**
 * The address under which this machine is on the way to a server, so that the server may find it there; 127.0.0.1 when the
 * server is on this machine. Without a connection: the first address that is not loopback. Says in the log which.
 */
export const addressTowards = async (
  server: string,
  signal: AbortSignal,
  logger: Logger,
): Promise<string> => {
  try {
    const address = await localEnd(new URL(server), signal);
    logger.log("info", "the node's address is this machine's on the way to the API server", { address });
    return address;
  } catch (error) {
    signal.throwIfAborted();
    const address = machineAddresses().find((each) => !each.internal)?.address ?? "127.0.0.1";
    const reason = error instanceof Error ? error.message : String(error);
    logger.log("warn", "the node's address is a guess; give one with --address", { address, reason });
    return address;
  }
};
