import * as E from "fp-ts/lib/Either.js";
import { type ChannelCoding, channelMessage, readChannelMessage } from "../channel_frame.ts";
import type { Refusal } from "../../kubelet/log_options.ts";
import type { QueryPairs } from "../remote_command/request.ts";
import { brokenBy, done, write } from "../wire.ts";
import type { ForwardEvent, ForwardMachine } from "./machine.ts";
import { portOf } from "./port.ts";

/** The port-forward protocols with channels; without a subprotocol it is the first. */
export const webSocketForwardProtocols = ["v4.channel.k8s.io", "v4.base64.channel.k8s.io"] as const;

export type WebSocketForwardProtocol = (typeof webSocketForwardProtocols)[number];

/** A WebSocket that only carries the bytes of a SPDY connection. */
export const tunnelProtocol = "SPDY/3.1+portforward.k8s.io";

/** A channel is a byte, or a digit, and each port has two. */
const maxPorts = (coding: ChannelCoding): number => coding === "binary" ? 127 : 5;

/** The ports of a query, `port=80&port=81,82`. Left: there are none, too many, or one is no port. */
export const readForwardPorts = (
  query: QueryPairs,
  coding: ChannelCoding,
): E.Either<Refusal, readonly number[]> => {
  const texts = [...query].filter(([name]) => name === "port").flatMap(([, value]) => value.split(","));
  if (texts.length === 0) return E.left({ status: 400, message: 'query parameter "port" is required' });
  if (texts.length > maxPorts(coding)) {
    return E.left({
      status: 400,
      message: `at most ${maxPorts(coding)} ports may be given, not ${texts.length}`,
    });
  }
  const ports: number[] = [];
  for (const text of texts) {
    const port = portOf(text);
    if (port === undefined) {
      return E.left({
        status: 400,
        message: `port ${JSON.stringify(text)} must be a number from 1 to 65535`,
      });
    }
    ports.push(port);
  }
  return E.right(ports);
};

const littleEndian = (port: number): Uint8Array => new Uint8Array([port & 0xff, port >> 8]);
const encoder = new TextEncoder();

export const forwardCoding = (protocol: WebSocketForwardProtocol): ChannelCoding =>
  protocol === "v4.base64.channel.k8s.io" ? "base64" : "binary";

/** The numbers of the connections that go on. */
export type WebSocketForward = ReadonlySet<number>;

/**
 * A port-forward over WebSocket: one connection for each port, data on channel 2i and errors on 2i + 1, each of which begins with
 * the port as two bytes, the lower first. Neither side can end its half.
 */
export const webSocketForward = (
  ports: readonly number[],
  protocol: WebSocketForwardProtocol,
): ForwardMachine<WebSocketForward> => {
  const coding = forwardCoding(protocol);
  const send = (channel: number, bytes: Uint8Array): ForwardEvent =>
    write(channelMessage(coding, channel, bytes));
  const starts: readonly ForwardEvent[] = ports.flatMap((port, at) => [
    send(2 * at, littleEndian(port)),
    send(2 * at + 1, littleEndian(port)),
  ]);
  const connects: readonly ForwardEvent[] = ports.map((port, at) => ({ _tag: "Connect", id: `${at}`, port }));
  return {
    start: [new Set(ports.keys()), [...starts, ...connects]],
    received: (state, message) => {
      if (message.length === 0) return [state, []];
      const frame = readChannelMessage(coding, message);
      if (frame === undefined) return [new Set(), brokenBy("a message is no base64")];
      const { channel, bytes } = frame;
      return channel % 2 === 0 && state.has(channel / 2) && bytes.length > 0
        ? [state, [{ _tag: "Data", id: `${channel / 2}`, bytes }]]
        : [state, []];
    },
    output: (state, id, bytes) =>
      state.has(Number(id)) && bytes.length > 0 ? [state, [send(2 * Number(id), bytes)]] : [state, []],
    outputEnded: (state) => [state, []],
    closed: (state, id, failed) => {
      if (!state.has(Number(id))) return [state, []];
      const left = new Set([...state].filter((each) => each !== Number(id)));
      const told = failed === undefined ? [] : [send(2 * Number(id) + 1, encoder.encode(failed))];
      return [left, left.size === 0 ? [...told, done] : told];
    },
    late: (state) => [state, []],
  };
};
