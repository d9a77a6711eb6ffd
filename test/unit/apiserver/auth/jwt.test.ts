import { isLeft, isRight } from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decodeBase64Url, encodeBase64Url } from "../../../../adapters/apiserver/auth/tokens/base64url.ts";
import { tokenDocument } from "../../../../adapters/apiserver/auth/tokens/discovery.ts";
import {
  signJwt,
  type TokenKey,
  tokenKeyOf,
  verifyJwt,
} from "../../../../adapters/apiserver/auth/tokens/jwt.ts";
import { defaultSettings } from "../../../../adapters/apiserver/state.ts";

const test = suite("apiserver/auth/tokens/jwt");

const keyOf = (hex: string): TokenKey => {
  const key = tokenKeyOf(hex);
  if (key === undefined) throw new Error("no key");
  return key;
};

const key = keyOf("01".repeat(32));
const claims = { iss: "us", sub: "somebody", "ünïcode": ["✓"] };

test("base64url is that of RFC 4648", () => {
  const vectors: readonly (readonly [string, string])[] = [
    ["", ""],
    ["f", "Zg"],
    ["fo", "Zm8"],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg"],
    ["fooba", "Zm9vYmE"],
    ["foobar", "Zm9vYmFy"],
  ];
  for (const [text, encoded] of vectors) {
    assert.is(encodeBase64Url(new TextEncoder().encode(text)), encoded);
    assert.is(new TextDecoder().decode(decodeBase64Url(encoded)), text);
  }
  assert.is(encodeBase64Url(Uint8Array.of(0xfb, 0xff)), "-_8");
  for (const wrong of ["A", "Zg==", "Zm9v+", "Zh", "Z g", "é"]) assert.is(decodeBase64Url(wrong), undefined);
});

test("a token is verified by its key and no other", () => {
  const token = signJwt(key, claims);
  assert.is(signJwt(key, claims), token);
  const verified = verifyJwt(key, token);
  assert.ok(isRight(verified));
  assert.equal(verified.right, claims);
  const other = verifyJwt(keyOf("02".repeat(32)), token);
  assert.ok(isLeft(other));
  assert.is(other.left, "invalid signature, no keys found");
});

const unsigned = (header: unknown): string => {
  const part = (value: unknown): string => encodeBase64Url(new TextEncoder().encode(JSON.stringify(value)));
  return `${part(header)}.${part(claims)}.`;
};

test("what is no token of ours is said to be none, without what it says", () => {
  const [head, body, signature] = signJwt(key, claims).split(".");
  for (
    const token of [
      "",
      "a",
      "a.b.c",
      "..",
      `${head}.${body}`,
      `${head}.${body}.${signature}.`,
      `${head}.${body}.${signature}A`,
      `${head}.${body}.`,
      unsigned({ alg: "none" }),
      unsigned({ alg: "HS256" }),
      unsigned({ alg: "ES256" }),
      unsigned([]),
    ]
  ) {
    const verified = verifyJwt(key, token);
    assert.ok(isLeft(verified), token);
    assert.not.match(verified.left, "somebody");
  }
});

test("a key is 32 bytes in hexadecimal within the curve's order", () => {
  for (const hex of ["", "01", "zz".repeat(32), "00".repeat(32), "ff".repeat(32), "01".repeat(33)]) {
    assert.is(tokenKeyOf(hex), undefined, hex);
  }
});

test("others verify tokens by the documents of the server", async () => {
  const jwks = tokenDocument(defaultSettings, "/openid/v1/jwks");
  const [jwk] = (jwks?.body as unknown as { readonly keys: readonly JsonWebKey[] }).keys;
  const [head, body, signature] = signJwt(keyOf(defaultSettings.tokenKey), claims).split(".");
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("jwk", jwk ?? {}, algorithm, true, ["verify"]);
  const bytes = Uint8Array.from(decodeBase64Url(signature ?? "") ?? []);
  assert.ok(
    await crypto.subtle.verify(algorithm, imported, bytes, new TextEncoder().encode(`${head}.${body}`)),
  );
  const discovery = tokenDocument(defaultSettings, "/.well-known/openid-configuration");
  assert.is(discovery?.body["issuer"], "https://kubernetes.default.svc");
  assert.is(tokenDocument(defaultSettings, "/openid"), undefined);
});

test.run();
