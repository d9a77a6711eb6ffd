import { connect } from "node:net";
import type { Socket } from "node:net";
import type { ObjectRef } from "../../../../core/kubernetes/meta.ts";
import type { PodConnection } from "../../../ports.ts";
import { ProviderError } from "../../../provider_error.ts";
import { readInstance } from "../instance.ts";
import { instanceDir, type Layout } from "../layout.ts";
import { newestInstance } from "../observe.ts";
import { readPodRecord } from "../pod_record.ts";
import { listenerOf } from "./listeners.ts";
import { outputOf } from "./readable.ts";

const opened = (socket: Socket, port: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = (): void => void socket.destroy(new Error("the client has left"));
    signal.addEventListener("abort", abort, { once: true });
    socket.once("close", () => signal.removeEventListener("abort", abort));
    socket.once("connect", resolve);
    socket.once(
      "error",
      (cause) =>
        reject(
          new ProviderError("Unavailable", `cannot connect to port ${port}: ${cause.message}`, { cause }),
        ),
    );
    if (signal.aborted) abort();
  });

const written = (socket: Socket, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => socket.write(bytes, (error) => error == null ? resolve() : reject(error)));

/** Connects to a port that a process of the pod listens on; the machine's other ports are not the pod's. */
export const connectTo = async (
  layout: Layout,
  pod: ObjectRef,
  port: number,
  signal: AbortSignal,
): Promise<PodConnection> => {
  const record = readPodRecord(layout, pod.uid);
  if (record === undefined) throw new ProviderError("NotFound", `pod "${pod.name}" does not exist`);
  const commands = record.containers.flatMap((container) => {
    const key = newestInstance(layout, pod.uid, container);
    const state = key === undefined ? undefined : readInstance(instanceDir(layout, key));
    return state?._tag === "Running" ? [state.command] : [];
  });
  const host = listenerOf(commands, port);
  if (host === undefined) {
    throw new ProviderError(
      "Unavailable",
      `connection refused: no process of the pod listens on port ${port}`,
    );
  }
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
  await opened(socket, port, signal);
  socket.on("error", () => socket.destroy());
  return {
    readable: outputOf(socket, new Promise(() => undefined)),
    writable: new WritableStream<Uint8Array>({
      write: (bytes) => written(socket, bytes),
      close: () => void socket.end(),
      abort: () => void socket.destroy(),
    }),
  };
};
