/** A queue between a back end that pushes and one reader that iterates. Equal keys overwrite each other: it is bounded by them. */
export interface Channel<A> {
  /** Adds an item; one with the same key that was not read yet is replaced. */
  push(key: string, item: A): void;
  /** Items from now on, until `signal` aborts. One reader at a time: a new reader ends the one before it. */
  read(signal: AbortSignal): AsyncIterableIterator<A>;
}

/** A {@link Channel} in memory. */
export const makeChannel = <A>(): Channel<A> => {
  let items = new Map<string, A>();
  let reader: { readonly wake: () => void } | undefined;

  const read = (signal: AbortSignal): AsyncIterableIterator<A> => {
    items = new Map();
    reader?.wake();
    let wake: (() => void) | undefined;
    const own = { wake: () => wake?.() };
    reader = own;
    signal.addEventListener("abort", own.wake, { once: true });
    const isOver = (): boolean => signal.aborted || reader !== own;
    const next = async (): Promise<IteratorResult<A>> => {
      for (;;) {
        if (isOver()) return { done: true, value: undefined };
        const first = items.entries().next().value;
        if (first !== undefined) {
          items.delete(first[0]);
          return { done: false, value: first[1] };
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    const end = (): Promise<IteratorResult<A>> => {
      signal.removeEventListener("abort", own.wake);
      if (reader === own) reader = undefined;
      own.wake();
      return Promise.resolve({ done: true, value: undefined });
    };
    return {
      next,
      return: end,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };

  return {
    push: (key, item) => {
      if (reader === undefined) return;
      items.delete(key);
      items.set(key, item);
      reader.wake();
    },
    read,
  };
};
