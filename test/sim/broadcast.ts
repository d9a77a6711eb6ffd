/** Tells everybody who follows: those who began before it was told. */
export interface Broadcast<A> {
  tell(item: A): void;
  /** What is told from the first `next` on, until the signal aborts. */
  follow(signal: AbortSignal): AsyncIterableIterator<A>;
}

export const makeBroadcast = <A>(): Broadcast<A> => {
  const listeners = new Set<(item: A) => void>();
  return {
    tell: (item) => listeners.forEach((listener) => listener(item)),
    follow: (signal) => {
      const waiting: A[] = [];
      let wake = (): void => {};
      const listener = (item: A): void => {
        waiting.push(item);
        wake();
      };
      listeners.add(listener);
      signal.addEventListener("abort", () => wake(), { once: true });
      const end = (): Promise<IteratorResult<A>> => {
        listeners.delete(listener);
        return Promise.resolve({ done: true, value: undefined });
      };
      const next = async (): Promise<IteratorResult<A>> => {
        for (;;) {
          if (signal.aborted) return end();
          const value = waiting.shift();
          if (value !== undefined) return { done: false, value };
          await new Promise<void>((resolve) => wake = resolve);
        }
      };
      return {
        next,
        return: end,
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
};
