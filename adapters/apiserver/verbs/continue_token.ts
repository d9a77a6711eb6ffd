import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest } from "../api_error.ts";
import { decodeBase64Url, encodeBase64Url } from "../auth/tokens/base64url.ts";
import { numberAt, textAt } from "../kinds/fields.ts";
import type { Json } from "../object.ts";

/** Where the next page of a list begins: behind a key, as of a revision; without one, as of now. */
export interface Continue {
  readonly after: string;
  readonly revision?: number;
}

const version = "meta.k8s.io/v1";

export const continueToken = ({ after, revision = -1 }: Continue): string =>
  encodeBase64Url(
    new TextEncoder().encode(JSON.stringify({ v: version, rv: revision, start: `${after}\u0000` })),
  );

const invalidToken = (why: string): ApiError =>
  badRequest(`invalid continue token: continue key is not valid: ${why}`);

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What a token says, or a 400. */
export const readContinue = (token: string): E.Either<ApiError, Continue> => {
  const bytes = decodeBase64Url(token);
  if (bytes === undefined) return E.left(invalidToken("illegal base64 data"));
  const json = parsed(new TextDecoder().decode(bytes));
  const start = textAt(json, "start"), revision = numberAt(json, "rv");
  if (
    textAt(json, "v") !== version || start === "" || revision === undefined || !Number.isSafeInteger(revision)
  ) {
    return E.left(invalidToken("it is not one that this server has given"));
  }
  return E.right({
    after: start.endsWith("\u0000") ? start.slice(0, -1) : start,
    ...(revision < 0 ? {} : { revision }),
  });
};
