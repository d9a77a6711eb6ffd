import { constants } from "node:crypto";
import type { SecureContextOptions } from "node:tls";
import type { ServingCertificate } from "./certificate.ts";
import { certificatesOf } from "./client_ca.ts";

/** `ca` must never be left empty with `requestCert`: every public CA would be a client CA. */
const clientCertificates = (
  clientCa: string | undefined,
): { readonly ca?: string[]; readonly requestCert: boolean } => {
  if (clientCa === undefined) return { requestCert: false };
  const ca = [...certificatesOf(clientCa)];
  if (ca.length === 0) {
    throw new TypeError("the client CA holds no PEM certificate; leave it out to accept none");
  }
  return { ca, requestCert: true };
};

/**
 * The TLS settings of a kubelet's server. They are given to `setSecureContext` as a whole too, which forgets those that it is not
 * given: without `ca` it would verify no client any more.
 */
export const tlsOptions = (
  { cert, key }: ServingCertificate,
  clientCa: string | undefined,
): SecureContextOptions & { readonly requestCert: boolean; readonly rejectUnauthorized: false } => ({
  cert,
  key,
  ...clientCertificates(clientCa),
  // An unverified certificate is no certificate: its holder may still show a token.
  rejectUnauthorized: false,
  minVersion: "TLSv1.2",
  // Deno does not heed this; see `peerIdentity`.
  secureOptions: constants.SSL_OP_NO_TICKET,
});
