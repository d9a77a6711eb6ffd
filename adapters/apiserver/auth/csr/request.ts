import { ed25519 } from "@noble/curves/ed25519.js";
import { p256, p384 } from "@noble/curves/nist.js";
import * as E from "fp-ts/lib/Either.js";
import { decodeBase64Url } from "../tokens/base64url.ts";
import { type Der, derValues, hexOf, partsOf, textOf } from "./der.ts";

/** What a PKCS#10 request (RFC 2986) asks for. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
  /** In hexadecimal. */
  readonly ipAddresses: readonly string[];
}

const sequence = 0x30;
const bitString = 0x03;

const organization = "55040a";
const commonName = "550403";
const extensionRequest = "2a864886f70d01090e";
const subjectAltName = "551d11";

/** The texts of an attribute of a name. */
const named = (name: Der | undefined, identifier: string): readonly string[] =>
  partsOf(name).flatMap(partsOf).flatMap((attribute) => {
    const [type, value] = partsOf(attribute);
    return hexOf(type?.content) === identifier ? [textOf(value)] : [];
  });

/** The general names (RFC 5280, 4.2.1.6) that are asked for; a context tag says what each is. */
const altNames = (attributes: Der | undefined): readonly Der[] => {
  const asked = partsOf(attributes).filter((attribute) =>
    hexOf(partsOf(attribute)[0]?.content) === extensionRequest
  );
  const extensions = asked.flatMap((attribute) => partsOf(partsOf(attribute)[1])).flatMap(partsOf);
  return extensions.flatMap((extension) => {
    const parts = partsOf(extension);
    if (hexOf(parts[0]?.content) !== subjectAltName) return [];
    return derValues(parts.at(-1)?.content ?? new Uint8Array()).flatMap(partsOf);
  });
};

/** Of uncompressed points; that of P-521 is not checked here. */
const p256Bytes = 65;
const p384Bytes = 97;
const p521Bytes = 133;

/** ECDSA with the hash that belongs to the curve, which is how everybody signs. */
const isSignedBy = (
  curve: typeof p256,
  bytes: number,
  key: Uint8Array,
  signed: Uint8Array,
  made: Uint8Array,
) => {
  if (key.length === bytes) return curve.verify(made, signed, key, { format: "der", lowS: false });
  return [p256Bytes, p384Bytes, p521Bytes].includes(key.length) ? undefined : false;
};

/** Whether the request is signed with its own key: `undefined` where that cannot be told here (RSA). */
const isSigned = (info: Der, algorithm: Der | undefined, signature: Der | undefined): boolean | undefined => {
  const bits = (value: Der | undefined): Uint8Array => (value?.content ?? new Uint8Array()).subarray(1);
  const key = bits(partsOf(partsOf(info)[2])[1]);
  const made = bits(signature);
  try {
    switch (hexOf(partsOf(algorithm)[0]?.content)) {
      case "2a8648ce3d040302":
        return isSignedBy(p256, p256Bytes, key, info.whole, made);
      case "2a8648ce3d040303":
        return isSignedBy(p384, p384Bytes, key, info.whole, made);
      case "2b6570":
        return ed25519.verify(made, info.whole, key);
      default:
        return undefined;
    }
  } catch {
    // the curves throw at a signature that is none
    return false;
  }
};

const pem = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/;

const bytesOf = (base64: string): Uint8Array | undefined =>
  decodeBase64Url(
    base64.replace(/\s/g, "").replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_"),
  );

/** The bytes of the PEM block in `spec.request`, which is base64 once more. */
const derOf = (request: string): E.Either<string, Uint8Array> => {
  const bytes = bytesOf(request);
  const [, type, body] = pem.exec(bytes === undefined ? "" : new TextDecoder().decode(bytes)) ?? [];
  const der = type === "CERTIFICATE REQUEST" ? bytesOf(body ?? "") : undefined;
  return der === undefined ? E.left("PEM block type must be CERTIFICATE REQUEST") : E.right(der);
};

const requestOf = (info: Der): CertificateRequest => {
  const [, subject, , attributes] = partsOf(info);
  const names = altNames(attributes);
  const texts = (tag: number): readonly string[] => names.filter((name) => name.tag === tag).map(textOf);
  return {
    commonName: named(subject, commonName).at(-1) ?? "",
    organizations: named(subject, organization),
    dnsNames: texts(0x82),
    emails: texts(0x81),
    uris: texts(0x86),
    ipAddresses: names.filter(({ tag }) => tag === 0x87).map(({ content }) => hexOf(content)),
  };
};

/**
 * What `spec.request` of a CertificateSigningRequest asks for. Left: why it is none, as the API server says it. The signature is
 * checked for P-256, P-384 and Ed25519; one with RSA is left to whoever signs.
 */
export const parseRequest = (request: string): E.Either<string, CertificateRequest> => {
  const der = derOf(request);
  if (E.isLeft(der)) return der;
  const [outer, ...more] = derValues(der.right);
  const [info, algorithm, signature] = partsOf(outer);
  const isRequest = outer?.tag === sequence && info?.tag === sequence && algorithm?.tag === sequence &&
    signature?.tag === bitString;
  if (info === undefined || !isRequest || more.length > 0) {
    return E.left("asn1: structure error: not a certificate request");
  }
  return isSigned(info, algorithm, signature) === false
    ? E.left("x509: ECDSA verification failure")
    : E.right(requestOf(info));
};
