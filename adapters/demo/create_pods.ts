import * as E from "fp-ts/lib/Either.js";
import { faultOfStatus, parseStatus } from "../../core/kubernetes/status.ts";
import type { JsonObject } from "../apiserver/object.ts";
import { systemClock } from "../clock.ts";
import type { ApiPort } from "../ports.ts";

const path = "/api/v1/namespaces/default/pods";
const boundMs = 10_000;
const betweenMs = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => void systemClock.after(ms, resolve));

/** Why it could not be created, or nothing. One that is there already is as good. */
const create = async (api: ApiPort, pod: JsonObject, signal: AbortSignal): Promise<string | undefined> => {
  const answer = await api.send({ method: "POST", path, body: pod, discardAnswer: true }, signal);
  if (E.isLeft(answer)) return answer.left.message;
  const { status, text } = answer.right;
  if (status < 300) return undefined;
  const fault = faultOfStatus(status, parseStatus(text), undefined);
  return fault._tag === "AlreadyExists" ? undefined : fault.message;
};

/** Creates pods, one after the other; in a new namespace, as soon as its service account is there. */
export const createPods = async (
  api: ApiPort,
  pods: readonly JsonObject[],
  signal: AbortSignal,
): Promise<void> => {
  const end = performance.now() + boundMs;
  for (const pod of pods) {
    for (;;) {
      const problem = await create(api, pod, signal);
      if (problem === undefined || signal.aborted) break;
      if (performance.now() > end) throw new Error(`the sample pods could not be created: ${problem}`);
      await pause(betweenMs);
    }
  }
};
