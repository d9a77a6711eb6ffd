// A SPDY client on a real connection: asks a kubelet to switch, sends frames, and keeps what comes back.
import type { TLSSocket } from "node:tls";
import { connectTls, until } from "../unit/kubelet/client.ts";
import { concat, dataFrame, framesIn, type Pairs, type SpdyClient, spdyClient } from "./spdy_client.ts";

export interface Upgrade {
  readonly method?: string;
  readonly headers?: readonly string[];
  /** Sent together with the request. */
  readonly early?: Uint8Array;
}

/** What came back on one stream. */
interface Heard {
  readonly chunks: Uint8Array[];
  size: number;
  isEnded: boolean;
}

export class SpdyConnection {
  readonly socket: TLSSocket;
  readonly client: SpdyClient = spdyClient();
  /** The head of the answer, and what came before the first frame was sent. */
  head = "";
  /** Frames other than data, in words. */
  readonly frames: string[] = [];
  readonly heard: Map<number, Heard> = new Map();
  isClosed = false;
  #rest: Uint8Array = new Uint8Array(0);
  #nextId = 1;

  constructor(socket: TLSSocket) {
    this.socket = socket;
    socket.on("data", (chunk: Uint8Array) => this.#read(chunk));
    socket.on("end", () => socket.end());
    socket.on("close", () => void (this.isClosed = true));
    socket.on("error", () => undefined);
  }

  stream(id: number): Heard {
    const known = this.heard.get(id) ?? { chunks: [], size: 0, isEnded: false };
    this.heard.set(id, known);
    return known;
  }

  text(id: number): string {
    return new TextDecoder().decode(concat(this.stream(id).chunks));
  }

  send(...frames: readonly Uint8Array[]): void {
    this.socket.write(concat(frames));
  }

  /** Opens a stream and waits for its answer. */
  async open(headers: Pairs): Promise<number> {
    const id = this.#nextId;
    this.#nextId += 2;
    this.send(this.client.open(id, headers));
    await until(
      () => this.frames.some((frame) => frame === `reply ${id}` || frame.startsWith(`rst ${id} `)),
      `stream ${id}`,
    );
    return id;
  }

  /** Opens the streams of a command, in kubectl's order. */
  async openAll(names: readonly string[]): Promise<readonly number[]> {
    const ids: number[] = [];
    for (const name of names) ids.push(await this.open([["streamtype", name]]));
    return ids;
  }

  data(id: number, bytes: Uint8Array, fin = false): void {
    this.send(dataFrame(id, bytes, fin));
  }

  async ended(id: number): Promise<string> {
    await until(() => this.stream(id).isEnded, `the end of stream ${id}`);
    return this.text(id);
  }

  #read(chunk: Uint8Array): void {
    this.#rest = this.#rest.length === 0 ? chunk : concat([this.#rest, chunk]);
    if (!this.head.includes("\r\n\r\n")) {
      const text = new TextDecoder("latin1").decode(this.#rest);
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.head = text.slice(0, end + 4);
      this.#rest = this.#rest.subarray(end + 4);
    }
    if (this.head.startsWith("HTTP/1.1 101")) this.#readFrames();
  }

  #readFrames(): void {
    for (;;) {
      const bytes = this.#rest;
      if (bytes.length < 8) return;
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const length = 8 + (view.getUint32(4) & 0xff_ffff);
      if (bytes.length < length) return;
      this.#rest = bytes.subarray(length);
      this.#frame(bytes.subarray(0, length), view);
    }
  }

  #frame(frame: Uint8Array, view: DataView): void {
    if ((view.getUint8(0) & 0x80) !== 0) return void this.frames.push(...framesIn(frame));
    const heard = this.stream(view.getUint32(0));
    heard.chunks.push(frame.slice(8));
    heard.size += frame.length - 8;
    if ((view.getUint8(4) & 1) === 0) return;
    heard.isEnded = true;
    this.frames.push(`fin ${view.getUint32(0)}`);
  }
}

const versions = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
  "channel.k8s.io",
];

/** Asks to switch, and waits for the answer. */
export const spdyUpgrade = async (
  port: number,
  path: string,
  { method = "POST", headers = versions.map((each) => `X-Stream-Protocol-Version: ${each}`), early }:
    Upgrade = {},
): Promise<SpdyConnection> => {
  const connection = new SpdyConnection(await connectTls(port));
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "Host: n",
    "Content-Length: 0",
    "Connection: Upgrade",
    "Upgrade: SPDY/3.1",
    ...headers,
  ];
  const request = new TextEncoder().encode([...lines, "", ""].join("\r\n"));
  connection.send(request, ...early === undefined ? [] : [early]);
  await until(() => connection.head !== "" || connection.isClosed, "an answer");
  return connection;
};
