import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { generate } from "selfsigned";
import type { Millis } from "../../core/time.ts";

/** A certificate (chain) and its private key, in PEM. */
export interface ServingCertificate {
  readonly cert: string;
  readonly key: string;
}

/** When a certificate is good; Unix times. */
export interface Validity {
  readonly notBefore: Millis;
  readonly notAfter: Millis;
}

/** When a certificate (the first of its chain) is good. Throws when it is none, or when the key is not its key. */
export const checkCertificate = ({ cert, key }: ServingCertificate): Validity => {
  const read = new X509Certificate(cert);
  if (!read.checkPrivateKey(createPrivateKey(key))) {
    throw new Error("the private key is not the certificate's");
  }
  return { notBefore: Date.parse(read.validFrom), notAfter: Date.parse(read.validTo) };
};

/** What a self-signed certificate is for. */
export interface SelfSignedOptions {
  readonly nodeName: string;
  /** The IP addresses and host names at which the node can be reached. */
  readonly addresses: readonly string[];
  /** Unix time; default: now. */
  readonly now?: Millis;
}

const hour = 3_600_000;
const year = 365 * 24 * hour;
/** X.520: what verifiers accept of a common name. The names that count are in the SAN. */
const maxCommonName = 64;

const isName = (text: string): boolean => /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/i.test(text);
const isWildcard = (address: string): boolean => address === "0.0.0.0" || address === "::";

/** What may stand in a certificate of these names and addresses: each once, without what is no name. */
export const certifiable = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].filter((name) => !isWildcard(name) && (isIP(name) !== 0 || isName(name)));

/** `subjectAltName` types: 7 is an IP address, 2 a DNS name. */
const altName = (name: string): { readonly type: 7; ip: string } | { readonly type: 2; value: string } =>
  isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name };

/**
 * A new self-signed serving certificate (ECDSA P-256, one year, an hour back for clocks that differ), for the node's name and
 * addresses as SANs. Enough for an API server without `--kubelet-certificate-authority`, as kubeadm sets it up.
 */
export const selfSignedCertificate = async (options: SelfSignedOptions): Promise<ServingCertificate> => {
  const { nodeName, addresses, now = Date.now() } = options;
  const altNames = certifiable([nodeName, ...addresses]).map(altName);
  const made = await generate([{ name: "commonName", value: nodeName.slice(0, maxCommonName) }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(now - hour),
    notAfterDate: new Date(now + year),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
  });
  return { cert: made.cert, key: made.private };
};
