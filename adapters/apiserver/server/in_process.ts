import { internalError, statusOf } from "../api_error.ts";
import type { ProxyTarget, ServerResponse } from "../response.ts";
import type { User } from "../user.ts";
import type { Running } from "./running.ts";
import { toRequest } from "./to_request.ts";
import type { Watching } from "./watching.ts";

/** Asks a node behind the server, as the target says; `request` is the caller's. Rejects when the caller leaves. */
export type Dial = (target: ProxyTarget, request: DialRequest) => Promise<Response>;

/** What a caller sends to a node by way of the server. */
export interface DialRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: BodyInit | null;
  readonly signal?: AbortSignal;
}

/** A `fetch` that answers without a network. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const encoder = new TextEncoder();

/** The lines of a watch as a body: one chunk is made when one is read. */
const bodyOf = (watching: Watching, signal: AbortSignal | null | undefined): ReadableStream<Uint8Array> => {
  let leave = (): void => {};
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      const abort = (): void => {
        watching.close();
        controller.error(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      leave = () => signal?.removeEventListener("abort", abort);
    },
    pull: async (controller) => {
      const text = await watching.next();
      if (signal?.aborted) return;
      if (text !== undefined) return controller.enqueue(encoder.encode(text));
      leave();
      controller.close();
    },
    cancel: () => {
      leave();
      watching.close();
    },
  }, { highWaterMark: 0 });
};

const json = "application/json";

type Headers_ = Record<string, string>;

/** What an answer says of itself, unless it says something else. */
const defaultHeaders: Headers_ = { "cache-control": "no-cache, private" };

/** Status, headers and text of an answer that is whole; what streams is for the carrier. */
export const wholeAnswer = (
  response: Extract<ServerResponse, { readonly _tag: "Answer" | "Text" }>,
  { texts }: Pick<Running, "texts">,
): { readonly status: number; readonly headers: Readonly<Headers_>; readonly text: string } => {
  const isJson = response._tag === "Answer";
  const contentType = isJson ? json : response.contentType;
  return {
    status: response.status,
    headers: { ...defaultHeaders, "content-type": contentType, ...response.headers },
    text: isJson ? texts.bodyText(response.body) : response.text,
  };
};

const isEmpty = (status: number): boolean => status === 204 || status === 304;

const noWay: Extract<ServerResponse, { readonly _tag: "Answer" }> = {
  _tag: "Answer",
  status: 501,
  body: statusOf({
    ...internalError(
      "this API server was started without a way to its nodes: use startApiServer for logs and streams",
    ),
    code: 501,
    reason: "",
  }),
};

const textOfBody = async (body: RequestInit["body"]): Promise<string | undefined> =>
  body === undefined || body === null
    ? undefined
    : typeof body === "string"
    ? body
    : await new Response(body).text();

/** `fetch` on a server in this process, as somebody: absent, the request's own credentials say who. */
export const inProcessFetch =
  (running: Running, dial: Dial | undefined, user: User | undefined): Fetch => async (address, init = {}) => {
    const { signal } = init;
    signal?.throwIfAborted();
    const { pathname, search } = new URL(address);
    const headers = new Headers(init.headers);
    const method = (init.method ?? "GET").toUpperCase();
    const body = await textOfBody(init.body);
    signal?.throwIfAborted();
    const sent = { method, target: `${pathname}${search}`, headers: Object.fromEntries(headers), body, user };
    const asked = running.ask(toRequest(sent)).response;
    if (asked._tag === "Proxy" && dial !== undefined) {
      return await dial(asked.target, { method, headers, body: body ?? null, ...(signal ? { signal } : {}) });
    }
    const response = asked._tag === "Proxy" ? noWay : asked;
    if (response._tag === "Watch") {
      return new Response(bodyOf(running.watchings.open(response), signal), {
        headers: { ...defaultHeaders, "content-type": json },
      });
    }
    const { status, headers: told, text } = wholeAnswer(response, running);
    return new Response(isEmpty(status) || method === "HEAD" ? null : text, { status, headers: told });
  };
