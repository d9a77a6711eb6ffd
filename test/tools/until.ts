/** From one look to the next: a look at the API server costs about 30 ms of a processor. */
const betweenMs = 150;

export const usualMs = 60_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const said = (error: unknown): string => error instanceof Error ? error.message : JSON.stringify(error);

/**
 * Asks again and again until there is an answer. What the attempt throws counts as none, and is told when the bound
 * is over: what it asks may be away for a while.
 */
export const until = async <A>(
  what: string,
  attempt: () => A | undefined | false | Promise<A | undefined | false>,
  ms: number = usualMs,
): Promise<A> => {
  let last: unknown;
  for (const end = performance.now() + ms; performance.now() < end; await pause(betweenMs)) {
    try {
      const value = await attempt();
      last = undefined;
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`not within ${ms} ms: ${what}${last === undefined ? "" : ` (last: ${said(last)})`}`);
};
