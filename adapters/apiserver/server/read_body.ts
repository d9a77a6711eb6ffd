import { Buffer } from "node:buffer";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { decodeProtobuf, protobufType } from "../protobuf/decode.ts";

/** As in the real server. */
export const mostBody: number = 3 * 1024 * 1024;

/** Go clients send objects in protobuf: from here on they are JSON. What is no object of ours stays what it is said to be. */
const textOf = (bytes: Buffer, headers: IncomingHttpHeaders): string => {
  if (headers["content-type"]?.split(";", 1)[0] !== protobufType) return bytes.toString("utf8");
  const object = decodeProtobuf(bytes);
  if (object === undefined) return "";
  headers["content-type"] = "application/json";
  return JSON.stringify(object);
};

/** What a caller may still send of a body that is refused: an answer before it has sent all would be lost on the way. */
const mostDrained = 16 * 1024 * 1024;

/** The text of a body; `undefined` when it is longer than a request may be. Rejects when the caller leaves. */
export const readBody = (incoming: IncomingMessage): Promise<string | undefined> => {
  const { headers } = incoming;
  const length = Number(headers["content-length"] ?? 0);
  if (length > mostDrained) return Promise.resolve(undefined);
  if (length === 0 && headers["transfer-encoding"] === undefined) return Promise.resolve("");
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    incoming.on("data", (chunk: Uint8Array) => {
      size += chunk.byteLength;
      if (size <= mostBody) chunks.push(chunk);
      else if (size > mostDrained) resolve(undefined);
    });
    incoming.on("end", () => resolve(size > mostBody ? undefined : textOf(Buffer.concat(chunks), headers)));
    incoming.on("error", reject);
    incoming.on("close", () => reject(new Error("the caller has left")));
  });
};
