import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { goOnReading, stopReading } from "./flow.ts";
import { lingerMs, maxWaitingBytes, type Wire } from "./wire.ts";

/** `messages`: each part is one. `bytes`: how they are divided means nothing. */
export type Framing = "messages" | "bytes";

const ignore = (): void => undefined;

/** A WebSocket that is open, on its connection. */
export const webSocketWire = (socket: WebSocket, connection: Duplex, framing: Framing): Wire => {
  let waiters: (() => void)[] = [];
  const hasRoom = (): boolean =>
    socket.readyState === socket.CLOSED ||
    (socket.readyState === socket.OPEN && socket.bufferedAmount <= maxWaitingBytes);
  const wake = (): void => {
    if (!hasRoom()) return;
    const woken = waiters;
    waiters = [];
    for (const resolve of woken) resolve();
  };
  const send = (part: Uint8Array | string): void =>
    socket.send(part, { binary: typeof part !== "string" }, wake);
  const resume = (): void => {
    socket.resume();
    goOnReading(connection);
  };
  return {
    open: ({ received, gone }) => {
      socket.on("message", (data: Uint8Array) => received(data));
      socket.on("error", ignore);
      socket.once("close", () => {
        wake();
        gone();
      });
    },
    send: (parts) => {
      if (socket.readyState !== socket.OPEN) return;
      if (framing === "messages" || parts.length === 1) parts.forEach(send);
      else send(Buffer.concat(parts.filter((part) => typeof part !== "string")));
    },
    room: () => hasRoom() ? Promise.resolve() : new Promise((resolve) => void waiters.push(resolve)),
    pause: () => {
      socket.pause();
      stopReading(connection);
    },
    resume,
    probe: () => {
      if (socket.readyState === socket.OPEN) socket.ping();
    },
    close: (code, reason) => {
      if (socket.readyState !== socket.OPEN) return;
      resume();
      socket.close(code, reason);
      const timer = setTimeout(() => socket.terminate(), lingerMs);
      socket.once("close", () => clearTimeout(timer));
    },
  };
};
