import * as E from "fp-ts/lib/Either.js";
import { bearerToken } from "../../../core/kubelet/identity.ts";
import type { Now } from "../../../core/time.ts";
import { type ApiError, unauthorized } from "../api_error.ts";
import type { ServerRequest } from "../request.ts";
import type { ServerState } from "../state.ts";
import { anonymous, type User } from "../user.ts";
import { impersonated } from "./impersonate.ts";
import { issuer } from "./tokens/claims.ts";
import { identifyToken } from "./tokens/identify.ts";

/** Everybody who is somebody is in this group. */
const withGroup = (user: User): User =>
  user.groups.some((group) => group === "system:authenticated" || group === "system:unauthenticated")
    ? user
    : { ...user, groups: [...user.groups, "system:authenticated"] };

const credentialsOf = (
  state: ServerState,
  request: ServerRequest,
  now: Now,
): E.Either<ApiError, User> => {
  if (request.user !== undefined) return E.right(withGroup(request.user));
  const token = bearerToken(request.headers["authorization"]);
  if (token === undefined) return E.right(anonymous);
  const identified = identifyToken(state, token, [issuer], now);
  return E.isLeft(identified) ? E.left(unauthorized) : E.right(identified.right.user);
};

/**
 * Who asks: by `request.user`, else by a bearer token (a token that is nobody's is a 401), else anonymous; then who that one
 * wants to be by the `Impersonate-*` headers, which needs a permission (403).
 */
export const authenticate = (
  state: ServerState,
  request: ServerRequest,
  now: Now,
): E.Either<ApiError, User> => {
  const user = credentialsOf(state, request, now);
  return E.isLeft(user) ? user : impersonated(state, request, user.right);
};
