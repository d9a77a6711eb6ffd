/** What we need of a `Response`; `Response` itself is one. */
export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | null;
  /** Drops the rest of the body but keeps the connection for the next request, if the transport can. */
  discard?(): Promise<unknown>;
}

/** What we need of `fetch`; every `fetch` is one, and so is a function over another client. */
export type Fetch = (url: string, init: FetchInit) => Promise<Answer>;

/** What a request is made of. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly redirect: "manual";
  /** The body of a success will not be read; a transport may keep it to itself. */
  readonly unread?: boolean;
}

/** Ends at once when `signal` aborts, also where the stream does not know the signal (a server in this process). */
async function* read(stream: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  const cancel = (): Promise<void> => reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await reader.read();
      if (next.done) break;
      yield next.value;
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", cancel);
    await cancel();
  }
}

/** The chunks of a body as they come, until `signal` aborts: then it throws. Leaving the loop early cancels the body. */
export const chunksOf = (body: Answer["body"], signal: AbortSignal): AsyncIterable<Uint8Array> =>
  body === null ? (async function* () {})() : "getReader" in body ? read(body, signal) : body;

/** The body as text, no more than `limit` bytes of it; `whole` tells whether that was all. */
export const readText = async (
  body: Answer["body"],
  limit: number,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly whole: boolean }> => {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of chunksOf(body, signal)) {
    const room = limit - bytes;
    bytes += chunk.byteLength;
    text += decoder.decode(chunk.subarray(0, room), { stream: true });
    if (bytes > limit) return { text, whole: false };
  }
  return { text: text + decoder.decode(), whole: true };
};

/** Reads the rest of a body away, so that its connection can be used again; gives up beyond `limit` bytes. */
export const drain = async (answer: Answer, limit: number, signal: AbortSignal): Promise<void> => {
  if (answer.body === null) return;
  if (answer.discard !== undefined) return void await answer.discard();
  let bytes = 0;
  for await (const chunk of chunksOf(answer.body, signal)) {
    bytes += chunk.byteLength;
    if (bytes > limit) return;
  }
};
