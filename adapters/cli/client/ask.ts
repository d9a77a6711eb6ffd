import * as E from "fp-ts/lib/Either.js";
import type { Fault } from "../../../core/fault.ts";
import type { ApiRequest } from "../../../core/kubernetes/request.ts";
import { parseStatus } from "../../../core/kubernetes/status.ts";
import type { ApiPort, ApiResponse, ApiStream } from "../../ports.ts";
import { ClientError } from "./client_error.ts";

/** JSON of an answer. */
// deno-lint-ignore no-explicit-any
export type Json = any;

const maxErrorChars = 65_536;

const advice = (status: number): string =>
  status === 401
    ? "the API server does not accept these credentials; are they of this cluster, and not expired? "
    : "";

const refusal = (status: number, text: string): ClientError => {
  const { message = "" } = parseStatus(text);
  const said = message.trim() === "" ? `the API server answers HTTP ${status}` : message.trim();
  return new ClientError(`${advice(status)}${said}`, { status });
};

const failure = (fault: Fault): ClientError => new ClientError(fault.message);

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Sends a request; throws {@link ClientError} unless it succeeds. */
export const askText = async (
  api: ApiPort,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<ApiResponse> => {
  const answer = await api.send(request, signal);
  if (E.isLeft(answer)) throw failure(answer.left);
  const { status, text } = answer.right;
  if (!isSuccess(status)) throw refusal(status, text);
  return answer.right;
};

/** The same for an answer of JSON. */
export const ask = async (api: ApiPort, request: ApiRequest, signal: AbortSignal): Promise<Json> => {
  const { text } = await askText(api, request, signal);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ClientError(
      `${request.method} ${request.path}: the answer is no JSON; is this an API server?`,
      {
        cause: error,
      },
    );
  }
};

/** `undefined` where there is no such object. */
export const askIfThere = async (api: ApiPort, request: ApiRequest, signal: AbortSignal): Promise<Json> => {
  try {
    return await ask(api, request, signal);
  } catch (error) {
    if (error instanceof ClientError && error.status === 404) return undefined;
    throw error;
  }
};

/** The bytes of a stream; one that breaks throws {@link ClientError}. */
async function* bytesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new ClientError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

const readError = async ({ status, body }: ApiStream): Promise<ClientError> => {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > maxErrorChars) break;
  }
  return refusal(status, text);
};

/** Opens a stream; throws {@link ClientError} unless it succeeds. */
export const open = async (
  api: ApiPort,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> => {
  const answer = await api.stream(request, signal);
  if (E.isLeft(answer)) throw failure(answer.left);
  if (!isSuccess(answer.right.status)) throw await readError(answer.right);
  return bytesOf(answer.right.body);
};

const maxLineChars = 16 * 1024 * 1024;

/** The lines of a stream of JSON, parsed. */
export async function* jsonLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<Json> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > maxLineChars) throw new ClientError("an event of the watch is too long");
    for (const line of lines) if (line !== "") yield JSON.parse(line);
  }
}
