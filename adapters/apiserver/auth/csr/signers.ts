import type { CertificateRequest } from "./request.ts";

export const kubeletClient = "kubernetes.io/kube-apiserver-client-kubelet";
export const kubeletServing = "kubernetes.io/kubelet-serving";
export const apiServerClient = "kubernetes.io/kube-apiserver-client";

const nodePrefix = "system:node:";

const isExactly = (usages: readonly string[], wanted: readonly string[]): boolean =>
  new Set(usages).size === wanted.length && wanted.every((usage) => usages.includes(usage));

/** An RSA key may also encipher keys; nothing else is more or less. */
const usagesFault = (usages: readonly string[], purpose: string): string | undefined => {
  const all = ["digital signature", "key encipherment", purpose];
  return isExactly(usages, all) || isExactly(usages, ["digital signature", purpose])
    ? undefined
    : `usages did not match [${[...all].sort().join(" ")}]`;
};

const isNodes = ({ organizations }: CertificateRequest): boolean =>
  organizations.length === 1 && organizations[0] === "system:nodes";

const notNodes = "subject organization is not system:nodes";

const nameFault = ({ commonName }: CertificateRequest): string | undefined =>
  commonName.startsWith(nodePrefix) ? undefined : `subject common name does not begin with ${nodePrefix}`;

const clientFault = (request: CertificateRequest, usages: readonly string[]): string | undefined => {
  if (!isNodes(request)) return notNodes;
  if (request.dnsNames.length > 0) return "DNS subjectAltNames are not allowed";
  if (request.emails.length > 0) return "Email subjectAltNames are not allowed";
  if (request.ipAddresses.length > 0) return "IP subjectAltNames are not allowed";
  if (request.uris.length > 0) return "URI subjectAltNames are not allowed";
  return nameFault(request) ?? usagesFault(usages, "client auth");
};

const servingFault = (request: CertificateRequest, usages: readonly string[]): string | undefined => {
  if (!isNodes(request)) return notNodes;
  if (request.dnsNames.length === 0 && request.ipAddresses.length === 0) {
    return "DNS or IP subjectAltName is required";
  }
  if (request.emails.length > 0) return "Email subjectAltNames are not allowed";
  if (request.uris.length > 0) return "URI subjectAltNames are not allowed";
  return usagesFault(usages, "server auth") ?? nameFault(request);
};

const optionalUsages: ReadonlySet<string> = new Set(["digital signature", "key encipherment", "client auth"]);

const userFault = (usages: readonly string[]): string | undefined => {
  const other = usages.find((usage) => !optionalUsages.has(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes("client auth")
    ? undefined
    : "missing required usage for client certificate: client auth";
};

/** Whether one of Kubernetes' own signers signs what asks for it: these are the ones that we sign. */
export const isKnownSigner = (signerName: string): boolean =>
  signerName === kubeletClient || signerName === kubeletServing || signerName === apiServerClient;

/**
 * Why a known signer refuses an approved request (the condition `Failed`, reason `SignerValidationFailure`), or `undefined` when
 * it signs (Kubernetes docs, "Kubernetes signers").
 */
export const signerFault = (
  signerName: string,
  request: CertificateRequest,
  usages: readonly string[],
): string | undefined => {
  switch (signerName) {
    case kubeletClient:
      return clientFault(request, usages);
    case kubeletServing:
      return servingFault(request, usages);
    case apiServerClient:
      return userFault(usages);
    default:
      return `no signer ${JSON.stringify(signerName)} here`;
  }
};
