import { decodeBase64, encodeBase64 } from "./base64.ts";

/** How a WebSocket message names its channel: a first byte, or a first digit before base64. */
export type ChannelCoding = "binary" | "base64";

const zero = "0".charCodeAt(0);

/** A message that carries `bytes` on a channel; with base64 it is a text message. */
export const channelMessage = (
  coding: ChannelCoding,
  channel: number,
  bytes: Uint8Array,
): Uint8Array | string => {
  if (coding === "base64") return String.fromCharCode(zero + channel) + encodeBase64(bytes);
  const message = new Uint8Array(bytes.length + 1);
  message[0] = channel;
  message.set(bytes, 1);
  return message;
};

/** What a message holds. */
export interface ChannelFrame {
  readonly channel: number;
  readonly bytes: Uint8Array;
}

/** Reads a message, text as its UTF-8. `undefined`: it is no such message. The empty message is not to be asked about. */
export const readChannelMessage = (coding: ChannelCoding, message: Uint8Array): ChannelFrame | undefined => {
  const [first = 0] = message;
  const rest = message.subarray(1);
  if (coding === "binary") return { channel: first, bytes: rest };
  const bytes = decodeBase64(rest);
  return bytes === undefined ? undefined : { channel: first - zero, bytes };
};
