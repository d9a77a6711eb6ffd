import type { ForwardEvent, ForwardMachine } from "../../../core/stream/port_forward/machine.ts";
import type { WireEvent } from "../../../core/stream/wire.ts";
import type { Millis } from "../../../core/time.ts";
import type { CallOptions, PodConnection } from "../../ports.ts";
import { type FedStream, fedStream, waitingBytes } from "./fed_stream.ts";
import { pump } from "./pump.ts";
import { openSession, type Session, type SessionLimits } from "./session.ts";
import type { Wire } from "./wire.ts";

/** What may wait for a port-forward's pods together: one connection that stalls must not stop the others at once. */
const maxWaitingInput = 16_777_216;
/** After the pod's end of a connection the client may still send; clients wait for us to close both. */
const afterOutputMs: Millis = 1_000;

/** A port-forward, and whoever wants it. */
export interface ForwardService<S> {
  readonly wire: Wire;
  readonly machine: ForwardMachine<S>;
  readonly limits: SessionLimits;
  /** Aborts when the server ends. */
  readonly signal: AbortSignal;
  readonly connect: (port: number, options: CallOptions) => Promise<PodConnection>;
  /** What the client is told of a connection that failed. */
  readonly failure: (port: number, error: unknown) => string;
}

interface Connection {
  readonly input: FedStream;
  readonly abort: AbortController;
}

/** Connects to the pod for each connection of the client, and passes bytes on both ways until the client leaves. */
export const serveForward = <S>(service: ForwardService<S>): void => {
  const { wire, machine, limits } = service;
  const connections = new Map<string, Connection>();
  const halves = new Map<string, ReturnType<typeof setTimeout>>();
  const all = {};
  const waits = waitingBytes(maxWaitingInput, {
    full: () => session.hold(all),
    free: () => session.release(all),
  });

  const pass = async (id: string, pod: PodConnection, { input, abort }: Connection): Promise<void> => {
    const sent = input.stream.pipeTo(pod.writable, { signal: abort.signal });
    // a break of either is the end of both, and is heard of there
    sent.catch(() => undefined);
    const heard = pump(pod.readable, (bytes) => {
      session.apply((state) => machine.output(state, id, bytes));
      return wire.room();
    }, abort.signal).then(() => session.apply((state) => machine.outputEnded(state, id)));
    await heard;
    await later(afterOutputMs, sent);
  };
  const run = async (id: string, port: number, connection: Connection): Promise<string | undefined> => {
    const { signal } = connection.abort;
    let pod: PodConnection;
    try {
      pod = await service.connect(port, { signal });
    } catch (error) {
      return signal.aborted ? undefined : service.failure(port, error);
    }
    // a connection that breaks is no failure of the port-forward: told as one, kubectl would give all of it up
    await pass(id, pod, connection).catch(() => undefined);
  };
  const connect = async (id: string, port: number): Promise<void> => {
    clearTimeout(halves.get(id));
    halves.delete(id);
    const connection: Connection = { input: fedStream(waits), abort: new AbortController() };
    connections.set(id, connection);
    const failed = await run(id, port, connection);
    connections.delete(id);
    connection.abort.abort(new Error("the connection is over"));
    connection.input.fail(connection.abort.signal.reason);
    session.apply((state) => machine.closed(state, id, failed));
  };
  const wait = (id: string): void => {
    clearTimeout(halves.get(id));
    halves.set(id, setTimeout(() => session.apply((state) => machine.late(state, id)), limits.creationMs));
  };

  const onEvent = (event: Exclude<ForwardEvent, WireEvent>): void => {
    switch (event._tag) {
      case "Connect":
        return void connect(event.id, event.port);
      case "Data":
        return connections.get(event.id)?.input.push(event.bytes);
      case "Ended":
        return connections.get(event.id)?.input.end();
      case "Dropped":
        return connections.get(event.id)?.abort.abort(new Error("the client has dropped the connection"));
      case "Waiting":
        return wait(event.id);
    }
  };
  const session: Session<S, ForwardEvent> = openSession<S, ForwardEvent>({
    wire,
    start: machine.start,
    received: machine.received,
    onEvent,
    idleMs: limits.idleMs,
    signal: service.signal,
  });
  session.signal.addEventListener("abort", () => {
    for (const { abort } of connections.values()) abort.abort(session.signal.reason);
    for (const timer of halves.values()) clearTimeout(timer);
  }, { once: true });
  session.begin();
};

/** Resolves after `ms`, or when `work` is done before; rejects when that fails. */
const later = (ms: Millis, work: Promise<void>): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
};
