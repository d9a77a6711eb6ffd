import * as E from "fp-ts/lib/Either.js";
import type { Fault } from "../../core/fault.ts";
import { canonicalJson } from "../../core/hash.ts";
import type { ResourceAttributes } from "../../core/kubelet/attributes.ts";
import type { Identity } from "../../core/kubelet/identity.ts";
import {
  decodeAccessReview,
  decodeTokenReview,
  subjectAccessReview,
  tokenReview,
} from "../../core/kubelet/review.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import { faultOfStatus, parseStatus } from "../../core/kubernetes/status.ts";
import type { Millis } from "../../core/time.ts";
import type { ApiPort, Telemetry } from "../ports.ts";
import { type Finding, reviewCache } from "./review_cache.ts";

/** The two questions that the API server answers about a caller. Left: why it could not be asked. */
export interface Reviewer {
  /** Whose token it is; `undefined`: nobody's. */
  identityOf(token: string): Promise<E.Either<string, Identity | undefined>>;
  isAllowed(identity: Identity, attributes: ResourceAttributes): Promise<E.Either<string, boolean>>;
}

const tokenMs: Millis = 120_000;
const allowedMs: Millis = 300_000;
const deniedMs: Millis = 30_000;
const reviewMs: Millis = 10_000;
const cacheLimit = 4_096;
const maxReviews = 64;
const maxToken = 16_384;

/** Cache keys: a token is never kept, and a key has one length whatever a caller sends. */
const sha256 = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const explain = (what: string, fault: Fault): string =>
  fault._tag === "Forbidden"
    ? `may not create ${what}: bind this node's identity to the ClusterRole system:auth-delegator (${fault.message})`
    : `could not create ${what}: ${fault.message}`;

/** Reviews over an ApiPort, with caches. Reviews have their own time limit: one caller's leaving must not fail another's. */
export const reviewer = (
  { api, now, telemetry }: {
    readonly api: ApiPort;
    readonly now: () => Millis;
    readonly telemetry?: Telemetry;
  },
): Reviewer => {
  const tokens = reviewCache<Identity | undefined>({ now, limit: cacheLimit, maxReviews });
  const access = reviewCache<boolean>({ now, limit: cacheLimit, maxReviews });

  const ask = async <A>(
    what: string,
    request: ApiRequest,
    decode: (text: string) => E.Either<string, A>,
  ): Promise<E.Either<string, A>> => {
    const span = telemetry?.span("kubelet.review", { review: what });
    const sent = await api.send(request, AbortSignal.timeout(reviewMs));
    const answered = E.isRight(sent) && sent.right.status >= 200 && sent.right.status < 300;
    span?.end(answered ? "ok" : "error");
    if (E.isLeft(sent)) return E.left(explain(what, sent.left));
    const { status, text, retryAfterMs } = sent.right;
    return answered
      ? decode(text)
      : E.left(explain(what, faultOfStatus(status, parseStatus(text), retryAfterMs)));
  };

  const lasting = <A>(
    found: E.Either<string, A>,
    ttlMs: (value: A) => Millis,
  ): E.Either<string, Finding<A>> =>
    E.isLeft(found) ? found : E.right({ value: found.right, ttlMs: ttlMs(found.right) });

  return {
    identityOf: async (token) => {
      if (token.length > maxToken) return E.right(undefined);
      return await tokens.get(await sha256(token), async () => {
        const found = await ask("tokenreviews.authentication.k8s.io", tokenReview(token), decodeTokenReview);
        // A token that is nobody's now may be somebody's soon: a service account's is, once it exists.
        return lasting(found, (identity) => identity === undefined ? deniedMs : tokenMs);
      });
    },
    isAllowed: async (identity, attributes) =>
      await access.get(await sha256(canonicalJson([identity, attributes])), async () => {
        const request = subjectAccessReview(identity, attributes);
        const found = await ask("subjectaccessreviews.authorization.k8s.io", request, decodeAccessReview);
        return lasting(found, (allowed) => allowed ? allowedMs : deniedMs);
      }),
  };
};
