import * as E from "fp-ts/lib/Either.js";
import { textAt } from "../../kinds/fields.ts";
import type { JsonObject } from "../../object.ts";
import { parseRequest } from "./request.ts";
import { kubeletClient, kubeletServing } from "./signers.ts";

/** Why a node may not ask for this certificate: of the kubelets' signers it gets its own only. */
export const nodeRequestFault = (csr: JsonObject, node: string): string | undefined => {
  const signerName = textAt(csr, "spec", "signerName");
  if (signerName !== kubeletClient && signerName !== kubeletServing) return undefined;
  const request = parseRequest(textAt(csr, "spec", "request"));
  if (E.isLeft(request)) return `unable to parse csr: ${request.left}`;
  return request.right.commonName === `system:node:${node}`
    ? undefined
    : `can only create a node CSR with CN=system:node:${node}`;
};
