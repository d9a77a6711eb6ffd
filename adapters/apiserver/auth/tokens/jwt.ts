import { p256 } from "@noble/curves/nist.js";
import * as E from "fp-ts/lib/Either.js";
import { at, isObject, textAt } from "../../kinds/fields.ts";
import type { Json, JsonObject } from "../../object.ts";
import { decodeBase64Url, encodeBase64Url } from "./base64url.ts";

/** A P-256 key that signs tokens, with what others need to verify them. */
export interface TokenKey {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
  /** `kid`: the x coordinate of the public key, which no other key of ours shares. */
  readonly id: string;
}

const utf8 = new TextEncoder();

/** The key of a secret in hexadecimal, 32 bytes; `undefined` when it is none. */
export const tokenKeyOf = (hex: string): TokenKey | undefined => {
  if (!/^[0-9a-f]{64}$/i.test(hex)) return undefined;
  const secret = Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  if (!p256.utils.isValidSecretKey(secret)) return undefined;
  const point = p256.getPublicKey(secret, false);
  const id = encodeBase64Url(point.subarray(1, 33));
  return { secret, public: point, id };
};

const encoded = (value: JsonObject): string => encodeBase64Url(utf8.encode(JSON.stringify(value)));

/** RFC 7515 compact form with ES256; the same claims give the same token (RFC 6979). */
export const signJwt = (key: TokenKey, claims: JsonObject): string => {
  const signed = `${encoded({ alg: "ES256", kid: key.id })}.${encoded(claims)}`;
  return `${signed}.${encodeBase64Url(p256.sign(utf8.encode(signed), key.secret, { lowS: false }))}`;
};

const parsed = (part: string | undefined): JsonObject | undefined => {
  const bytes = decodeBase64Url(part ?? "");
  if (bytes === undefined) return undefined;
  try {
    const value: Json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** What a token says, before anybody has looked at its signature: only good for telling whose it may be. */
export const unverifiedClaims = (token: string): JsonObject | undefined => {
  const parts = token.split(".");
  return parts.length === 3 ? parsed(parts[1]) : undefined;
};

/** The claims of a token that `key` has signed. Left: why it is none; nothing of the token is in it. */
export const verifyJwt = (key: TokenKey, token: string): E.Either<string, JsonObject> => {
  const [head, body, signature, ...more] = token.split(".");
  const header = parsed(head);
  const claims = parsed(body);
  const bytes = decodeBase64Url(signature ?? "");
  if (header === undefined || claims === undefined || bytes === undefined || more.length > 0) {
    return E.left("the token is no JWT");
  }
  if (textAt(header, "alg") !== "ES256") return E.left("the token is not signed with ES256");
  if (at(header, "kid") !== undefined && textAt(header, "kid") !== key.id) {
    return E.left("invalid signature, no keys found");
  }
  const isOurs = bytes.length === 64 &&
    p256.verify(bytes, utf8.encode(`${head}.${body}`), key.public, { lowS: false });
  return isOurs ? E.right(claims) : E.left("the token's signature does not verify");
};
