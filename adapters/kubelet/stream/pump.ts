import { setImmediate } from "node:timers/promises";

/** A stream that always has more must not keep everything else from happening. */
const readsInOneGo = 64;

const ignore = (): void => undefined;

/** Reads a stream to its end, each piece only when `take` is done with the one before. When the signal aborts it is cancelled. */
export const pump = async (
  stream: ReadableStream<Uint8Array> | undefined,
  take: (bytes: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  const reader = stream?.getReader();
  if (reader === undefined) return;
  const cancel = (): void => void reader.cancel(signal.reason).catch(ignore);
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    for (let reads = 1;; reads++) {
      const { done, value } = await reader.read();
      if (done) break;
      await take(value);
      if (reads % readsInOneGo === 0) await setImmediate();
    }
  } finally {
    signal.removeEventListener("abort", cancel);
  }
  signal.throwIfAborted();
};
