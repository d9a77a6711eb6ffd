import type { Millis } from "../core/time.ts";
import type { Clock } from "./ports.ts";

/** Resolves when `test` holds after a step, or after `ms`. `watchers` are called after every step. */
export const until = (
  test: () => boolean,
  watchers: Set<() => void>,
  clock: Clock,
  ms: Millis,
): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (test()) finish();
    };
    const finish = (): void => {
      cancel();
      watchers.delete(look);
      resolve();
    };
    const cancel = clock.after(ms, finish);
    watchers.add(look);
    look();
  });
