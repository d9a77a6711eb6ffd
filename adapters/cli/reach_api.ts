import * as E from "fp-ts/lib/Either.js";
import { type Backoff, backoffMs } from "../../core/backoff.ts";
import type { Fault } from "../../core/fault.ts";
import { getObject, nodePath } from "../../core/kubernetes/request.ts";
import { faultOfStatus, parseStatus } from "../../core/kubernetes/status.ts";
import { pause } from "../pause.ts";
import type { ApiPort, Clock, Logger } from "../ports.ts";

export interface ReachOptions {
  readonly api: ApiPort;
  readonly server: string;
  readonly node: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const backoff: Backoff = { baseMs: 1_000, capMs: 30_000, jitter: 0.25 };

const inWords = (fault: Fault, node: string): string => {
  switch (fault._tag) {
    case "Unauthorized":
      return "the API server does not accept our credentials; are they of this cluster, and not expired?";
    case "Forbidden":
      return `our credentials may not read node ${node}; is the ClusterRole of virtual nodes bound to them?`;
    default:
      return "the API server cannot be reached";
  }
};

const look = async ({ api, node, signal }: ReachOptions): Promise<Fault | undefined> => {
  const answer = await api.send(getObject(nodePath(node)), signal);
  if (E.isLeft(answer)) return answer.left;
  const { status, text, retryAfterMs } = answer.right;
  if (status < 300 || status === 404) return undefined;
  return faultOfStatus(status, parseStatus(text), retryAfterMs);
};

/**
 * Resolves when the API server answers us about our node, be it that there is none yet. Until then it tries again, 1 to 30 s
 * apart, and says each time in the log what is wrong. Rejects when `signal` aborts.
 */
export const reachApi = async (options: ReachOptions): Promise<void> => {
  const { server, node, clock, logger, signal } = options;
  for (let attempt = 1;; attempt++) {
    const fault = await look(options);
    signal.throwIfAborted();
    if (fault === undefined) {
      if (attempt > 1) logger.log("info", "the API server answers", { server });
      return;
    }
    const delay = backoffMs(backoff, attempt, node);
    const ms = fault._tag === "Throttled" ? Math.max(fault.retryAfterMs ?? 0, delay) : delay;
    logger.log("error", `${inWords(fault, node)}; trying again`, {
      server,
      error: fault.message,
      afterMs: ms,
    });
    await pause(clock, ms, signal);
    signal.throwIfAborted();
  }
};
