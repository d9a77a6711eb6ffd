const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal aborts, unless the returned function was called before; never when it has aborted already.
 * As an event listener, but one for all who wait: what is begun and ended all the time costs next to nothing.
 */
export const onAbort = (signal: AbortSignal, callback: () => void): () => void => {
  let callbacks = waiting.get(signal);
  if (callbacks === undefined) {
    const all = new Set<() => void>();
    callbacks = all;
    waiting.set(signal, all);
    signal.addEventListener("abort", () => {
      for (const call of all) call();
      all.clear();
    }, { once: true });
  }
  const own = callbacks;
  // the same function may wait twice
  const call = (): void => callback();
  own.add(call);
  return () => void own.delete(call);
};
