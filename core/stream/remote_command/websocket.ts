import { type ChannelCoding, channelMessage, readChannelMessage } from "../channel_frame.ts";
import { brokenBy, done, write } from "../wire.ts";
import type { CommandEvent, CommandMachine, CommandStep } from "./machine.ts";
import { outcomeBytes } from "./outcome.ts";
import type { CommandRequest } from "./request.ts";
import { readSizes } from "./sizes.ts";

/** The remote-command protocols over WebSocket; without a subprotocol it is `channel.k8s.io`. */
export const webSocketCommandProtocols = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v4.base64.channel.k8s.io",
  "channel.k8s.io",
  "base64.channel.k8s.io",
] as const;

export type WebSocketCommandProtocol = (typeof webSocketCommandProtocols)[number];

const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;
/** v5: the client says that it sends no more on a channel. */
const closeSignal = 255;

/** See {@link webSocketCommand}. */
export interface WebSocketCommand {
  readonly sizes: Uint8Array;
  readonly stdinEnded: boolean;
  readonly finished: boolean;
}

const firstOutput = ({ stdout, stderr }: CommandRequest): number =>
  stdout ? channels.stdout : stderr ? channels.stderr : channels.error;

/**
 * The remote-command protocol over WebSocket: the first byte (or digit) of a message is its channel. All channels are there at
 * once, and an empty message says so to the client. Only v5 can end stdin.
 */
export const webSocketCommand = (
  request: CommandRequest,
  protocol: WebSocketCommandProtocol,
): CommandMachine<WebSocketCommand> => {
  const coding: ChannelCoding = protocol.includes("base64") ? "base64" : "binary";
  const hasStatus = protocol.startsWith("v");
  const hasCloseSignal = protocol === "v5.channel.k8s.io";
  const send = (channel: number, bytes: Uint8Array): CommandEvent =>
    write(channelMessage(coding, channel, bytes));

  const broken = (state: WebSocketCommand, why: string): CommandStep<WebSocketCommand> => [
    { ...state, finished: true },
    brokenBy(why),
  ];

  const onClosed = (state: WebSocketCommand, bytes: Uint8Array): CommandStep<WebSocketCommand> => {
    const [channel] = bytes;
    if (bytes.length !== 1 || channel === undefined || channel > channels.resize) {
      return broken(state, "a close signal names one channel");
    }
    if (channel !== channels.stdin || !request.stdin || state.stdinEnded) return [state, []];
    return [{ ...state, stdinEnded: true }, [{ _tag: "StdinEnded" }]];
  };

  const onFrame = (
    state: WebSocketCommand,
    channel: number,
    bytes: Uint8Array,
  ): CommandStep<WebSocketCommand> => {
    if (channel === closeSignal && hasCloseSignal) return onClosed(state, bytes);
    if (bytes.length === 0) return [state, []];
    if (channel === channels.stdin && request.stdin && !state.stdinEnded) {
      return [state, [{ _tag: "Stdin", bytes }]];
    }
    if (channel !== channels.resize || !request.tty) return [state, []];
    const { rest, sizes } = readSizes(state.sizes, bytes);
    return [{ ...state, sizes: rest }, sizes.map((size) => ({ _tag: "Resized", size }))];
  };

  return {
    start: [
      { sizes: new Uint8Array(0), stdinEnded: false, finished: false },
      [send(firstOutput(request), new Uint8Array(0)), { _tag: "Ready" }],
    ],
    received: (state, message) => {
      if (state.finished || message.length === 0) return [state, []];
      const frame = readChannelMessage(coding, message);
      return frame === undefined
        ? broken(state, "a message is no base64")
        : onFrame(state, frame.channel, frame.bytes);
    },
    output: (state, channel, bytes) =>
      state.finished || !request[channel] || bytes.length === 0
        ? [state, []]
        : [state, [send(channels[channel], bytes)]],
    finish: (state, outcome) => {
      if (state.finished) return [state, []];
      const told = outcomeBytes(outcome, hasStatus);
      return [
        { ...state, finished: true },
        told.length === 0 ? [done] : [send(channels.error, told), done],
      ];
    },
    late: (state) => [state, []],
  };
};
