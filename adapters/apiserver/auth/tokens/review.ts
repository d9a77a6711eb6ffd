import * as E from "fp-ts/lib/Either.js";
import { badRequest } from "../../api_error.ts";
import type { Custom } from "../../call.ts";
import { objectAt, textAt } from "../../kinds/fields.ts";
import { reviewed } from "../answers.ts";
import { userInfo } from "../self_review.ts";
import { textsAt } from "../texts.ts";
import { issuer } from "./claims.ts";
import { identifyToken } from "./identify.ts";

/** Whose bearer token it is. */
export const tokenReview: Custom = (call, body) => {
  const spec = objectAt(body, "spec");
  const token = textAt(spec, "token");
  if (token === "") return E.left(badRequest("token is required for TokenReview in authentication"));
  const asked = textsAt(spec, "audiences");
  const found = identifyToken(call.state, token, asked.length === 0 ? [issuer] : asked, call.now);
  const status = E.isLeft(found)
    ? { user: {}, error: found.left }
    : { authenticated: true, user: userInfo(found.right.user), audiences: found.right.audiences };
  return reviewed(call, body, { spec, status });
};
