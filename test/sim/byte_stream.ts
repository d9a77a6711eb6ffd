/** A body that is filled from outside: bytes as they come, then its end or its failure. */
export interface ByteStream {
  readonly body: AsyncIterable<Uint8Array>;
  push(bytes: Uint8Array): void;
  /** Ends it, or breaks it with an error; what was pushed before is still read. */
  close(error?: Error): void;
  readonly isClosed: boolean;
}

/** `onRead` is called at each turn of who reads it. */
export const makeByteStream = (onRead: () => void): ByteStream => {
  const waiting: Uint8Array[] = [];
  let wake: (() => void) | undefined;
  let closed = false;
  let failure: Error | undefined;
  const call = (): void => {
    wake?.();
    wake = undefined;
  };
  async function* read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      onRead();
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (failure !== undefined) throw failure;
      else if (closed) return;
      else await new Promise<void>((resolve) => wake = resolve);
    }
  }
  return {
    body: read(),
    push: (bytes) => {
      if (closed) return;
      waiting.push(bytes);
      call();
    },
    close: (error) => {
      if (closed) return;
      closed = true;
      failure = error;
      call();
    },
    get isClosed() {
      return closed;
    },
  };
};
