import type { Duplex } from "node:stream";
import { pingFrame } from "../../../core/stream/spdy/frame.ts";
import { goOnReading, stopReading } from "./flow.ts";
import { lingerMs, type Wire } from "./wire.ts";

/** Even ones are the server's; no answer is waited for. */
const probe = pingFrame(2);

/** A SPDY connection on the raw socket of an upgrade; `head` is what came with the request. */
export const spdyWire = (socket: Duplex, head: Uint8Array): Wire => {
  let isClosing = false;
  let waiters: (() => void)[] = [];
  const wake = (): void => {
    const woken = waiters;
    waiters = [];
    for (const resolve of woken) resolve();
  };
  socket.on("drain", wake);
  socket.on("close", wake);
  const end = (): void => {
    if (!socket.writableEnded && !socket.destroyed) socket.end();
  };
  return {
    open: ({ received, gone }) => {
      let isGone = false;
      const leave = (): void => {
        if (isGone) return;
        isGone = true;
        end();
        gone();
      };
      socket.on("end", leave);
      socket.on("close", leave);
      socket.on("error", () => socket.destroy());
      if (head.byteLength > 0) received(head);
      socket.on("data", received);
      socket.resume();
    },
    send: (parts) => {
      if (socket.destroyed || socket.writableEnded) return;
      socket.cork();
      for (const part of parts) socket.write(part);
      socket.uncork();
    },
    room: () => {
      if (socket.closed) return Promise.resolve();
      const isEnding = socket.destroyed || socket.writableEnded;
      return isEnding || socket.writableNeedDrain
        ? new Promise((resolve) => void waiters.push(resolve))
        : Promise.resolve();
    },
    pause: () => stopReading(socket),
    resume: () => goOnReading(socket),
    probe: () => {
      if (!socket.destroyed && !socket.writableEnded) socket.write(probe);
    },
    close: () => {
      if (isClosing) return;
      isClosing = true;
      goOnReading(socket);
      const timer = setTimeout(() => {
        end();
        socket.destroy();
      }, lingerMs);
      socket.once("close", () => clearTimeout(timer));
    },
  };
};
