import type { IncomingMessage } from "node:http";
import { type Duplex, Readable } from "node:stream";
import { refuseUpgrade } from "../../kubelet/write_response.ts";
import type { ProxyTarget } from "../response.ts";
import { connectBound, openRequest, passedHeaders } from "./dial.ts";
import type { DialOptions } from "./dial_options.ts";
import { errorResponse, redirected, unreachable } from "./dial_error.ts";

/** The head of an answer, as it came. */
const headOf = ({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string => {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  }
  return [...lines, "", ""].join("\r\n");
};

/** Bytes both ways until either side ends: then both do. Each waits for the other to read. */
const join = (client: Duplex, node: Duplex): void => {
  const end = (): void => {
    client.destroy();
    node.destroy();
  };
  for (const socket of [client, node]) {
    socket.on("error", end);
    socket.once("close", end);
  }
  client.pipe(node);
  node.pipe(client);
};

const refusalMs = 10_000;

const refusal = (target: ProxyTarget, answer: IncomingMessage): Response => {
  const { statusCode: status = 500, headers } = answer;
  if (status < 400) {
    answer.destroy();
    return errorResponse(redirected(target, status, headers.location ?? ""));
  }
  answer.setTimeout(refusalMs, () => answer.destroy());
  const contentType = headers["content-type"];
  return new Response(Readable.toWeb(answer) as unknown as ReadableStream<Uint8Array>, {
    status,
    headers: contentType === undefined ? {} : { "content-type": contentType },
  });
};

const forwardedFor = ({ headers, socket }: IncomingMessage): string =>
  [headers["x-forwarded-for"], socket.remoteAddress].filter((each) => each !== undefined).join(", ");

const headersOf = (incoming: IncomingMessage): Record<string, string> => {
  const pairs = Object.entries(incoming.headers)
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value ?? ""] as const);
  return {
    ...passedHeaders(pairs),
    connection: "Upgrade",
    upgrade: incoming.headers.upgrade ?? "",
    "x-forwarded-for": forwardedFor(incoming),
  };
};

/**
 * Asks a node to switch protocols (SPDY, WebSocket) as the caller asks, and then is only a pipe. What the node answers instead
 * is given to the caller as it is.
 */
export const passUpgrade = (
  target: ProxyTarget,
  options: DialOptions,
  incoming: IncomingMessage,
  client: Duplex,
  head: Uint8Array,
): Promise<void> =>
  new Promise((resolve) => {
    const sent = openRequest(target, options, { method: incoming.method, headers: headersOf(incoming) });
    const refuse = async (response: Response): Promise<void> => {
      await refuseUpgrade(response, client);
      sent.destroy();
      resolve();
    };
    connectBound(sent, options);
    client.once("close", () => sent.destroy());
    sent.once("upgrade", (answer, node: Duplex, first: Uint8Array) => {
      if (answer.statusCode !== 101) return void refuse(refusal(target, answer));
      client.write(headOf(answer));
      if (first.byteLength > 0) client.write(first);
      if (head.byteLength > 0) node.write(head);
      join(client, node);
      resolve();
    });
    sent.once("response", (answer) => void refuse(refusal(target, answer)));
    sent.once("error", (error) => void refuse(errorResponse(unreachable(target, error))));
    sent.end();
  });
