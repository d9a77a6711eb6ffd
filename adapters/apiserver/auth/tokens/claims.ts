import type { Now } from "../../../../core/time.ts";
import type { ApiObject, JsonObject } from "../../object.ts";

/** Who signs: the issuer of every token, and the audience of those that are for the API server. */
export const issuer = "https://kubernetes.default.svc";

export const serviceAccountName = (namespace: string, name: string): string =>
  `system:serviceaccount:${namespace}:${name}`;

export const serviceAccountGroups = (namespace: string): readonly string[] => [
  "system:serviceaccounts",
  `system:serviceaccounts:${namespace}`,
];

/** The object that a token dies with. A pod's token also tells its node. */
export type Binding =
  | { readonly kind: "pod"; readonly object: ApiObject; readonly node: NamedNode | undefined }
  | { readonly kind: "secret" | "node"; readonly object: ApiObject };

/** The uid is absent when there is no such Node. */
export interface NamedNode {
  readonly name: string;
  readonly uid?: string;
}

export interface TokenOffer {
  readonly id: string;
  readonly account: ApiObject;
  readonly binding: Binding | undefined;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  /** A token that lives longer than was asked for is stale from then on. */
  readonly warnAfterSeconds: number | undefined;
}

const reference = ({ metadata: { name, uid } }: ApiObject): JsonObject => ({ name, uid });

const bound = (binding: Binding | undefined): JsonObject => {
  if (binding === undefined) return {};
  const object = { [binding.kind]: reference(binding.object) };
  if (binding.kind !== "pod" || binding.node === undefined) return object;
  const { name, uid } = binding.node;
  return { node: { name, ...(uid === undefined ? {} : { uid }) }, ...object };
};

/** The claims of a service account's token, as the real API server makes them. */
export const claimsOf = (offer: TokenOffer, now: Now): JsonObject => {
  const seconds = Math.floor(now.wall / 1000);
  const { name, namespace = "" } = offer.account.metadata;
  const { warnAfterSeconds } = offer;
  return {
    aud: offer.audiences,
    exp: seconds + offer.expirationSeconds,
    iat: seconds,
    iss: issuer,
    jti: offer.id,
    "kubernetes.io": {
      namespace,
      ...bound(offer.binding),
      serviceaccount: reference(offer.account),
      ...(warnAfterSeconds === undefined ? {} : { warnafter: seconds + warnAfterSeconds }),
    },
    nbf: seconds,
    sub: serviceAccountName(namespace, name),
  };
};
