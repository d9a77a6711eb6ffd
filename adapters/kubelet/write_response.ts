import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { STATUS_CODES } from "node:http";

const ignore = (): void => undefined;

/** Until more can be written, or the connection is gone. */
export const writable = (out: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      out.off("drain", done);
      out.off("close", done);
      resolve();
    };
    out.on("drain", done);
    out.on("close", done);
  });

/**
 * Writes an answer: headers at once, every chunk as it comes, no faster than the client reads. A body that fails breaks
 * the connection off behind what was written, so that a cut log never looks whole. When the client leaves, the body is cancelled.
 */
export const writeResponse = async (response: Response, out: ServerResponse): Promise<void> => {
  out.on("error", ignore);
  response.headers.forEach((value, name) => out.setHeader(name, value));
  out.statusCode = response.status;
  const reader = response.body?.getReader();
  if (reader === undefined || out.req.method === "HEAD") {
    out.end();
    await reader?.cancel().catch(ignore);
    return;
  }
  const left = (): void => void reader.cancel(new Error("the client has left")).catch(ignore);
  out.once("close", left);
  if (out.destroyed) left();
  out.flushHeaders();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || out.destroyed) break;
      if (value.byteLength > 0 && !out.write(value)) await writable(out);
    }
    out.end();
  } catch {
    // What was written still goes out, but not the mark of a body's end.
    if (out.socket === null) out.destroy();
    else out.socket.destroySoon();
  } finally {
    out.off("close", left);
  }
};

const maxRefusal = 65_536;
const lingerMs = 5_000;

/** Up to {@link maxRefusal} bytes of a body; the rest is not read. */
const shortBody = async (response: Response): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined && size < maxRefusal) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value.subarray(0, maxRefusal - size));
    size += value.byteLength;
  }
  await reader?.cancel().catch(ignore);
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
};

/**
 * Answers an upgrade request with an ordinary response on its raw socket, and closes it. The length is always given: without
 * it kube-apiserver waits for more of the text that kubectl is to show.
 */
export const refuseUpgrade = async (response: Response, socket: Duplex): Promise<void> => {
  try {
    const body = await shortBody(response);
    const headers = [...response.headers].filter(([name]) =>
      !["content-length", "connection", "transfer-encoding"].includes(name)
    );
    const lines = [
      `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
      `content-length: ${body.byteLength}`,
      "connection: close",
      "",
      "",
    ];
    // A client that keeps the connection open, or goes on sending, is not waited for.
    const limit = setTimeout(() => socket.destroy(), lingerMs);
    socket.once("close", () => clearTimeout(limit));
    socket.resume();
    socket.write(lines.join("\r\n"));
    socket.end(body);
  } catch {
    socket.destroy();
  }
};
