import * as E from "fp-ts/lib/Either.js";
import type { JsonObject } from "../../object.ts";
import type { ServerSettings } from "../../state.ts";
import { type TokenKey, tokenKeyOf, verifyJwt } from "./jwt.ts";

// Both are functions of their arguments alone; what they gave is kept because a curve costs a millisecond.

const keys: WeakMap<ServerSettings, { readonly key: TokenKey | undefined }> = new WeakMap();

/** The key of a server's tokens; `undefined` when the settings hold none. */
export const keyOfSettings = (settings: ServerSettings): TokenKey | undefined => {
  const known = keys.get(settings) ?? { key: tokenKeyOf(settings.tokenKey) };
  keys.set(settings, known);
  return known.key;
};

type Verified = E.Either<string, JsonObject>;

const keptLimit = 1000;

const verified: WeakMap<ServerSettings, Map<string, Verified>> = new WeakMap();

const verify = (settings: ServerSettings, token: string): Verified => {
  const key = keyOfSettings(settings);
  return key === undefined ? E.left("the server has no key for tokens") : verifyJwt(key, token);
};

/** The claims of a token that this server has signed, whatever they say. */
export const verifiedClaims = (settings: ServerSettings, token: string): Verified => {
  const kept = verified.get(settings) ?? new Map<string, Verified>();
  const known = kept.get(token);
  if (known !== undefined) return known;
  const result = verify(settings, token);
  if (kept.size >= keptLimit) kept.clear();
  verified.set(settings, kept.set(token, result));
  return result;
};
