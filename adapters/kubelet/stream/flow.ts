import process from "node:process";
import type { Duplex } from "node:stream";

interface TcpHandle {
  readStop(): void;
  readStart(): void;
}

/** What a TLS socket reads from. */
const tcpHandle = (socket: Duplex): TcpHandle | undefined => {
  const { _parent } = socket as { readonly _parent?: { readonly _handle?: TcpHandle } };
  return process.versions.deno === undefined ? undefined : _parent?._handle;
};

/**
 * Reads nothing more from a connection, so that its peer can soon send nothing more. On Deno a TLS socket that is paused is read on
 * underneath, into memory without bound (2.9), unless the TCP socket below it is stopped too.
 */
export const stopReading = (socket: Duplex): void => {
  socket.pause();
  tcpHandle(socket)?.readStop();
};

export const goOnReading = (socket: Duplex): void => {
  if (!socket.destroyed) tcpHandle(socket)?.readStart();
  socket.resume();
};
