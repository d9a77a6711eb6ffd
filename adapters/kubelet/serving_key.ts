// @peculiar/x509 does not begin without it
import "reflect-metadata";
import { isIP } from "node:net";
import {
  type JsonGeneralName,
  PemConverter,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
} from "@peculiar/x509";
import { nodeUser } from "../../core/kubelet/serving_request.ts";
import { certifiable } from "./certificate.ts";

/** A new private key and a PKCS#10 request (RFC 2986) for its certificate, both in PEM. */
export interface RequestedKey {
  readonly key: string;
  readonly request: string;
}

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

const altName = (value: string): JsonGeneralName => ({ type: isIP(value) === 0 ? "dns" : "ip", value });

/**
 * A new key (ECDSA P-256) and a request as the signer `kubernetes.io/kubelet-serving` wants it: the node as common name,
 * `system:nodes` as the only organization, the node's name and addresses as SANs and nothing else.
 */
export const newServingKey = async (
  nodeName: string,
  addresses: readonly string[],
): Promise<RequestedKey> => {
  const keys = await crypto.subtle.generateKey(ecdsa, true, ["sign", "verify"]) as CryptoKeyPair;
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ O: ["system:nodes"] }, { CN: [nodeUser(nodeName)] }],
    keys,
    signingAlgorithm: ecdsa,
    extensions: [new SubjectAlternativeNameExtension(certifiable([nodeName, ...addresses]).map(altName))],
  });
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { key: `${PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`, request: `${request.toString("pem")}\n` };
};
