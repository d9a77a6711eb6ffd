import { type Backoff, backoffMs } from "../backoff.ts";
import type { Fault } from "../fault.ts";
import { hash32 } from "../hash.ts";
import { formatTime, type Millis, type Now } from "../time.ts";
import { nodeUser, servingSigner } from "./serving_request.ts";

/** What is to be done next for a serving certificate of the cluster, and how long to wait before. */
export type ServingStep =
  /** Ask who we are. */
  | { readonly _tag: "Review"; readonly afterMs: Millis }
  /** Make a key, and a request for its certificate. */
  | { readonly _tag: "Request"; readonly afterMs: Millis }
  /** Look what has become of the request; a certificate is served from then on. */
  | { readonly _tag: "Look"; readonly name: string; readonly afterMs: Millis }
  /** Never again. */
  | { readonly _tag: "End" };

/** What has come of a {@link ServingStep}. */
export type ServingNews =
  | { readonly _tag: "Reviewed"; readonly username: string }
  | { readonly _tag: "Requested"; readonly name: string }
  | { readonly _tag: "Pending" }
  /** Denied, refused by the signer, or answered with a certificate that cannot be served: `why` says which. */
  | { readonly _tag: "Refused"; readonly why: string }
  /** The certificate is served; Unix times. */
  | { readonly _tag: "Served"; readonly notBefore: Millis; readonly notAfter: Millis }
  | { readonly _tag: "Failed"; readonly fault: Fault };

/** What a person is told; with a `reason` in an event on the node too. */
export interface ServingTold {
  readonly level: "info" | "warn";
  readonly message: string;
  readonly reason?: string;
}

/** Where the matter stands. Losable: it is begun anew then. */
export interface ServingState {
  readonly step: ServingStep;
  /** When the present request was made (`mono`). */
  readonly since: Millis;
  readonly failures: number;
  /** The end of the cluster's certificate that is served, in Unix time; `undefined`: the self-signed one is. */
  readonly notAfter: Millis | undefined;
  /** The last message, which is not repeated. */
  readonly told: string | undefined;
}

/** At first it is asked who we are. */
export const beginServing: ServingState = {
  step: { _tag: "Review", afterMs: 0 },
  since: 0,
  failures: 0,
  notAfter: undefined,
  told: undefined,
};

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
/** An approving controller is given this long before a person is called for. */
const firstLookMs = 2 * second;
const retry: Backoff = { baseMs: second, capMs: 5 * minute, jitter: 0.25 };

/** Something in the cluster has to be changed first: asking again soon would only litter it with requests. */
const refusedMs = hour;

const renewShare = 0.8;
const jitterShare = 0.05;

/** At 80 % of its life, up to a twentieth of that life earlier so that nodes spread out; a minute from now at the earliest. */
const renewAfterMs = (notBefore: Millis, notAfter: Millis, wall: Millis, nodeName: string): Millis => {
  const life = Math.max(0, notAfter - notBefore);
  const fraction = (hash32(`${nodeName}#${notAfter}`) % 1024) / 1024;
  return Math.max(minute, Math.round(notBefore + life * (renewShare - jitterShare * fraction) - wall));
};

const served = (notAfter: Millis | undefined): string =>
  notAfter === undefined
    ? "until then the node serves a self-signed certificate, which an API server that verifies nodes refuses"
    : `until then the node serves its present certificate, which ends at ${formatTime(notAfter)}`;

const inWords = (step: ServingStep, fault: Fault): string => {
  switch (fault._tag) {
    case "Forbidden":
      return `this node's identity may not ask for a serving certificate (${fault.message}); ` +
        "grant it create and get on certificatesigningrequests.certificates.k8s.io";
    case "NotFound":
      return step._tag === "Look"
        ? "the request for a serving certificate is gone; a new one is made"
        : `this API server knows no requests for certificates (${fault.message})`;
    default:
      return `the cluster cannot be asked for a serving certificate: ${fault.message}`;
  }
};

