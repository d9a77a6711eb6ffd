import * as E from "fp-ts/lib/Either.js";
import { attributesOf, type ResourceAttributes } from "../../core/kubelet/attributes.ts";
import { anonymous, asAuthenticated, bearerToken, type Identity } from "../../core/kubelet/identity.ts";
import type { Millis } from "../../core/time.ts";
import type { ApiPort, Logger, Telemetry } from "../ports.ts";
import { guarded } from "../telemetry/guarded.ts";
import { textResponse } from "./respond.ts";
import { type Reviewer, reviewer } from "./reviewer.ts";

/** Who may call, and by whom that is decided. */
export type KubeletAuthMode =
  /** Client certificates and bearer tokens (TokenReview); every request is put to a SubjectAccessReview. The default. */
  | { readonly mode?: "webhook"; readonly api: ApiPort }
  /** Client certificates only; every request is put to a SubjectAccessReview. */
  | { readonly mode: "certificate"; readonly api: ApiPort }
  /** Whoever shows a valid certificate (or token, with an `api`) may do everything. Logged as a warning. */
  | { readonly mode: "alwaysAllow"; readonly api?: ApiPort };

/** The settings of {@link kubeletAuth}. */
export type KubeletAuthOptions = KubeletAuthMode & {
  readonly nodeName: string;
  /** `true`: without credentials a caller is `system:anonymous`, to be authorized as such. Default `false`: 401. */
  readonly anonymous?: boolean;
  /** A clock that never goes back. */
  readonly now: () => Millis;
  readonly logger?: Logger;
  readonly telemetry?: Telemetry;
};

/** The decision about one request. */
export type Access =
  | { readonly _tag: "Allowed"; readonly identity: Identity }
  | { readonly _tag: "Refused"; readonly response: Response };

/**
 * Decides about a request. `certificate` is the subject of a client certificate that the server has *verified* against the
 * client CA (see `identityOfSubject`); never pass one on that it has not.
 */
export type Authorize = (request: Request, certificate: Identity | undefined) => Promise<Access>;

const refused = (status: number, text: string): Access => ({
  _tag: "Refused",
  response: textResponse(status, text),
});

const describe = (identity: Identity, attributes: readonly ResourceAttributes[]): string => {
  const subresources = attributes.map((each) => each.subresource).join(" ");
  const verb = attributes[0]?.verb ?? "";
  return `(user=${identity.username}, verb=${verb}, resource=nodes, subresource(s)=[${subresources}])`;
};

const identify = async (
  options: KubeletAuthOptions,
  reviews: Reviewer | undefined,
  request: Request,
  certificate: Identity | undefined,
): Promise<E.Either<string, Identity | undefined>> => {
  if (certificate !== undefined) return E.right(asAuthenticated(certificate));
  const token = options.mode === "certificate"
    ? undefined
    : bearerToken(request.headers.get("authorization"));
  if (token !== undefined && reviews !== undefined) {
    const reviewed = await reviews.identityOf(token);
    if (E.isLeft(reviewed)) return reviewed;
    if (reviewed.right !== undefined) return E.right(asAuthenticated(reviewed.right));
  }
  const bad = request.headers.has("authorization");
  return E.right(options.anonymous === true && !bad ? anonymous : undefined);
};

/** The first that is allowed counts; a failed review is only one where none is. */
const isAllowed = async (
  reviews: Reviewer,
  identity: Identity,
  attributes: readonly ResourceAttributes[],
): Promise<E.Either<string, boolean>> => {
  let failure: string | undefined;
  for (const each of attributes) {
    const reviewed = await reviews.isAllowed(identity, each);
    if (E.isLeft(reviewed)) failure ??= reviewed.left;
    else if (reviewed.right) return reviewed;
  }
  return failure === undefined ? E.right(false) : E.left(failure);
};

/**
 * The kubelet's authentication and authorization: a verified client certificate, else a bearer token, else (only when asked for)
 * `system:anonymous`; then SubjectAccessReviews on `nodes/{subresource}` of this node. 401 `Unauthorized`, 403 `Forbidden
 * (user=…)`, 500 when a review fails. Answers are cached (tokens 2 min, allowed 5 min, denied 30 s). No credential is ever logged.
 */
export const kubeletAuth = (given: KubeletAuthOptions): Authorize => {
  const options = guarded(given);
  const { api, logger, nodeName } = options;
  const reviews = api === undefined ? undefined : reviewer({ ...options, api });
  if (reviews === undefined && options.mode !== "alwaysAllow") {
    throw new TypeError(
      `kubelet authorization needs the API server: pass "api", or choose mode "alwaysAllow" (node ${nodeName})`,
    );
  }
  if (options.mode === "alwaysAllow") {
    const who = options.anonymous === true ? "everybody" : "every holder of valid credentials";
    logger?.log("warn", `the kubelet API does not authorize: ${who} may read every log of this node`, {
      node: nodeName,
    });
  }
  return async (request, certificate) => {
    const identified = await identify(options, reviews, request, certificate);
    if (E.isLeft(identified)) {
      logger?.log("error", "a caller of the kubelet API could not be authenticated", {
        error: identified.left,
      });
      return refused(500, "Authentication error: the token could not be reviewed");
    }
    const identity = identified.right;
    if (identity === undefined) return refused(401, "Unauthorized");
    if (options.mode === "alwaysAllow" || reviews === undefined) return { _tag: "Allowed", identity };
    const attributes = attributesOf(request.method, new URL(request.url).pathname, nodeName);
    const allowed = await isAllowed(reviews, identity, attributes);
    const what = describe(identity, attributes);
    if (E.isLeft(allowed)) {
      logger?.log("error", "a request to the kubelet API could not be authorized", {
        error: allowed.left,
        request: what,
      });
      return refused(500, `Authorization error ${what}`);
    }
    if (allowed.right) return { _tag: "Allowed", identity };
    logger?.log("info", "a request to the kubelet API was denied", { request: what });
    return refused(403, `Forbidden ${what}`);
  };
};
