import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import { withHidden } from "../hidden.ts";
import { type Millis, parseTime } from "../time.ts";
import { badItem, type Decoded } from "./decode.ts";
import type { ObjectMeta } from "./meta.ts";
import type { ApiRequest } from "./request.ts";
import { objectsPath } from "./request.ts";

/** A bound service account token. It can be read, but is never printed. */
export interface ServiceAccountToken {
  readonly kind: "ServiceAccountToken";
  readonly metadata: ObjectMeta;
  /** Unix milliseconds, by the API server's clock. */
  readonly expiresAt: Millis;
  /** From when it was issued to then: by this it is renewed, for our clock may be another. */
  readonly lifeMs: Millis;
  readonly token: string;
}

/** Of whom, for whom and for how long a token is asked for. It is bound to the pod: it ends with it. */
export interface TokenSubject {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly pod: { readonly name: string; readonly uid: string };
  readonly expirationSeconds: number;
  /** `""`: the API server itself. */
  readonly audience: string;
}

/** `POST …/serviceaccounts/{name}/token` (`authentication.k8s.io/v1` TokenRequest). */
export const tokenRequest = (subject: TokenSubject): ApiRequest => {
  const { namespace, serviceAccount, pod, expirationSeconds, audience } = subject;
  return {
    method: "POST",
    path: `${objectsPath(namespace, "serviceaccounts")}/${
      encodeURIComponent(serviceAccount.toWellFormed())
    }/token`,
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {
        audiences: audience === "" ? [] : [audience],
        expirationSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", ...pod },
      },
    },
  };
};

const TokenRequestCodec = t.type({
  spec: t.type({ expirationSeconds: t.number }),
  status: t.type({ token: t.string, expirationTimestamp: t.string }),
});

/** Reads the answer to a {@link tokenRequest}, under the name that it is known by here. */
export const decodeToken = (name: string) => (json: unknown): Decoded<ServiceAccountToken> => {
  const expiresAt = TokenRequestCodec.is(json) ? parseTime(json.status.expirationTimestamp) : undefined;
  if (!TokenRequestCodec.is(json) || expiresAt === undefined) {
    return E.left({
      ...badItem({}, ["expected a token with its expirationSeconds and expirationTimestamp"]),
      name,
    });
  }
  const lifeMs = json.spec.expirationSeconds * 1000;
  const known = { kind: "ServiceAccountToken", metadata: { name, uid: "" }, expiresAt, lifeMs } as const;
  return E.right(withHidden(known, "token", json.status.token));
};
