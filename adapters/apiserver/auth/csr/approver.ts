import * as E from "fp-ts/lib/Either.js";
import { at, listAt, objectAt, textAt } from "../../kinds/fields.ts";
import type { ApiObject } from "../../object.ts";
import type { ServerRequest } from "../../request.ts";
import { listed } from "../../store.ts";
import type { ServerState } from "../../state.ts";
import type { User } from "../../user.ts";
import { resourceAttributes } from "../attributes.ts";
import { authorize } from "../authorize.ts";
import { textsAt } from "../texts.ts";
import { parseRequest } from "./request.ts";
import { kubeletClient, signerFault } from "./signers.ts";

const group = "certificates.k8s.io";

const requesterOf = (csr: ApiObject): User => {
  const uid = textAt(csr, "spec", "uid");
  return {
    name: textAt(csr, "spec", "username"),
    groups: textsAt(csr, "spec", "groups"),
    ...(uid === "" ? {} : { uid }),
  };
};

const isDecided = (csr: ApiObject): boolean =>
  textAt(csr, "status", "certificate") !== "" ||
  listAt(csr, "status", "conditions").some((condition) =>
    ["Approved", "Denied"].includes(textAt(condition, "type"))
  );

const may = (state: ServerState, user: User, subresource: string): boolean =>
  authorize(
    state,
    user,
    resourceAttributes({
      verb: "create",
      group,
      version: "*",
      resource: "certificatesigningrequests",
      subresource,
    }),
  ).allowed;

/** Why a kubelet's client certificate is given without a person, or `undefined` when it is not. */
const grounds = (state: ServerState, csr: ApiObject): string | undefined => {
  const request = parseRequest(textAt(csr, "spec", "request"));
  const isKubelets = textAt(csr, "spec", "signerName") === kubeletClient && E.isRight(request) &&
    signerFault(kubeletClient, request.right, textsAt(csr, "spec", "usages")) === undefined;
  if (!isKubelets) return undefined;
  const user = requesterOf(csr);
  if (user.name === request.right.commonName && may(state, user, "selfnodeclient")) {
    return "Auto approving self kubelet client certificate after SubjectAccessReview.";
  }
  return may(state, user, "nodeclient")
    ? "Auto approving kubelet client certificate after SubjectAccessReview."
    : undefined;
};

const user: User = {
  name: "system:serviceaccount:kube-system:certificate-controller",
  groups: ["system:masters", "system:authenticated"],
};

const approval = (csr: ApiObject, message: string): ServerRequest => ({
  method: "PUT",
  path: `/apis/${group}/v1/certificatesigningrequests/${encodeURIComponent(csr.metadata.name)}/approval`,
  query: {},
  headers: { "content-type": "application/json", "user-agent": "kube-controller-manager" },
  user,
  body: JSON.stringify({
    ...csr,
    status: {
      ...objectAt(csr, "status"),
      conditions: [
        ...listAt(csr, "status", "conditions"),
        { type: "Approved", status: "True", reason: "AutoApproved", message },
      ],
    },
  }),
});

/**
 * The controller `csrapproving`: the approvals of kubelets' client certificates, for whoever may `create`
 * `certificatesigningrequests/nodeclient` (a bootstrap token) or `…/selfnodeclient` (a node that renews its own). Serving
 * certificates wait for a person, as in every cluster.
 */
export const approvals = (state: ServerState): readonly ServerRequest[] =>
  listed(state, `certificatesigningrequests.${group}`).flatMap((csr) => {
    if (isDecided(csr) || at(csr, "metadata", "deletionTimestamp") !== undefined) return [];
    const message = grounds(state, csr);
    return message === undefined ? [] : [approval(csr, message)];
  });
