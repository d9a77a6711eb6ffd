import { chain } from "../chain.ts";
import { brokenBy, clientLeft, type WireEvent } from "../wire.ts";
import {
  newSpdy,
  type Spdy,
  spdyAccept,
  spdyEnd,
  type SpdyEvent,
  spdyReceived,
  spdyReset,
  spdySend,
  type SpdyStep,
} from "../spdy/connection.ts";
import type { SpdyHeaders } from "../spdy/header_block.ts";
import type { Inflate } from "../spdy/inflate.ts";
import type { ForwardEvent, ForwardMachine, ForwardStep } from "./machine.ts";
import { portOf } from "./port.ts";

/** What a port-forward over SPDY is named, in `X-Stream-Protocol-Version`. */
export const spdyForwardProtocol = "portforward.k8s.io";

/** The two streams of one connection. */
interface Pair {
  readonly port: number;
  readonly data?: number;
  readonly error?: number;
}

/** See {@link spdyForward}. */
export interface SpdyForward {
  readonly spdy: Spdy;
  /** By the client's request id. */
  readonly pairs: ReadonlyMap<string, Pair>;
  /** The request ids by the number of their data stream. */
  readonly byData: ReadonlyMap<number, string>;
}

type Step = ForwardStep<SpdyForward>;

const after = ([spdy, events]: SpdyStep, state: SpdyForward): Step => [
  { ...state, spdy },
  events as readonly WireEvent[],
];

/** Which connection a stream is of. Ancient clients name none: their data stream comes right after its error stream. */
const requestOf = (headers: SpdyHeaders, id: number, kind: "data" | "error"): string =>
  headers.get("requestid")?.[0] || `${kind === "error" ? id : id - 2}`;

const onOpened = (
  state: SpdyForward,
  { id, headers }: Extract<SpdyEvent, { _tag: "Opened" }>,
): Step => {
  const kind = headers.get("streamtype")?.[0];
  const port = portOf(headers.get("port")?.[0]);
  const refused = after(spdyReset(state.spdy, id), state);
  if (port === undefined || (kind !== "data" && kind !== "error")) return refused;
  const request = requestOf(headers, id, kind);
  const known = state.pairs.get(request);
  if (known !== undefined && (known[kind] !== undefined || known.port !== port)) return refused;
  const [spdy, events] = spdyAccept(state.spdy, id);
  const pair: Pair = { port, ...known, [kind]: id };
  const next: SpdyForward = {
    spdy,
    pairs: new Map(state.pairs).set(request, pair),
    byData: kind === "data" ? new Map(state.byData).set(id, request) : state.byData,
  };
  const told: ForwardEvent = known === undefined
    ? { _tag: "Waiting", id: request }
    : { _tag: "Connect", id: request, port };
  return [next, [...events as readonly WireEvent[], told]];
};

const forget = (state: SpdyForward, id: string): SpdyForward => {
  const pairs = new Map(state.pairs);
  const byData = new Map(state.byData);
  const { data } = pairs.get(id) ?? {};
  pairs.delete(id);
  if (data !== undefined) byData.delete(data);
  return { ...state, pairs, byData };
};

const isWhole = ({ data, error }: Pair): boolean => data !== undefined && error !== undefined;

/** Half a connection is forgotten: whoever resets streams all the time must not fill the memory. */
const onReset = (state: SpdyForward, stream: number): Step => {
  const found = [...state.pairs].find(([, { data, error }]) => data === stream || error === stream);
  if (found === undefined) return [state, []];
  const [id, pair] = found;
  if (!isWhole(pair)) return [forget(state, id), []];
  return [state, pair.data === stream ? [{ _tag: "Dropped", id }] : []];
};

const onEvent = (state: SpdyForward, event: SpdyEvent): Step => {
  switch (event._tag) {
    case "Opened":
      return onOpened(state, event);
    case "Data":
    case "Ended": {
      const id = state.byData.get(event.id);
      if (id === undefined) return [state, []];
      return [state, [event._tag === "Data" ? { ...event, id } : { _tag: "Ended", id }]];
    }
    case "Reset":
      return onReset(state, event.id);
    case "Left":
      return [state, event.broken === undefined ? [clientLeft] : brokenBy(event.broken)];
    case "Write":
      return [state, [event]];
  }
};

const encoder = new TextEncoder();

/** Ends both streams of a connection, and tells what failed before. */
const close = (state: SpdyForward, id: string, failed: string | undefined): Step => {
  const { data, error } = state.pairs.get(id) ?? {};
  const on =
    (stream: number | undefined, step: (spdy: Spdy, id: number) => SpdyStep) => (now: SpdyForward): Step =>
      stream === undefined ? [now, []] : after(step(now.spdy, stream), now);
  const text = encoder.encode(failed ?? "");
  return chain(forget(state, id), [
    on(error, (spdy, stream) => spdySend(spdy, stream, text)),
    on(data, spdyEnd),
    on(error, spdyEnd),
  ]);
};

/**
 * A port-forward over SPDY: for each TCP connection the client opens an error and a data stream, in any order, with one request
 * id. Any byte on an error stream makes kubectl give the whole port-forward up, so only a failure is told there.
 */
export const spdyForward = (inflate: Inflate): ForwardMachine<SpdyForward> => ({
  start: [{ spdy: newSpdy, pairs: new Map(), byData: new Map() }, []],
  received: (state, data) => spdyReceived(inflate, state, data, (now, event) => onEvent(now, event)),
  output: (state, id, bytes) => {
    const data = state.pairs.get(id)?.data;
    return data === undefined ? [state, []] : after(spdySend(state.spdy, data, bytes), state);
  },
  outputEnded: (state, id) => {
    const data = state.pairs.get(id)?.data;
    return data === undefined ? [state, []] : after(spdyEnd(state.spdy, data), state);
  },
  closed: close,
  late: (state, id) => {
    const pair = state.pairs.get(id);
    if (pair === undefined || isWhole(pair)) return [state, []];
    const missing = pair.data === undefined ? "data" : "error";
    return close(state, id, `the ${missing} stream of port ${pair.port} was not opened in time`);
  },
});
