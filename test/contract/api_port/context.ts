import * as E from "fp-ts/lib/Either.js";
import type { ApiPort, ApiResponse, ApiStream } from "../../../adapters/ports.ts";
import type { ApiRequest } from "../../../core/kubernetes/request.ts";
import { faultOfStatus, parseStatus } from "../../../core/kubernetes/status.ts";
import { expect, expectEqual } from "../expect.ts";
import type { Patience } from "../patience.ts";

/** An adapter, and the ways to ask through it. */
export interface Asker {
  readonly api: ApiPort;
  /** Throws when a fault comes instead of an answer. */
  send(request: ApiRequest): Promise<ApiResponse>;
  /** Throws when a fault comes instead of an answer. */
  open(request: ApiRequest, signal?: AbortSignal): Promise<ApiStream>;
  /** What is answered to something that succeeds, parsed. */
  ok(request: ApiRequest): Promise<any>;
}

/** Who speaks: somebody with all rights, or the bearer of a token. */
export type Speaker = "admin" | { readonly token: string };

/** What a check of an `ApiPort` works with: a namespace of its own. */
export interface ApiPortContext extends Asker, Patience {
  readonly namespace: string;
  /** Asks as somebody else, and closes that adapter. */
  as<A>(speaker: Speaker, use: (other: Asker) => Promise<A>): Promise<A>;
}

export const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isRight(either)) return either.right;
  throw new Error(`a fault instead of an answer: ${JSON.stringify(either.left)}`);
};

export const askerOf = (api: ApiPort, { bound }: Patience): Asker => {
  const send = async (request: ApiRequest): Promise<ApiResponse> => right(await api.send(request, bound()));
  return {
    api,
    send,
    open: async (request, signal = bound()) => right(await api.stream(request, signal)),
    ok: async (request) => {
      const { status, text } = await send(request);
      const what = `${request.method} ${request.path}`;
      expect(status >= 200 && status < 300, `${what}: ${status} ${text.slice(0, 300)}`);
      return text === "" ? undefined : JSON.parse(text);
    },
  };
};

/** Throws unless the answer has the status and stands for the fault. */
export const expectFault = (answer: ApiResponse, status: number, tag: string, what: string): void => {
  const { text, retryAfterMs } = answer;
  const fault = faultOfStatus(answer.status, parseStatus(text), retryAfterMs);
  expectEqual([answer.status, fault._tag], [status, tag], what);
};

/** The whole of a stream as text. */
export const collect = async (stream: ApiStream): Promise<string> => {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream.body) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
};

export const configMaps = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps`;

export const createConfigMap = (
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>> = {},
): ApiRequest => ({
  method: "POST",
  path: configMaps(namespace),
  body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels: { made: "here" } }, data },
});

/** A pod needs the namespace's service account, which comes a moment after the namespace. */
export const createPod = async ({ send, until, namespace }: ApiPortContext, name: string): Promise<any> => {
  const body = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { schedulerName: "no-such-scheduler", containers: [{ name: "main", image: "none" }] },
  };
  const path = `/api/v1/namespaces/${namespace}/pods`;
  return await until(`pod ${name} created`, async () => {
    const { status, text } = await send({ method: "POST", path, body });
    if (status === 201) return JSON.parse(text);
    if (status === 403) return undefined;
    throw new Error(`creating a pod: ${status} ${text}`);
  });
};
