import { chain } from "../chain.ts";
import { brokenBy, clientLeft, done } from "../wire.ts";
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
import type { Inflate } from "../spdy/inflate.ts";
import type { CommandEvent, CommandMachine, CommandStep } from "./machine.ts";
import { outcomeBytes } from "./outcome.ts";
import type { CommandRequest } from "./request.ts";
import { readSizes } from "./sizes.ts";

/** The remote-command protocols over SPDY, as `X-Stream-Protocol-Version` names them. v5 is v4 there, byte for byte. */
export const spdyCommandProtocols = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
  "channel.k8s.io",
] as const;

export type SpdyCommandProtocol = (typeof spdyCommandProtocols)[number];

type StreamName = "error" | "stdin" | "stdout" | "stderr" | "resize";

/** See {@link spdyCommand}. */
export interface SpdyCommand {
  readonly spdy: Spdy;
  /** The numbers of the streams that are there. */
  readonly ids: ReadonlyMap<StreamName, number>;
  readonly sizes: Uint8Array;
  /** `Opening`: streams are missing. `Finished`: the outcome was told. */
  readonly phase: "Opening" | "Running" | "Finished";
}

const wantedStreams = (request: CommandRequest, protocol: SpdyCommandProtocol): ReadonlySet<StreamName> => {
  const { stdin, stdout, stderr, tty } = request;
  const hasResize = tty && protocol !== "v2.channel.k8s.io" && protocol !== "channel.k8s.io";
  const wanted: readonly (readonly [StreamName, boolean])[] = [
    ["error", true],
    ["stdin", stdin],
    ["stdout", stdout],
    ["stderr", stderr],
    ["resize", hasResize],
  ];
  return new Set(wanted.filter(([, isWanted]) => isWanted).map(([name]) => name));
};

const after = ([spdy, events]: SpdyStep, state: SpdyCommand): CommandStep<SpdyCommand> => [
  { ...state, spdy },
  events as readonly CommandEvent[],
];

const onOpened = (
  state: SpdyCommand,
  wanted: ReadonlySet<StreamName>,
  { id, headers }: Extract<SpdyEvent, { _tag: "Opened" }>,
): CommandStep<SpdyCommand> => {
  const name = headers.get("streamtype")?.[0] as StreamName | undefined;
  if (name === undefined || !wanted.has(name) || state.ids.has(name) || state.phase === "Finished") {
    return after(spdyReset(state.spdy, id), state);
  }
  const [spdy, events] = spdyAccept(state.spdy, id);
  const ids = new Map(state.ids).set(name, id);
  const isReady = ids.size === wanted.size;
  return [
    { ...state, spdy, ids, phase: isReady ? "Running" : "Opening" },
    isReady ? [...events as readonly CommandEvent[], { _tag: "Ready" }] : events as readonly CommandEvent[],
  ];
};

const onData = (
  state: SpdyCommand,
  { id, bytes }: Extract<SpdyEvent, { _tag: "Data" }>,
): CommandStep<SpdyCommand> => {
  if (state.phase === "Finished") return [state, []];
  if (id === state.ids.get("stdin")) return [state, [{ _tag: "Stdin", bytes }]];
  if (id !== state.ids.get("resize")) return [state, []];
  const { rest, sizes } = readSizes(state.sizes, bytes);
  return [{ ...state, sizes: rest }, sizes.map((size) => ({ _tag: "Resized", size }))];
};

const onEvent = (
  state: SpdyCommand,
  wanted: ReadonlySet<StreamName>,
  event: SpdyEvent,
): CommandStep<SpdyCommand> => {
  switch (event._tag) {
    case "Opened":
      return onOpened(state, wanted, event);
    case "Data":
      return onData(state, event);
    case "Ended":
    case "Reset":
      return [state, event.id === state.ids.get("stdin") ? [{ _tag: "StdinEnded" }] : []];
    case "Left":
      return [state, event.broken === undefined ? [clientLeft] : brokenBy(event.broken)];
    case "Write":
      return [state, [event]];
  }
};

/**
 * The remote-command protocol over SPDY: the client opens a stream for each channel and waits for each to be answered. At the
 * end stdout and stderr are closed before the outcome is told, and stdin after: in this order client-go waits for them.
 */
export const spdyCommand = (
  inflate: Inflate,
  request: CommandRequest,
  protocol: SpdyCommandProtocol,
): CommandMachine<SpdyCommand> => {
  const wanted = wantedStreams(request, protocol);
  const hasStatus = protocol === "v5.channel.k8s.io" || protocol === "v4.channel.k8s.io";
  const end = (name: StreamName) => (state: SpdyCommand): CommandStep<SpdyCommand> => {
    const id = state.ids.get(name);
    return id === undefined ? [state, []] : after(spdyEnd(state.spdy, id), state);
  };
  const send = (name: StreamName, bytes: Uint8Array) => (state: SpdyCommand): CommandStep<SpdyCommand> => {
    const id = state.ids.get(name);
    return id === undefined ? [state, []] : after(spdySend(state.spdy, id, bytes), state);
  };
  return {
    start: [{ spdy: newSpdy, ids: new Map(), sizes: new Uint8Array(0), phase: "Opening" }, []],
    received: (state, data) =>
      spdyReceived(inflate, state, data, (now, event) => onEvent(now, wanted, event)),
    output: (state, channel, bytes) => state.phase === "Running" ? send(channel, bytes)(state) : [state, []],
    finish: (state, outcome) =>
      state.phase === "Finished" ? [state, []] : chain(state, [
        end("stdout"),
        end("stderr"),
        send("error", outcomeBytes(outcome, hasStatus)),
        end("error"),
        end("stdin"),
        end("resize"),
        (now) => [{ ...now, phase: "Finished" }, [done]],
      ]),
    late: (state) =>
      state.phase === "Opening"
        ? [{ ...state, phase: "Finished" }, brokenBy("the client did not open all its streams in time")]
        : [state, []],
  };
};
