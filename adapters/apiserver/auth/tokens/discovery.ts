import type { JsonObject } from "../../object.ts";
import type { ServerSettings } from "../../state.ts";
import { encodeBase64Url } from "./base64url.ts";
import { issuer } from "./claims.ts";
import { keyOfSettings } from "./keyring.ts";

const jwks = ({ settings }: { readonly settings: ServerSettings }): JsonObject => {
  const key = keyOfSettings(settings);
  if (key === undefined) return { keys: [] };
  const coordinate = (from: number): string => encodeBase64Url(key.public.subarray(from, from + 32));
  const point = { crv: "P-256", x: coordinate(1), y: coordinate(33) };
  return { keys: [{ use: "sig", kty: "EC", kid: key.id, ...point, alg: "ES256" }] };
};

const configuration = ({ address }: ServerSettings): JsonObject => ({
  issuer,
  jwks_uri: `https://${address.host}:${address.port}/openid/v1/jwks`,
  response_types_supported: ["id_token"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["ES256"],
});

/** How others verify this server's tokens, by path (RFC 8414, RFC 7517): the document and its media type. */
export const tokenDocument = (
  settings: ServerSettings,
  path: string,
): { readonly contentType: string; readonly body: JsonObject } | undefined => {
  switch (path.replace(/\/$/, "")) {
    case "/.well-known/openid-configuration":
      return { contentType: "application/json", body: configuration(settings) };
    case "/openid/v1/jwks":
      return { contentType: "application/jwk-set+json", body: jwks({ settings }) };
    default:
      return undefined;
  }
};
