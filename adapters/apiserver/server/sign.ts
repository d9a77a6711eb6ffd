import * as E from "fp-ts/lib/Either.js";
import { parseRequest } from "../auth/csr/request.ts";
import { isKnownSigner, signerFault } from "../auth/csr/signers.ts";
import { listAt, numberAt, objectAt, textAt } from "../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { keyOf, objectAt as storedAt, visitAfter } from "../objects.ts";
import type { ServerRequest } from "../request.ts";
import { objectsOf } from "../state.ts";
import type { User } from "../user.ts";
import type { Authority } from "./pki.ts";
import type { Running } from "./running.ts";

const resource = "certificatesigningrequests.certificates.k8s.io";
const path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

const yearMs = 365 * 24 * 3_600_000;
const leastMs = 600_000;

const signer: User = {
  name: "system:serviceaccount:kube-system:certificate-controller",
  groups: ["system:masters", "system:authenticated"],
};

const has = (csr: ApiObject, type: string): boolean =>
  listAt(csr, "status", "conditions").some((condition) =>
    textAt(condition, "type") === type && textAt(condition, "status") !== "False"
  );

const isWaiting = (csr: ApiObject): boolean =>
  has(csr, "Approved") && !has(csr, "Denied") && !has(csr, "Failed") &&
  textAt(csr, "status", "certificate") === "" && isKnownSigner(textAt(csr, "spec", "signerName"));

const write = (csr: ApiObject, status: JsonObject): ServerRequest => ({
  method: "PUT",
  path: `${path}/${encodeURIComponent(csr.metadata.name)}/status`,
  query: {},
  headers: { "content-type": "application/json", "user-agent": "kube-controller-manager" },
  user: signer,
  body: JSON.stringify({ ...csr, status: { ...objectAt(csr, "status"), ...status } }),
});

const failed = (csr: ApiObject, message: string): ServerRequest =>
  write(csr, {
    conditions: [
      ...listAt(csr, "status", "conditions"),
      { type: "Failed", status: "True", reason: "SignerValidationFailure", message },
    ],
  });

/** A year, unless less is asked for; ten minutes at least. */
const lifeOf = (csr: ApiObject): number => {
  const seconds = numberAt(csr, "spec", "expirationSeconds");
  return seconds === undefined ? yearMs : Math.min(yearMs, Math.max(leastMs, seconds * 1000));
};

const usagesOf = (csr: ApiObject): readonly string[] =>
  listAt(csr, "spec", "usages").filter((usage) => typeof usage === "string");

const answerTo = async (csr: ApiObject, authority: Authority): Promise<ServerRequest> => {
  const text = textAt(csr, "spec", "request");
  const request = parseRequest(text);
  const usages = usagesOf(csr);
  const fault = E.isLeft(request)
    ? request.left
    : signerFault(textAt(csr, "spec", "signerName"), request.right, usages);
  if (fault !== undefined) return failed(csr, fault);
  try {
    return write(csr, { certificate: btoa(await authority.sign(atob(text), usages, lifeOf(csr))) });
  } catch (error) {
    return failed(csr, `the request cannot be signed: ${error instanceof Error ? error.message : error}`);
  }
};

/**
 * Signs what is approved, of Kubernetes' own signers for API server clients and kubelets: the certificate goes into the request's
 * status; a request that its signer may not sign gets the condition `Failed`. Ends with the server.
 */
export const signApproved = (running: Running, authority: Authority): void => {
  const busy = new Set<string>();
  const look = (csr: ApiObject): void => {
    const { uid, name } = csr.metadata;
    if (busy.has(uid) || !isWaiting(csr)) return;
    busy.add(uid);
    void answerTo(csr, authority).then((request) => {
      busy.delete(uid);
      const now = storedAt(objectsOf(running.state(), resource), keyOf(undefined, name));
      if (now?.metadata.uid !== uid || !isWaiting(now)) return;
      if (now.metadata.resourceVersion === csr.metadata.resourceVersion) running.ask(request);
      else look(now);
    });
  };
  running.listen((changes) => {
    for (const change of changes) {
      if (change.resource === resource && change.type !== "DELETED") look(change.object);
    }
  });
  visitAfter(objectsOf(running.state(), resource), "", (_, csr) => {
    look(csr);
    return true;
  });
};
