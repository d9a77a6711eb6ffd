import type { TLSSocket } from "node:tls";
import { type Identity, identityOfSubject } from "../../core/kubelet/identity.ts";
import type { Millis } from "../../core/time.ts";

/** Who a connection's client certificate is for, if it is one of the client CA. */
export type PeerIdentity = (socket: TLSSocket) => Identity | undefined;

interface Verified {
  readonly identity: Identity | undefined;
  readonly notAfter: Millis;
}

const nobody: Verified = { identity: undefined, notAfter: 0 };
const remembered = 1_024;

/**
 * Reads identities off TLS connections that asked for a certificate without insisting on one. Only what the handshake verified
 * counts, and only until the certificate expires.
 *
 * A resumed session shows the certificate of an earlier handshake, and Deno calls it authorized even where that
 * handshake was not. So a resumed session counts only with a certificate that a full handshake here has verified.
 */
export const peerIdentity = (wall: () => Millis): PeerIdentity => {
  const connections = new WeakMap<TLSSocket, Verified>();
  const seen = new Set<string>();

  const remember = (fingerprint: string): void => {
    seen.delete(fingerprint);
    seen.add(fingerprint);
    for (const oldest of seen) {
      if (seen.size <= remembered) return;
      seen.delete(oldest);
    }
  };

  const verify = (socket: TLSSocket): Verified => {
    if (!socket.authorized) return nobody;
    const certificate = socket.getPeerCertificate();
    const fingerprint: string | undefined = certificate?.fingerprint256;
    if (fingerprint === undefined || fingerprint === "") return nobody;
    if (socket.isSessionReused() && !seen.has(fingerprint)) return nobody;
    remember(fingerprint);
    return { identity: identityOfSubject(certificate.subject), notAfter: Date.parse(certificate.valid_to) };
  };

  return (socket) => {
    const known = connections.get(socket) ?? verify(socket);
    connections.set(socket, known);
    return wall() <= known.notAfter ? known.identity : undefined;
  };
};
