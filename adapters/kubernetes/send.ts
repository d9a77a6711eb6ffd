import * as E from "fp-ts/lib/Either.js";
import type { Fault } from "../../core/fault.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import type { Millis } from "../../core/time.ts";
import type { ApiPort, ApiResponse, ApiStream, Span, Telemetry } from "../ports.ts";
import { guarded } from "../telemetry/guarded.ts";
import { type Answer, chunksOf, drain, readText } from "./body.ts";
import { beginDeadline, type Deadline } from "./deadline.ts";
import { isWatch, requestFields } from "./request_fields.ts";
import { retryAfterOf } from "./retry_after.ts";
import { transportFault } from "./transport_fault.ts";

/** Whether an answer is wanted as a whole, or read as it comes. */
export type Mode = "whole" | "stream";

/** Sends one request and resolves with the head of its answer. Throws what the transport throws. */
export type Exchange = (
  request: ApiRequest,
  signal: AbortSignal,
  mode: Mode,
) => Promise<E.Either<Fault, Answer>>;

/** What {@link portOver} needs. */
export interface PortOptions {
  /** For messages: where requests go. */
  readonly server: string;
  readonly exchange: Exchange;
  /** Until the whole answer is there, or the head of a stream; 30 s by default. */
  readonly requestTimeoutMs?: Millis;
  /** Until a whole list is there; 60 s by default. */
  readonly listTimeoutMs?: Millis;
  readonly telemetry?: Telemetry;
}

const maxAnswerBytes = 64 * 1024 * 1024;
const maxErrorBytes = 64 * 1024;
const maxDrainBytes = 4 * 1024 * 1024;

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

const retryAfter = (answer: Answer): Millis | undefined => {
  const header = answer.headers.get("retry-after");
  return header === null ? undefined : retryAfterOf(header, Date.now());
};

/** The body of an answer that has come: a body lost after a status that says enough is no fault. */
const readAnswer = async (
  request: ApiRequest,
  answer: Answer,
  signal: AbortSignal,
): Promise<E.Either<Fault, ApiResponse>> => {
  const { status } = answer;
  const done = (text: string): E.Either<Fault, ApiResponse> =>
    E.right({ status, retryAfterMs: retryAfter(answer), text });
  if (!isSuccess(status)) {
    return done(await readText(answer.body, maxErrorBytes, signal).then((read) => read.text, () => ""));
  }
  if (request.discardAnswer === true) {
    await drain(answer, maxDrainBytes, signal).catch(() => {});
    return done("");
  }
  const { text, whole } = await readText(answer.body, maxAnswerBytes, signal);
  if (whole) return done(text);
  const message = `${request.method} ${request.path}: the answer is larger than ${maxAnswerBytes} bytes`;
  return E.left({ _tag: "Undecodable", message, path: "" });
};

interface Call {
  readonly deadline: Deadline;
  readonly answer: Answer;
  readonly span: Span | undefined;
}

const fail = (span: Span | undefined, fault: Fault): E.Left<Fault> => {
  span?.end("error", { fault: fault._tag });
  return { _tag: "Left", left: fault };
};

/** What is the same in every adapter that has a {@link Exchange}: deadlines, bounds, faults and telemetry. */
export const portOver = (options: PortOptions): ApiPort => {
  const { server, exchange, requestTimeoutMs = 30_000, listTimeoutMs = 60_000, telemetry } = guarded(options);

  const faultOf = (request: ApiRequest, error: unknown, deadline: Deadline): Fault =>
    transportFault(request, server, error, deadline.reason());

  const begin = async (
    request: ApiRequest,
    signal: AbortSignal,
    timeoutMs: Millis,
    mode: Mode,
  ): Promise<E.Either<Fault, Call>> => {
    const span = telemetry?.span("kubernetes.request", requestFields(request));
    if (signal.aborted) {
      const message = `${request.method} ${request.path}: not sent, the caller had ended it`;
      return fail(span, { _tag: "Unavailable", message });
    }
    const deadline = beginDeadline(signal, timeoutMs);
    try {
      const answer = await exchange(request, deadline.signal, mode);
      if (E.isRight(answer)) return E.right({ deadline, answer: answer.right, span });
      deadline.release();
      return fail(span, answer.left);
    } catch (error) {
      deadline.release();
      return fail(span, faultOf(request, error, deadline));
    }
  };

  const send = async (request: ApiRequest, signal: AbortSignal): Promise<E.Either<Fault, ApiResponse>> => {
    const timeoutMs = Math.min(request.timeoutMs ?? requestTimeoutMs, requestTimeoutMs);
    const call = await begin(request, signal, timeoutMs, "whole");
    if (E.isLeft(call)) return call;
    const { deadline, answer, span } = call.right;
    try {
      const response = await readAnswer(request, answer, deadline.signal);
      span?.end(isSuccess(answer.status) ? "ok" : "error", { status: answer.status });
      return response;
    } catch (error) {
      return fail(span, faultOf(request, error, deadline));
    } finally {
      deadline.release();
    }
  };

  const stream = async (request: ApiRequest, signal: AbortSignal): Promise<E.Either<Fault, ApiStream>> => {
    const endless = isWatch(request);
    const call = await begin(request, signal, endless ? requestTimeoutMs : listTimeoutMs, "stream");
    if (E.isLeft(call)) return call;
    const { deadline, answer, span } = call.right;
    if (endless) deadline.lift();
    return E.right({
      status: answer.status,
      retryAfterMs: retryAfter(answer),
      body: streamBody(answer, deadline, span, (error) => faultOf(request, error, deadline)),
    });
  };

  return { send, stream };
};

/** The bytes of a stream. Ends quietly when the caller aborts; throws when the connection breaks or time is over. */
async function* streamBody(
  answer: Answer,
  deadline: Deadline,
  span: Span | undefined,
  faultOf: (error: unknown) => Fault,
): AsyncGenerator<Uint8Array> {
  let outcome: "ok" | "error" = isSuccess(answer.status) ? "ok" : "error";
  try {
    yield* chunksOf(answer.body, deadline.signal);
  } catch (error) {
    if (deadline.reason() === "aborted") return;
    outcome = "error";
    throw new Error(faultOf(error).message, { cause: error });
  } finally {
    deadline.release();
    // Without this a body that was left in the middle would go on arriving.
    deadline.cancel();
    span?.end(outcome, { status: answer.status });
  }
}
