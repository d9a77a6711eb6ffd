import * as E from "fp-ts/lib/Either.js";
import type { ApiPort, ApiResponse, ApiStream } from "../../adapters/ports.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";

/** What a way to the API server does otherwise than a good one. */
export type Change = (good: ApiPort) => Partial<ApiPort>;

const withRequests = (change: (request: ApiRequest) => ApiRequest): Change => (good) => ({
  send: (request, signal) => good.send(change(request), signal),
  stream: (request, signal) => good.stream(change(request), signal),
});

const withAnswers =
  (change: (answer: ApiResponse, request: ApiRequest) => ApiResponse): Change => (good) => ({
    send: async (request, signal) =>
      E.map((answer: ApiResponse) => change(answer, request))(await good.send(request, signal)),
  });

const withStreams = (change: (stream: ApiStream) => ApiStream): Change => (good) => ({
  stream: async (request, signal) => E.map(change)(await good.stream(request, signal)),
});

const with2xx = (status: number): Change =>
  withAnswers((answer) => answer.status === status ? { ...answer, status: 200 } : answer);

const without = (field: "accept" | "contentType" | "query" | "body"): Change =>
  withRequests(({ [field]: _, ...request }) => request);

const decoded: Change = withRequests((request) => ({ ...request, path: decodeURIComponent(request.path) }));

async function* latin1(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) yield chunk.map((byte) => byte & 0x7f);
}

async function* shortened(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) yield chunk.subarray(1);
}

async function* whole(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  yield* chunks;
}

/** One request after another, and only the first ten. */
const ten: Change = (good) => {
  let count = 0;
  return {
    send: (request, signal) =>
      ++count > 12
        ? Promise.resolve(E.left({ _tag: "Unavailable", message: "too many" }))
        : good.send(request, signal),
  };
};

const leaves: Change = (good) => ({
  stream: async (request, signal) =>
    E.map((stream: ApiStream): ApiStream => ({
      ...stream,
      body: {
        [Symbol.asyncIterator]: () => {
          const inner = stream.body[Symbol.asyncIterator]();
          return { next: () => inner.next(), return: () => new Promise(() => {}) };
        },
      },
    }))(await good.stream(request, signal)),
});

const deaf = (): AbortSignal => new AbortController().signal;

/** By the check that notices: ways to the API server with one thing wrong. */
export const badApiPorts: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  "get: an object, and 404 for none": { "knows no 404": with2xx(404) },
  "an answer in the form that is asked for, whole and as a stream": { "asks for no form": without("accept") },
  "create: 201, then AlreadyExists": {
    "knows no 409": with2xx(409),
    "loses what is said": withAnswers((answer) => ({ ...answer, text: "{}" })),
  },
  "strategic merge patch keeps list items, merge patch replaces the list": {
    "always merges": withRequests((request) =>
      request.contentType === undefined
        ? request
        : { ...request, contentType: "application/merge-patch+json" }
    ),
  },
  "status patch with another UID: 422 Rejected": { "knows no 422": with2xx(422) },
  "delete with another UID: 409 Conflict; with its own it is gone": {
    "sends no body": withRequests(({ body, ...request }) =>
      request.method === "DELETE" ? request : { ...request, body }
    ),
    "gives the answer": withRequests((request) => ({ ...request, discardAnswer: false })),
  },
  "discardAnswer: no text, yet done; a failure keeps its text": {
    "gives the answer": withRequests((request) => ({ ...request, discardAnswer: false })),
    "gives nothing of a failure": withAnswers((answer, { discardAnswer }) =>
      discardAnswer === true ? { ...answer, text: "" } : answer
    ),
  },
  "names are percent-encoded": { "decodes them": decoded },
  "queries are percent-encoded": {
    "sends none": without("query"),
    "leaves spaces out": withRequests(({ query, ...request }) => ({
      ...request,
      ...(query === undefined ? {} : { query: { ...query, labelSelector: "made notin (x)" } }),
    })),
  },
  "large bodies of many-byte characters, both ways": {
    "knows ASCII": withStreams((stream) => ({ ...stream, body: latin1(stream.body) })),
  },
  "20 requests at once": { "takes twelve": ten },
  "list: bytes of a page": {
    "loses bytes": withStreams((stream) => ({ ...stream, body: shortened(stream.body) })),
  },
  "watch: bytes as they come, and an abort ends it quietly": {
    "collects them": withStreams((stream) => ({ ...stream, body: whole(stream.body) })),
    "goes on": (good) => ({
      stream: (request, signal) => good.stream(request, request.query?.watch === "true" ? deaf() : signal),
    }),
  },
  "watch: leaving the loop ends it": { "cannot be left": leaves },
  "watch: a resourceVersion that cannot be is an answer, not a throw": {
    "throws": (good) => ({
      stream: async (request, signal) => {
        const stream = await good.stream(request, signal);
        if (E.isRight(stream) && stream.right.status >= 400) throw new Error("HTTP error");
        return stream;
      },
    }),
  },
  "a token that nobody knows: 401 Unauthorized": {
    "takes it for a fault": (good) => ({
      send: async (request, signal) => {
        const answer = await good.send(request, signal);
        return E.isRight(answer) && answer.right.status === 401
          ? E.left({ _tag: "Unauthorized", message: "no" })
          : answer;
      },
    }),
  },
  "a service account without rights: 403 Forbidden": { "knows no 403": with2xx(403) },
  "ended before it began: Unavailable, and nothing is done": {
    "sends it": (good) => ({ send: (request) => good.send(request, deaf()) }),
    "does not know": (good) => ({
      send: (request, signal) =>
        signal.aborted
          ? Promise.resolve(E.left({ _tag: "OutcomeUnknown", message: "aborted" }))
          : good.send(request, signal),
    }),
  },
};
