import type { Millis } from "../../../core/time.ts";
import type { LogOptions } from "../../ports.ts";

const cut = (bytes: Uint8Array, limit: number | undefined): Uint8Array =>
  limit === undefined ? bytes : bytes.subarray(0, limit);

/** As much of an instance's log as the options ask for: all of it was written when the instance started. */
export const logBytes = (text: string, startedAt: Millis, options: LogOptions): Uint8Array => {
  const { since, tailLines, timestamps, limitBytes } = options;
  if (since !== undefined && startedAt < since) return new Uint8Array();
  const all = text.split(/(?<=\n)/).filter((line) => line !== "");
  const lines = tailLines === undefined ? all : all.slice(Math.max(0, all.length - tailLines));
  // nine digits, as the kubelet has them
  const stamp = timestamps ? `${new Date(startedAt).toISOString().slice(0, 23)}000000Z ` : "";
  return cut(new TextEncoder().encode(lines.map((line) => stamp + line).join("")), limitBytes);
};

/** Those who read on while an instance runs. */
export class Followers {
  readonly #ends: Map<() => void, string | undefined> = new Map();

  /** The bytes, and then nothing more until the instance has ended, or the signal aborts. */
  open(bytes: Uint8Array, instance: string | undefined, signal: AbortSignal): ReadableStream<Uint8Array> {
    let end = (): void => {};
    const forget = (): void => {
      signal.removeEventListener("abort", end);
      this.#ends.delete(end);
    };
    return new ReadableStream<Uint8Array>({
      start: (stream) => {
        if (bytes.length > 0) stream.enqueue(bytes);
        end = () => {
          forget();
          stream.close();
        };
        if (signal.aborted) return end();
        signal.addEventListener("abort", end, { once: true });
        this.#ends.set(end, instance);
      },
      cancel: forget,
    });
  }

  /** To be called when something has ended. */
  look(runs: (instance: string | undefined) => boolean): void {
    for (const [end, instance] of [...this.#ends]) if (!runs(instance)) end();
  }
}

/** The bytes and no more. */
export const whole = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (stream) => {
      if (bytes.length > 0) stream.enqueue(bytes);
      stream.close();
    },
  });
