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
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      await take(value);
    }
  } finally {
    signal.removeEventListener("abort", cancel);
  }
  signal.throwIfAborted();
};
