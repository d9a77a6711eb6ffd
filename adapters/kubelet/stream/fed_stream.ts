/** A stream that is fed by what comes, and says how much of it waits to be read. */
export interface FedStream {
  readonly stream: ReadableStream<Uint8Array>;
  push(bytes: Uint8Array): void;
  end(): void;
  fail(error: unknown): void;
}

/** `waits` is told of bytes that begin to wait (above 0) and of those that wait no more (below). */
export const fedStream = (waits: (bytes: number) => void): FedStream => {
  const queue: Uint8Array[] = [];
  let waiting = 0;
  let isOver = false;
  let reader: ReadableStreamDefaultController<Uint8Array> | undefined;
  let isWanted = false;

  const drop = (): void => {
    isOver = true;
    queue.length = 0;
    waits(-waiting);
    waiting = 0;
  };
  const give = (): void => {
    const next = isWanted ? queue.shift() : undefined;
    if (next !== undefined) {
      isWanted = false;
      waiting -= next.byteLength;
      reader?.enqueue(next);
      waits(-next.byteLength);
    }
    if (isOver && queue.length === 0) {
      reader?.close();
      reader = undefined;
    }
  };
  return {
    stream: new ReadableStream<Uint8Array>({
      start: (controller) => {
        reader = controller;
      },
      pull: () => {
        isWanted = true;
        give();
      },
      cancel: () => {
        reader = undefined;
        drop();
      },
    }, { highWaterMark: 0 }),
    push: (bytes) => {
      if (isOver || bytes.byteLength === 0) return;
      queue.push(bytes);
      waiting += bytes.byteLength;
      waits(bytes.byteLength);
      give();
    },
    end: () => {
      isOver = true;
      give();
    },
    fail: (error) => {
      drop();
      reader?.error(error);
      reader = undefined;
    },
  };
};

/** Calls `full` when more than `limit` bytes wait, and `free` when no longer. */
export const waitingBytes = (
  limit: number,
  { full, free }: { readonly full: () => void; readonly free: () => void },
): (bytes: number) => void => {
  let waiting = 0;
  return (bytes) => {
    const wasFull = waiting > limit;
    waiting += bytes;
    if (waiting > limit && !wasFull) full();
    if (waiting <= limit && wasFull) free();
  };
};
