import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import type { ApiRequest } from "../kubernetes/request.ts";
import type { ResourceAttributes } from "./attributes.ts";
import type { Identity } from "./identity.ts";

/** Asks the API server whose token this is. */
export const tokenReview = (token: string): ApiRequest => ({
  method: "POST",
  path: "/apis/authentication.k8s.io/v1/tokenreviews",
  body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } },
});

/** Asks the API server whether somebody may do something. */
export const subjectAccessReview = (identity: Identity, attributes: ResourceAttributes): ApiRequest => ({
  method: "POST",
  path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
  body: {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: {
      resourceAttributes: attributes,
      user: identity.username,
      groups: identity.groups,
      ...(identity.uid === undefined ? {} : { uid: identity.uid }),
      ...(identity.extra === undefined ? {} : { extra: identity.extra }),
    },
  },
});

const strings: t.Type<readonly string[]> = t.readonlyArray(t.string);

const TokenReviewCodec = t.type({
  status: t.partial({
    authenticated: t.boolean,
    error: t.string,
    user: t.partial({
      username: t.string,
      uid: t.string,
      groups: strings,
      extra: t.record(t.string, strings),
    }),
  }),
});

const AccessReviewCodec = t.type({
  status: t.intersection([
    t.type({ allowed: t.boolean }),
    t.partial({ denied: t.boolean, reason: t.string, evaluationError: t.string }),
  ]),
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Whose token it is; `undefined`: nobody's. Left: the answer is no TokenReview. */
export const decodeTokenReview = (text: string): E.Either<string, Identity | undefined> => {
  const json = parsed(text);
  if (!TokenReviewCodec.is(json)) return E.left("the API server's answer is not a TokenReview");
  const { authenticated, user } = json.status;
  if (authenticated !== true || user?.username === undefined || user.username === "") {
    return E.right(undefined);
  }
  return E.right({
    username: user.username,
    groups: user.groups ?? [],
    ...(user.uid === undefined || user.uid === "" ? {} : { uid: user.uid }),
    ...(user.extra === undefined ? {} : { extra: user.extra }),
  });
};

/** Whether it is allowed; a denial beats an allowance. Left: the answer is no SubjectAccessReview. */
export const decodeAccessReview = (text: string): E.Either<string, boolean> => {
  const json = parsed(text);
  if (!AccessReviewCodec.is(json)) return E.left("the API server's answer is not a SubjectAccessReview");
  return E.right(json.status.allowed && json.status.denied !== true);
};
