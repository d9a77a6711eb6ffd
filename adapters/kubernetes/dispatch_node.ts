import type { Dispatcher } from "undici";
import type { Answer, FetchInit } from "./body.ts";

/** What is read of an answer that is nobody's to read: a failure's text, and no more than this of any answer. */
const maxErrorBytes = 64 * 1024;
const maxUnreadBytes = 4 * 1024 * 1024;

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The `headers` of an {@link Answer} over undici's record of them. */
export const headersOf = (record: Headers): Answer["headers"] => ({
  get: (name) => {
    const value = record[name];
    return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
  },
});

async function* those(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** One request under way, and its answer once that has come to its end. */
class Unread implements Dispatcher.DispatchHandler {
  readonly answer: Promise<Answer>;
  readonly #settle: PromiseWithResolvers<Answer> = Promise.withResolvers();
  readonly #signal: AbortSignal;
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | undefined;
  #headers: Headers = {};
  #text: Uint8Array[] = [];
  #bytes = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    this.answer = this.#settle.promise;
    signal.addEventListener("abort", this.#abort, { once: true });
  }

  readonly #abort = (): void => {
    this.#controller?.abort(this.#signal.reason);
    this.#end(this.#signal.reason);
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal.aborted) controller.abort(this.#signal.reason);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    const failed = (this.#status ?? 0) > 299;
    if (failed && this.#bytes < maxErrorBytes) this.#text.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#bytes > maxUnreadBytes) controller.abort(new Error("the answer is too large"));
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#end(error);
  }

  /** A body that is lost after a status that says enough is no error. */
  #end(error: unknown): void {
    this.#signal.removeEventListener("abort", this.#abort);
    if (this.#status === undefined) return this.#settle.reject(error);
    const body = this.#text.length === 0 ? null : those(this.#text);
    this.#settle.resolve({ status: this.#status, headers: headersOf(this.#headers), body });
  }
}

/**
 * Sends a request whose success nobody reads: resolves at the answer's end, with a body only for a failure. A stream, as
 * `undici.request` makes one for each answer, costs about as much as all the rest of such a request.
 */
export const dispatchUnread = (
  dispatcher: Dispatcher,
  origin: string,
  path: string,
  { method, headers, body, signal }: FetchInit,
): Promise<Answer> => {
  const handler = new Unread(signal);
  dispatcher.dispatch({
    ...{ origin, path, headers, body, reset: false },
    method: method as Dispatcher.HttpMethod,
  }, handler);
  return handler.answer;
};
