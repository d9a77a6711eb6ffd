import * as E from "fp-ts/lib/Either.js";
import type { ApiPort, ApiStream } from "../../adapters/ports.ts";
import type { Fault } from "../../core/fault.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import { bytesOf } from "./watch.ts";

/** One request that a reflector has sent, answered by hand. */
export class Call {
  readonly request: ApiRequest;
  readonly signal: AbortSignal;
  readonly answered: Promise<E.Either<Fault, ApiStream>>;
  /** Chunks that were asked for. */
  pulls = 0;
  /** The reader has let go of the body. */
  closed = false;
  readonly #answer: PromiseWithResolvers<E.Either<Fault, ApiStream>> = Promise.withResolvers();
  readonly #queue: (Uint8Array | Error | undefined)[] = [];
  #wake: () => void = () => {};
  readonly #heedsAbort: boolean;

  constructor(request: ApiRequest, signal: AbortSignal, heedsAbort: boolean) {
    this.request = request;
    this.signal = signal;
    this.#heedsAbort = heedsAbort;
    this.answered = this.#answer.promise;
    const ended: Fault = { _tag: "Unavailable", message: "ended by the caller" };
    if (heedsAbort) signal.addEventListener("abort", () => this.fail(ended), { once: true });
  }

  fail(fault: Fault): void {
    this.#answer.resolve(E.left(fault));
  }

  open(status = 200, retryAfterMs?: number): this {
    this.#answer.resolve(E.right({ status, retryAfterMs, body: this.#body() }));
    return this;
  }

  say(text: string): this {
    return this.#put(bytesOf(text));
  }

  end(): void {
    this.#put(undefined);
  }

  break(message: string): void {
    this.#put(new Error(message));
  }

  #put(item: Uint8Array | Error | undefined): this {
    this.#queue.push(item);
    this.#wake();
    return this;
  }

  async *#body(): AsyncGenerator<Uint8Array> {
    const onAbort = (): void => this.#wake();
    if (this.#heedsAbort) this.signal.addEventListener("abort", onAbort);
    try {
      for (;;) {
        this.pulls += 1;
        while (this.#queue.length === 0 && !(this.#heedsAbort && this.signal.aborted)) {
          await new Promise<void>((resolve) => this.#wake = resolve);
        }
        if (this.#heedsAbort) this.signal.throwIfAborted();
        const item = this.#queue.shift();
        if (item === undefined) return;
        if (item instanceof Error) throw item;
        yield item;
      }
    } finally {
      this.signal.removeEventListener("abort", onAbort);
      this.closed = true;
    }
  }
}

/** An {@link ApiPort} whose streams are answered by hand. */
export class StreamsApi implements ApiPort {
  readonly calls: Call[] = [];
  readonly #heedsAbort: boolean;

  constructor(heedsAbort = true) {
    this.#heedsAbort = heedsAbort;
  }

  send(): Promise<never> {
    return Promise.reject(new Error("a reflector only streams"));
  }

  stream(request: ApiRequest, signal: AbortSignal): Promise<E.Either<Fault, ApiStream>> {
    const call = new Call(request, signal, this.#heedsAbort);
    this.calls.push(call);
    return call.answered;
  }

  /** The newest request. */
  get last(): Call {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error("nothing was sent");
    return call;
  }
}
