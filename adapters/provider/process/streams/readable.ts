import type { Readable } from "node:stream";
import type { Millis } from "../../../../core/time.ts";

/** After the end of a process, how long something else that holds its output may be silent. */
const quietMs: Millis = 500;

/**
 * What a process writes, as it is read: nothing is read ahead but what a pipe holds. Ends with the last writer; once `ended` says that
 * the process itself has ended, also when those whom it has left behind write nothing for half a second.
 */
export const outputOf = (source: Readable, ended: Promise<unknown>): ReadableStream<Uint8Array> => {
  let isOver = false;
  let wake = (): void => undefined;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const awaken = (): void => wake();
  const finish = (): void => {
    isOver = true;
    wake();
  };
  source.on("readable", awaken);
  source.once("end", finish);
  source.once("close", finish);
  source.once("error", finish);
  let hasEnded = false;
  const watchQuiet = (): void => {
    clearTimeout(quiet);
    quiet = setTimeout(() => source.destroy(), quietMs);
  };
  ended.finally(() => {
    hasEnded = true;
    awaken();
  }).catch(() => undefined);

  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      for (;;) {
        const chunk: Uint8Array | null = source.read();
        if (chunk !== null) return controller.enqueue(chunk);
        if (isOver) return controller.close();
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (hasEnded) watchQuiet();
        });
        clearTimeout(quiet);
      }
    },
    cancel: () => {
      source.destroy();
    },
  }, { highWaterMark: 0 });
};
