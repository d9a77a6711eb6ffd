import * as E from "fp-ts/lib/Either.js";
import { type Now, parseTime } from "../../../../core/time.ts";
import { at, textAt } from "../../kinds/fields.ts";
import { textsAt } from "../texts.ts";
import type { ApiObject, Json, JsonObject } from "../../object.ts";
import { keyOf, objectAt } from "../../objects.ts";
import { objectsOf, type ServerState } from "../../state.ts";
import type { User } from "../../user.ts";
import { issuer, serviceAccountGroups, serviceAccountName } from "./claims.ts";
import { unverifiedClaims } from "./jwt.ts";
import { verifiedClaims } from "./keyring.ts";

/** Whose token it is, and for which of the audiences that were asked for. */
export interface Identified {
  readonly user: User;
  readonly audiences: readonly string[];
}

/** Clocks may differ by this much; what is being deleted is believed for so long. */
const leewayMs = 60_000;

const goList = (texts: readonly string[]): string =>
  `[${texts.map((text) => JSON.stringify(text)).join(" ")}]`;

const untimely = (claims: JsonObject, { wall }: Now): string | undefined => {
  const ms = (name: string): number | undefined => {
    const seconds = at(claims, name);
    return typeof seconds === "number" ? seconds * 1000 : undefined;
  };
  const expires = ms("exp");
  if (expires === undefined || wall - leewayMs > expires) return "service account token has expired";
  if (wall + leewayMs < (ms("nbf") ?? 0)) return "service account token is not valid yet";
  if (wall + leewayMs < (ms("iat") ?? 0)) return "service account token is issued in the future";
  return undefined;
};

const isGone = (object: ApiObject, { wall }: Now): boolean => {
  const deleted = parseTime(object.metadata.deletionTimestamp);
  return deleted !== undefined && deleted < wall - leewayMs;
};

const found = (
  state: ServerState,
  resource: string,
  namespace: string,
  reference: Json | undefined,
): ApiObject | undefined => objectAt(objectsOf(state, resource), keyOf(namespace, textAt(reference, "name")));

const invalidated = "service account token has been invalidated";

const accountFault = (state: ServerState, claims: JsonObject, now: Now): string | undefined => {
  const namespace = textAt(claims, "namespace");
  const reference = at(claims, "serviceaccount");
  const name = textAt(reference, "name");
  const account = found(state, "serviceaccounts", namespace, reference);
  if (account === undefined) return `serviceaccounts ${JSON.stringify(name)} not found`;
  const { uid } = account.metadata;
  if (uid !== textAt(reference, "uid")) {
    return `service account UID (${uid}) does not match claim (${textAt(reference, "uid")})`;
  }
  return isGone(account, now) ? `service account ${namespace}/${name} has been deleted` : undefined;
};

/** What a token is bound to: the claim, the resource, the words of the fault. */
const bindings: readonly (readonly [claim: string, resource: string, title: string])[] = [
  ["secret", "secrets", "secret"],
  ["pod", "pods", "pod"],
  ["node", "nodes", "node"],
];

const bindingFault = (state: ServerState, claims: JsonObject, now: Now): string | undefined => {
  for (const [claim, resource, title] of bindings) {
    const reference = at(claims, claim);
    // the node of a pod's token is only told
    if (reference === undefined || (claim === "node" && at(claims, "pod") !== undefined)) continue;
    const namespace = claim === "node" ? "" : textAt(claims, "namespace");
    const object = found(state, resource, namespace, reference);
    if (object === undefined || isGone(object, now)) return invalidated;
    const { uid } = object.metadata;
    if (uid !== textAt(reference, "uid")) {
      const words = title === "pod" ? "Pod" : title === "node" ? "Node" : "secret";
      return `${words} UID (${uid}) does not match service account ${title} ref claim (${
        textAt(reference, "uid")
      })`;
    }
  }
  return undefined;
};

const extraOf = (claims: JsonObject, own: JsonObject): Readonly<Record<string, readonly string[]>> => {
  const told: readonly (readonly [string, string])[] = [
    ["credential-id", textAt(claims, "jti") === "" ? "" : `JTI=${textAt(claims, "jti")}`],
    ["node-name", textAt(own, "node", "name")],
    ["node-uid", textAt(own, "node", "uid")],
    ["pod-name", textAt(own, "pod", "name")],
    ["pod-uid", textAt(own, "pod", "uid")],
  ];
  return Object.fromEntries(
    told.filter(([, value]) => value !== "").map((
      [key, value],
    ) => [`authentication.kubernetes.io/${key}`, [value]]),
  );
};

const userOf = (claims: JsonObject, own: JsonObject): User => {
  const namespace = textAt(own, "namespace");
  return {
    name: serviceAccountName(namespace, textAt(own, "serviceaccount", "name")),
    uid: textAt(own, "serviceaccount", "uid"),
    groups: [...serviceAccountGroups(namespace), "system:authenticated"],
    extra: extraOf(claims, own),
  };
};

const accepted = (
  state: ServerState,
  claims: JsonObject,
  audiences: readonly string[],
  now: Now,
): E.Either<string, Identified> => {
  const isFor = textsAt(claims, "aud");
  const shared = isFor.filter((audience) => audiences.includes(audience));
  if (shared.length === 0) {
    return E.left(
      `token audiences ${goList(isFor)} is invalid for the target audiences ${goList(audiences)}`,
    );
  }
  const own = at(claims, "kubernetes.io") as JsonObject;
  const fault = untimely(claims, now) ?? accountFault(state, own, now) ?? bindingFault(state, own, now);
  return fault === undefined ? E.right({ user: userOf(claims, own), audiences: shared }) : E.left(fault);
};

const known = ({ settings }: ServerState, token: string): User | undefined => {
  const user = Object.hasOwn(settings.tokens, token) ? settings.tokens[token] : undefined;
  if (user === undefined) return undefined;
  return { name: user.name, groups: [...new Set([...user.groups, "system:authenticated"])] };
};

const nobodys = "invalid bearer token";

/**
 * Whose bearer token it is, when it is for one of `audiences`. A service account's is believed while the account and what the
 * token is bound to exist under the same UIDs. Left: why it is nobody's, as the real API server says it in a TokenReview; never
 * the token.
 */
export const identifyToken = (
  state: ServerState,
  token: string,
  audiences: readonly string[],
  now: Now,
): E.Either<string, Identified> => {
  const user = known(state, token);
  if (user !== undefined && audiences.includes(issuer)) return E.right({ user, audiences: [issuer] });
  if (user !== undefined || textAt(unverifiedClaims(token), "iss") !== issuer) return E.left(nobodys);
  const claims = verifiedClaims(state.settings, token);
  const identified = E.isLeft(claims) ? claims : accepted(state, claims.right, audiences, now);
  return E.isLeft(identified) ? E.left(`[${nobodys}, ${identified.left}]`) : identified;
};
