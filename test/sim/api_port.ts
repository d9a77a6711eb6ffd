import * as E from "fp-ts/lib/Either.js";
import { wholeAnswer } from "../../adapters/apiserver/server/in_process.ts";
import type { Running } from "../../adapters/apiserver/server/running.ts";
import type { Watching } from "../../adapters/apiserver/server/watching.ts";
import type { ServerRequest } from "../../adapters/apiserver/request.ts";
import type { ServerResponse } from "../../adapters/apiserver/response.ts";
import type { User } from "../../adapters/apiserver/user.ts";
import { onAbort } from "../../adapters/on_abort.ts";
import type { ApiPort, ApiResponse, ApiStream } from "../../adapters/ports.ts";
import type { Fault } from "../../core/fault.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import type { Millis } from "../../core/time.ts";
import { type ByteStream, makeByteStream } from "./byte_stream.ts";
import type { Chaos } from "./chaos.ts";

export interface SimApiPortOptions {
  readonly running: Running;
  readonly user: User;
  readonly chaos: Chaos;
  /** The machine behind this port is switched off: nothing of it is heard any more, and it hears nothing. */
  readonly isDead: () => boolean;
  /** Called with every request that reaches the server, before it does; what it returns is called after it. */
  readonly onSend: (request: ApiRequest) => () => void;
}

/** As an adapter's: an answer that does not come by then is unknown. */
const requestTimeoutMs: Millis = 30_000;

const queryOf = ({ query = {} }: ApiRequest): ServerRequest["query"] => {
  const values: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(query)) values[name] = [value];
  return values;
};

const toServer = (request: ApiRequest, user: User): ServerRequest => ({
  method: request.method,
  path: request.path,
  query: queryOf(request),
  headers: { accept: "application/json", "content-type": request.contentType ?? "application/json" },
  ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  user,
});

const retryAfterOf = (response: Extract<ServerResponse, { _tag: "Answer" }>): Millis | undefined => {
  const seconds = Number(response.headers?.["retry-after"]);
  return seconds > 0 ? seconds * 1000 : undefined;
};

const encoder = new TextEncoder();
/** One for each who waits: a shared one would keep all who ever waited for it. */
const never = (): Promise<never> => new Promise(() => {});

/** The way of one agent to the API server, over a network that the seed makes bad. */
export const simApiPort = (options: SimApiPortOptions): ApiPort => {
  const { running, user, chaos, isDead, onSend } = options;
  const { timeline, random } = chaos;

  const ask = (request: ApiRequest): ServerResponse => {
    const sent = onSend(request);
    const { response } = running.ask(toServer(request, user));
    sent();
    return response;
  };
  const answered = (response: ServerResponse, { discardAnswer }: ApiRequest): ApiResponse => {
    if (response._tag !== "Answer") throw new Error(`an answer was expected, not ${response._tag}`);
    const retryAfterMs = retryAfterOf(response);
    // as an adapter: what nobody reads is no text
    if (discardAnswer === true && response.status < 300) {
      return { status: response.status, text: "", retryAfterMs };
    }
    const { status, text } = wholeAnswer(response, running);
    return { status, text, retryAfterMs };
  };

  /** Fault or answer, after the time that it takes; a signal that aborts makes it unknown. */
  const exchange = <A>(
    request: ApiRequest,
    signal: AbortSignal,
    reach: () => E.Either<Fault, A>,
    refuse: (answer: ApiResponse) => A,
  ): Promise<E.Either<Fault, A>> =>
    new Promise((resolve) => {
      const unknown = (message: string): void => settle(E.left({ _tag: "OutcomeUnknown", message }));
      const settle = (outcome: E.Either<Fault, A>): void => {
        if (isDead()) return;
        cancel();
        leave();
        resolve(outcome);
      };
      const leave = onAbort(signal, () => unknown("sim: aborted"));
      const timeoutMs = Math.min(request.timeoutMs ?? requestTimeoutMs, requestTimeoutMs);
      const cancel = timeline.after(timeoutMs, () => unknown("sim: no answer"));
      const fate = chaos.ofRequest(request);
      timeline.after(fate.thereMs, () => {
        // what a dying machine has sent may arrive
        if (isDead() && random.chance(0.5)) return;
        if (fate._tag === "Refused") return settle(E.left(fate.fault));
        if (fate._tag === "Answered") return settle(E.right(refuse(fate.answer)));
        const outcome = reach();
        if (fate._tag === "Lost") return;
        timeline.after(fate.backMs, () => settle(outcome));
      });
    });

  const pump = async (watching: Watching, stream: ByteStream): Promise<void> => {
    for (let text = await watching.next(); text !== undefined; text = await watching.next()) {
      if (stream.isClosed || isDead()) return;
      const bytes = encoder.encode(chaos.ofLines(text));
      const delay = chaos.newsMs();
      for (const piece of chaos.cut(bytes)) timeline.after(delay, () => stream.push(piece));
    }
    timeline.after(chaos.newsMs(), () => stream.close());
  };

  const open = (request: ApiRequest, signal: AbortSignal): ApiStream => {
    const response = ask(request);
    const stream = makeByteStream(timeline.act);
    if (response._tag === "Watch") {
      const watching = running.watchings.open(response);
      const end = (error?: Error): void => {
        watching.close();
        stream.close(error);
      };
      onAbort(signal, () => end(new Error("sim: aborted")));
      chaos.onCut(end, stream);
      void pump(watching, stream);
      return { status: 200, retryAfterMs: undefined, body: stream.body };
    }
    const { status, text, retryAfterMs } = answered(response, request);
    onAbort(signal, () => stream.close(new Error("sim: aborted")));
    for (const piece of chaos.cut(encoder.encode(chaos.ofList(text)))) stream.push(piece);
    if (chaos.isCutShort()) stream.close(new Error("sim: the connection was cut"));
    else stream.close();
    return { status, retryAfterMs, body: stream.body };
  };

  const wholeStream = ({ status, text, retryAfterMs }: ApiResponse): ApiStream => {
    const stream = makeByteStream(timeline.act);
    stream.push(encoder.encode(text));
    stream.close();
    return { status, retryAfterMs, body: stream.body };
  };

  return {
    send: (request, signal) =>
      isDead()
        ? never()
        : exchange(request, signal, () => E.right(answered(ask(request), request)), (answer) => answer),
    stream: (request, signal) =>
      isDead() ? never() : exchange(request, signal, () => E.right(open(request, signal)), wholeStream),
  };
};
