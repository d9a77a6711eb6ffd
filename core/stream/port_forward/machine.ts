import type { WireEvent } from "../wire.ts";

/** What a client's port-forward wants. `id` names one of its connections. */
export type ForwardEvent =
  /** Connect to a port of the pod. */
  | { readonly _tag: "Connect"; readonly id: string; readonly port: number }
  | { readonly _tag: "Data"; readonly id: string; readonly bytes: Uint8Array }
  /** The client sends no more; it still reads. */
  | { readonly _tag: "Ended"; readonly id: string }
  /** The client has dropped the connection. */
  | { readonly _tag: "Dropped"; readonly id: string }
  /** One of two streams is there; the other one is waited for, for a time. */
  | { readonly _tag: "Waiting"; readonly id: string }
  | WireEvent;

export type ForwardStep<S> = readonly [S, readonly ForwardEvent[]];

/** A server's end of a port-forward, over some transport. */
export interface ForwardMachine<S> {
  readonly start: ForwardStep<S>;
  /** Bytes of a SPDY connection, cut anywhere, or one WebSocket message (text as UTF-8). */
  received(state: S, data: Uint8Array): ForwardStep<S>;
  output(state: S, id: string, bytes: Uint8Array): ForwardStep<S>;
  /** The pod sends no more; the client still may. */
  outputEnded(state: S, id: string): ForwardStep<S>;
  /** The connection is over; `failed`: why it could not be made, or broke. */
  closed(state: S, id: string, failed?: string): ForwardStep<S>;
  /** The time for the other stream of a `Waiting` is over. */
  late(state: S, id: string): ForwardStep<S>;
}
