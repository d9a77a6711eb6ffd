import type { Millis } from "../../core/time.ts";

const settled = (): void => undefined;

/**
 * What `work` gives, or an error after `ms` naming `what`. `late` is handed a value that comes after that, to be freed.
 */
export const bounded = <A>(
  work: Promise<A>,
  ms: Millis,
  what: string,
  late: (value: A) => void = settled,
): Promise<A> => {
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      over = true;
      reject(new Error(`${what} took longer than ${ms / 1000} s`));
    }, ms);
  });
  work.then((value) => over ? late(value) : undefined, settled);
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
};
