import { addBytes, type Bytes, joinBytes, noBytes } from "../../watch/bytes.ts";

/** A control frame as it came, or a part of a data frame; `fin` is told with the last part. */
export type RawFrame =
  | {
    readonly _tag: "Control";
    readonly version: number;
    readonly type: number;
    readonly flags: number;
    readonly payload: Uint8Array;
  }
  | { readonly _tag: "Data"; readonly id: number; readonly bytes: Uint8Array; readonly fin: boolean };

/** How far a connection's bytes are read. A data frame is never kept: its parts are passed on as they come. */
export type Reading =
  | { readonly _tag: "Head"; readonly have: Bytes }
  | { readonly _tag: "Payload"; readonly head: Uint8Array; readonly have: Bytes; readonly length: number }
  | { readonly _tag: "Data"; readonly id: number; readonly fin: boolean; readonly left: number };

const headBytes = 8;
/** Header blocks of Kubernetes have less than a hundred bytes; SPDY allows 16 MiB. */
const maxControlBytes = 65_536;

export const atFrameStart: Reading = { _tag: "Head", have: noBytes };

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

const isControl = (head: Uint8Array): boolean => ((head[0] ?? 0) & 0x80) !== 0;
const lengthOf = (head: Uint8Array): number => viewOf(head).getUint32(4) & 0xff_ffff;

const controlFrame = (head: Uint8Array, payload: Uint8Array): RawFrame => ({
  _tag: "Control",
  version: viewOf(head).getUint16(0) & 0x7fff,
  type: viewOf(head).getUint16(2),
  flags: head[4] ?? 0,
  payload,
});

/** What has been read of the bytes. `broken`: why nothing more can be. */
export interface Read {
  readonly reading: Reading;
  readonly frames: readonly RawFrame[];
  readonly broken?: string;
}

/** Reads on. However the bytes are cut, the frames are the same but for how data is divided. */
export const readFrames = (from: Reading, data: Uint8Array): Read => {
  const frames: RawFrame[] = [];
  let reading = from;
  const take = (have: Bytes, wanted: number, at: number): Bytes =>
    addBytes(have, data.subarray(at, at + wanted - have.length));
  for (let at = 0; at < data.length;) {
    if (reading._tag === "Data") {
      const bytes = data.subarray(at, at + reading.left);
      const left = reading.left - bytes.length;
      frames.push({ _tag: "Data", id: reading.id, bytes, fin: reading.fin && left === 0 });
      at += bytes.length;
      reading = left === 0 ? atFrameStart : { ...reading, left };
    } else if (reading._tag === "Payload") {
      const have = take(reading.have, reading.length, at);
      at += have.length - reading.have.length;
      if (have.length < reading.length) {
        reading = { ...reading, have };
      } else {
        frames.push(controlFrame(reading.head, joinBytes(have)));
        reading = atFrameStart;
      }
    } else {
      const have = take(reading.have, headBytes, at);
      at += have.length - reading.have.length;
      if (have.length < headBytes) {
        reading = { _tag: "Head", have };
        continue;
      }
      const head = joinBytes(have);
      const length = lengthOf(head);
      if (isControl(head)) {
        if (length > maxControlBytes) {
          return { reading, frames, broken: `a control frame is longer than ${maxControlBytes} bytes` };
        }
        if (length === 0) frames.push(controlFrame(head, new Uint8Array(0)));
        reading = length === 0 ? atFrameStart : { _tag: "Payload", head, have: noBytes, length };
      } else {
        const id = viewOf(head).getUint32(0);
        const fin = ((head[4] ?? 0) & 1) !== 0;
        if (length === 0) frames.push({ _tag: "Data", id, bytes: new Uint8Array(0), fin });
        reading = length === 0 ? atFrameStart : { _tag: "Data", id, fin, left: length };
      }
    }
  }
  return { reading, frames };
};
