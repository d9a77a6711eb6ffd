import type { TLSSocket } from "node:tls";
import type { PeerIdentity } from "../../kubelet/peer.ts";
import type { User } from "../user.ts";

/** Who a connection is from: a user, nobody yet, or somebody with a certificate that counts for nothing. */
export type Caller =
  | { readonly _tag: "User"; readonly user: User }
  | { readonly _tag: "Nobody" }
  | { readonly _tag: "Stranger" };

const nobody: Caller = { _tag: "Nobody" };
const stranger: Caller = { _tag: "Stranger" };

/** As the real server marks which certificate it was. */
const credentialId = (fingerprint: string): User["extra"] => ({
  "authentication.kubernetes.io/credential-id": [
    `X509SHA256=${fingerprint.replaceAll(":", "").toLowerCase()}`,
  ],
});

/** The user of a client certificate that our authority has signed: CN is the name, each O a group. */
export const callerOf = (identify: PeerIdentity, socket: TLSSocket): Caller => {
  const fingerprint: string | undefined = socket.getPeerCertificate()?.fingerprint256;
  if (fingerprint === undefined || fingerprint === "") return nobody;
  const identity = identify(socket);
  if (identity === undefined) return stranger;
  const { username: name, groups } = identity;
  return { _tag: "User", user: { name, groups, extra: credentialId(fingerprint) } };
};