const isLasting = ({ _tag }: Fault): boolean =>
  _tag === "Forbidden" || _tag === "Rejected" || _tag === "Undecodable";

const afterFault = (state: ServingState, fault: Fault, nodeName: string): ServingStep => {
  const { step } = state;
  if (step._tag === "End") return step;
  if (fault._tag === "NotFound") {
    // requests are cleared away after a day without an answer
    return step._tag === "Look" ? { _tag: "Request", afterMs: minute } : { _tag: "End" };
  }
  const delay = backoffMs(retry, state.failures + 1, nodeName);
  const asked = fault._tag === "Throttled" ? fault.retryAfterMs ?? 0 : 0;
  return { ...step, afterMs: isLasting(fault) ? refusedMs : Math.max(delay, asked) };
};

const pendingMessage = (name: string, { notAfter }: ServingState): string =>
  `the request ${name} for a serving certificate waits for approval: kubectl certificate approve ${name}; ${
    served(notAfter)
  }`;

type Decided = Partial<ServingState> & { readonly step: ServingStep; readonly say?: ServingTold };

const decide = (state: ServingState, news: ServingNews, now: Now, nodeName: string): Decided => {
  const { step, since } = state;
  switch (news._tag) {
    case "Reviewed": {
      if (news.username === nodeUser(nodeName)) return { failures: 0, step: { _tag: "Request", afterMs: 0 } };
      const message = `the serving certificate stays self-signed: ${servingSigner} signs for ${
        nodeUser(nodeName)
      } only, and we are ${news.username}; for an API server that verifies nodes give --tls-cert-file and --tls-private-key-file`;
      return { step: { _tag: "End" }, say: { level: "info", message } };
    }
    case "Requested":
      return {
        failures: 0,
        since: now.mono,
        step: { _tag: "Look", name: news.name, afterMs: firstLookMs },
      };
    case "Pending": {
      if (step._tag !== "Look") return { step };
      const afterMs = Math.min(minute, Math.max(firstLookMs, Math.round((now.mono - since) / 10)));
      const message = pendingMessage(step.name, state);
      return {
        failures: 0,
        step: { ...step, afterMs },
        say: { level: "warn", message, reason: "ServingCertificatePending" },
      };
    }
    case "Refused": {
      const message =
        `there is no serving certificate of the cluster: ${news.why}; it is asked for again in an hour, ${
          served(state.notAfter)
        }`;
      return {
        step: { _tag: "Request", afterMs: refusedMs },
        say: { level: "warn", message, reason: "ServingCertificateRefused" },
      };
    }
    case "Served": {
      const { notBefore, notAfter } = news;
      const afterMs = renewAfterMs(notBefore, notAfter, now.wall, nodeName);
      const message = `the node serves a certificate of the cluster, which ends at ${
        formatTime(notAfter)
      }; the next is asked for at ${formatTime(now.wall + afterMs)}`;
      return { failures: 0, notAfter, step: { _tag: "Request", afterMs }, say: { level: "info", message } };
    }
    case "Failed":
      return {
        failures: state.failures + 1,
        step: afterFault(state, news.fault, nodeName),
        say: { level: "warn", message: inWords(step, news.fault) },
      };
  }
};

/**
 * What to do after this news for a certificate that clients trust: nothing under another identity than the node's own, for its
 * signer would never sign; else ask, wait for approval as long as it takes, and ask again in time. The same is said once.
 */
export const stepServing = (
  state: ServingState,
  news: ServingNews,
  now: Now,
  nodeName: string,
): readonly [ServingState, ServingTold | undefined] => {
  const { say, ...changes } = decide(state, news, now, nodeName);
  const isNew = say !== undefined && say.message !== state.told;
  return [{ ...state, ...changes, told: say?.message ?? state.told }, isNew ? say : undefined];
};
