import type { Millis } from "../../core/time.ts";
import type { Logger } from "../ports.ts";
import { bounded } from "./bounded.ts";
import { textResponse } from "./respond.ts";

/** Throws, or rejects, when something is not well. */
export type HealthCheck = () => void | Promise<void>;

/** What `/healthz` needs. */
export interface HealthzOptions {
  /**
   * Checks by name. `ping`, `log` and `syncloop`, which clients of a kubelet ask for by name, are always there: that the
   * request is answered proves as much, unless the caller knows better, as the driver does of its `syncloop`.
   */
  readonly checks?: Readonly<Record<string, HealthCheck>>;
  readonly logger?: Logger;
  /** How long one check may take. Default 5 s. */
  readonly timeoutMs?: Millis;
}

const answering: HealthCheck = () => undefined;

/**
 * The handler of `/healthz` (all checks) and `/healthz/{check}` (one): 200 `ok`, or 500 with a line for each check;
 * `?verbose` gives the lines in both cases, `?exclude=` leaves a check out. Reasons go to the log, not to the client.
 */
export const healthzHandler = (
  { checks, logger, timeoutMs = 5_000 }: HealthzOptions,
): (request: Request, check: string | undefined) => Promise<Response> => {
  const all = new Map(Object.entries({ ping: answering, log: answering, syncloop: answering, ...checks }));

  const run = async ([name, check]: readonly [string, HealthCheck]): Promise<readonly [string, boolean]> => {
    try {
      await bounded(Promise.resolve().then(check), timeoutMs, `health check ${name}`);
      return [name, true];
    } catch (error) {
      logger?.log("warn", "a health check failed", { check: name, error: String(error) });
      return [name, false];
    }
  };

  return async (request, only) => {
    if (only !== undefined && !all.has(only)) return textResponse(404, "404 page not found");
    const query = new URL(request.url).searchParams;
    const excluded = new Set(query.getAll("exclude"));
    const wanted = [...all].filter(([name]) => only === undefined ? !excluded.has(name) : name === only);
    const results = await Promise.all(wanted.map(run));
    const healthy = results.every(([, passed]) => passed);
    if (healthy && !query.has("verbose")) return textResponse(200, "ok");
    const lines = results.map(([name, passed]) =>
      passed ? `[+]${name} ok` : `[-]${name} failed: reason withheld`
    );
    return textResponse(
      healthy ? 200 : 500,
      [...lines, `healthz check ${healthy ? "passed" : "failed"}`, ""].join("\n"),
    );
  };
};
