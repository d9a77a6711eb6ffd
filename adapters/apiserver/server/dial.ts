import { type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { Readable } from "node:stream";
import type { ProxyTarget } from "../response.ts";
import { errorResponse, redirected, refusedLog, unreachable } from "./dial_error.ts";
import type { Dial, DialRequest } from "./in_process.ts";
import type { DialOptions } from "./dial_options.ts";

/** Those that a proxy must not pass on (RFC 9110, 7.6.1), and credentials that are not for the node. */
const withheld: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const isWithheld = (name: string): boolean => withheld.has(name) || name.startsWith("impersonate-");

/** Headers of a caller that a node may see. */
export const passedHeaders = (headers: Iterable<readonly [string, string]>): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => !isWithheld(name)));

const defaultConnectMs = 10_000;

/** A request to the target; nothing is sent yet. */
export const openRequest = (
  target: ProxyTarget,
  options: DialOptions,
  init: Pick<RequestOptions, "method" | "headers" | "signal">,
): ReturnType<typeof httpsRequest> => {
  const { scheme, host, port, path, isKubelet, isInsecure } = target;
  const common = { ...init, host, port, path, agent: false as const };
  if (scheme === "http") return httpRequest(common);
  const verifies = isKubelet && !isInsecure && options.nodeCa !== undefined;
  return httpsRequest({
    ...common,
    ALPNProtocols: ["http/1.1"],
    rejectUnauthorized: verifies,
    ...(verifies ? { ca: options.nodeCa } : {}),
    ...(isKubelet ? options.credentials : {}),
  } as RequestOptions);
};

/** Rejects when there is no connection in time. */
export const connectBound = (
  sent: ReturnType<typeof httpsRequest>,
  { connectMs = defaultConnectMs }: DialOptions,
): void => {
  const timer = setTimeout(
    () => sent.destroy(Object.assign(new Error("i/o timeout"), { code: "ETIMEDOUT" })),
    connectMs,
  );
  const clear = (): void => clearTimeout(timer);
  sent.once("socket", (socket) => {
    socket.once("secureConnect", clear);
    socket.once("connect", clear);
  });
  sent.once("close", clear);
  sent.once("response", clear);
  sent.once("upgrade", clear);
};

const answerOf = (
  target: ProxyTarget,
  options: DialOptions,
  { method, headers, body, signal }: DialRequest,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const isLog = target.manner === "Log";
    const sent = openRequest(target, options, {
      method: isLog ? "GET" : method,
      headers: isLog ? {} : passedHeaders(headers),
      ...(signal === undefined ? {} : { signal }),
    });
    connectBound(sent, options);
    sent.once("response", resolve);
    // also after the answer: a connection that breaks is told by its body
    sent.on("error", reject);
    if (isLog || body === undefined || body === null) return void sent.end();
    const content = new Response(body).body;
    if (content === null) return void sent.end();
    Readable.fromWeb(content as never).once("error", (error) => sent.destroy(error)).pipe(sent);
  });

const bodyOf = (incoming: IncomingMessage): ReadableStream<Uint8Array> =>
  Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array>;

/** As much of a refusal as the real server reads. */
const mostRefusal = 50_000;

const textOf = async (incoming: IncomingMessage): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    chunks.push((chunk as Uint8Array).subarray(0, mostRefusal - size));
    size += (chunk as Uint8Array).byteLength;
    if (size >= mostRefusal) break;
  }
  return new TextDecoder().decode(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
};

const logResponse = async (target: ProxyTarget, incoming: IncomingMessage): Promise<Response> => {
  const { statusCode: status = 500, headers } = incoming;
  if (status >= 300 && status < 400 && headers.location !== undefined) {
    incoming.destroy();
    return errorResponse(redirected(target, status, headers.location));
  }
  if (status < 200 || status > 206) return errorResponse(refusedLog(target, status, await textOf(incoming)));
  return new Response(bodyOf(incoming), {
    headers: { "content-type": "text/plain", "cache-control": "no-cache, private" },
  });
};

const plainResponse = (incoming: IncomingMessage): Response => {
  const { statusCode: status = 500, rawHeaders } = incoming;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    if (!isWithheld(name)) headers.append(name, rawHeaders[at + 1] ?? "");
  }
  const isEmpty = status === 204 || status === 205 || status === 304;
  if (isEmpty) incoming.resume();
  return new Response(isEmpty ? null : bodyOf(incoming), { status, headers });
};

/** The way to nodes over this machine's network, for everything but streams. Never rejects for what a node does. */
export const makeDial = (options: DialOptions): Dial => async (target, request) => {
  try {
    const incoming = await answerOf(target, options, request);
    return target.manner === "Log" ? await logResponse(target, incoming) : plainResponse(incoming);
  } catch (error) {
    request.signal?.throwIfAborted();
    return errorResponse(unreachable(target, error));
  }
};
