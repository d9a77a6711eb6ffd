import type { IncomingMessage } from "node:http";

/**
 * A node request as a fetch `Request` without its body, which no route of the kubelet reads; `undefined` when it cannot be
 * one (a path that is none, a method that fetch does not know).
 */
export const toRequest = (incoming: IncomingMessage, signal: AbortSignal): Request | undefined => {
  const { url = "", method = "GET", rawHeaders } = incoming;
  if (!url.startsWith("/")) return undefined;
  try {
    const headers = new Headers();
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
    }
    return new Request(new URL(`https://node${url}`), { method, headers, signal });
  } catch {
    return undefined;
  }
};

/** Whether a body follows the headers. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
