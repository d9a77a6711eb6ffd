import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import { type ApiRequest, getObject, segment } from "../kubernetes/request.ts";

/** Asks the API server who we are to it. Everybody who is authenticated may (ClusterRole `system:basic-user`). */
export const selfSubjectReview: ApiRequest = {
  method: "POST",
  path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
  body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
};

/** The signer of kubelets' serving certificates. It signs for `system:node:{name}` only (Kubernetes docs, "Kubernetes signers"). */
export const servingSigner = "kubernetes.io/kubelet-serving";

/** The user, and the common name, of a node. */
export const nodeUser = (nodeName: string): string => `system:node:${nodeName}`;

const path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

/** Asks for a serving certificate. `request` is the PKCS#10 request in PEM, in base64. */
export const createServingRequest = (request: string): ApiRequest => ({
  method: "POST",
  path,
  body: {
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { generateName: "csr-" },
    spec: { request, signerName: servingSigner, usages: ["digital signature", "server auth"] },
  },
});

export const getServingRequest = (name: string): ApiRequest => getObject(`${path}/${segment(name)}`);

/** What has become of a request. */
export type ServingAnswer =
  | { readonly _tag: "Pending" }
  /** Somebody said no. */
  | { readonly _tag: "Denied"; readonly message: string }
  /** It was approved, and its signer refuses it. */
  | { readonly _tag: "Failed"; readonly message: string }
  /** `certificate` is PEM in base64. */
  | { readonly _tag: "Issued"; readonly certificate: string };

const ReviewCodec = t.type({ status: t.type({ userInfo: t.type({ username: t.string }) }) });

const RequestCodec = t.intersection([
  t.type({ metadata: t.type({ name: t.string }) }),
  t.partial({
    status: t.partial({
      certificate: t.string,
      conditions: t.readonlyArray(
        t.intersection([t.type({ type: t.string, status: t.string }), t.partial({ message: t.string })]),
      ),
    }),
  }),
]);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Our user name. Left: the answer is no SelfSubjectReview. */
export const decodeSelfSubjectReview = (text: string): E.Either<string, string> => {
  const json = parsed(text);
  return ReviewCodec.is(json)
    ? E.right(json.status.userInfo.username)
    : E.left("the API server's answer is not a SelfSubjectReview");
};

/** A request's name and what has become of it; a denial beats all else. Left: the answer is none. */
export const decodeServingRequest = (
  text: string,
): E.Either<string, { readonly name: string; readonly answer: ServingAnswer }> => {
  const json = parsed(text);
  if (!RequestCodec.is(json)) return E.left("the API server's answer is not a CertificateSigningRequest");
  const { metadata: { name }, status: { certificate = "", conditions = [] } = {} } = json;
  const refusal = (type: "Denied" | "Failed"): ServingAnswer | undefined => {
    const found = conditions.find((condition) => condition.type === type && condition.status !== "False");
    return found === undefined ? undefined : { _tag: type, message: found.message ?? "" };
  };
  const answer: ServingAnswer = refusal("Denied") ?? refusal("Failed") ??
    (certificate === "" ? { _tag: "Pending" } : { _tag: "Issued", certificate });
  return E.right({ name, answer });
};
