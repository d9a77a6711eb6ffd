import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest } from "../api_error.ts";
import type { ServerRequest } from "../request.ts";
import type { ServerState } from "../state.ts";
import type { User } from "../user.ts";
import { type Attributes, attributesOf, forbiddenTo, resourceAttributes } from "./attributes.ts";
import type { ResourceAttributes } from "./attributes.ts";
import { authorize } from "./authorize.ts";
import { serviceAccountGroups } from "./tokens/claims.ts";

/** What the headers ask to be. */
interface Wanted {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

const extraPrefix = "impersonate-extra-";

/** Several headers of one name arrive as one, joined by commas. */
const values = (header: string | undefined): readonly string[] =>
  header === undefined ? [] : header.split(",").map((value) => value.trim());

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Nearly nobody asks to be somebody else. */
const isAsked = ({ headers }: ServerRequest): boolean => {
  for (const name in headers) if (name.startsWith("impersonate-")) return true;
  return false;
};

const wantedBy = ({ headers }: ServerRequest): Wanted => ({
  name: headers["impersonate-user"] ?? "",
  uid: headers["impersonate-uid"] ?? "",
  groups: values(headers["impersonate-group"]),
  extra: Object.fromEntries(
    Object.keys(headers).filter((name) => name.startsWith(extraPrefix)).map((
      name,
    ) => [unescaped(name.slice(extraPrefix.length)), values(headers[name])]),
  ),
});

const goTexts = (texts: readonly string[]): string =>
  texts.length === 0 ? "[]string(nil)" : `[]string{${texts.map((text) => JSON.stringify(text)).join(", ")}}`;

const nameless = ({ uid, groups, extra }: Wanted): ApiError => {
  const pairs = Object.entries(extra).map(([key, texts]) => `${JSON.stringify(key)}:${goTexts(texts)}`);
  const told = pairs.length === 0 ? "map[string][]string(nil)" : `map[string][]string{${pairs.join(", ")}}`;
  return badRequest(
    `requested &user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${
      goTexts(groups)
    }, Extra:${told}} without impersonating a user name`,
  );
};

const authentication = "authentication.k8s.io";

const accountOf = (name: string): { readonly namespace: string; readonly name: string } | undefined => {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  return namespace === undefined || account === undefined ? undefined : { namespace, name: account };
};

const nodeOf = (name: string): string | undefined =>
  /^system:node:([a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/.exec(name)?.[1];

const isNameOnly = ({ uid, groups, extra }: Wanted): boolean =>
  uid === "" && groups.length === 0 && Object.keys(extra).length === 0;

/** A way in which somebody may be impersonated; "" is the old one, by the verb `impersonate` alone. */
type Mode = "" | "arbitrary-node" | "serviceaccount" | "user-info";

/** KEP-5284: the narrow ways first, then the old one. */
const modesFor = (wanted: Wanted): readonly Mode[] => {
  const isNode = nodeOf(wanted.name) !== undefined;
  const isAccount = accountOf(wanted.name) !== undefined;
  if (!isNode && !isAccount) return ["user-info", ""];
  if (!isNameOnly(wanted)) return [""];
  return [isNode ? "arbitrary-node" : "serviceaccount", ""];
};

const subject = (mode: Mode, wanted: Wanted, verb: string): ResourceAttributes => {
  const group = mode === "" ? "" : authentication;
  const account = accountOf(wanted.name);
  if (account !== undefined) {
    return resourceAttributes({ verb, group, resource: "serviceaccounts", ...account });
  }
  const node = mode === "" ? undefined : nodeOf(wanted.name);
  return node === undefined
    ? resourceAttributes({ verb, group, resource: "users", name: wanted.name })
    : resourceAttributes({ verb, group, resource: "nodes", name: node });
};

/** Every permission that a mode needs. */
const demands = (mode: Mode, wanted: Wanted, request: Attributes): readonly Attributes[] => {
  const verb = mode === "" ? "impersonate" : `impersonate:${mode}`;
  const group = mode === "" ? "" : authentication;
  const on: readonly Attributes[] = mode === ""
    ? []
    : [{ ...request, verb: `impersonate-on:${mode}:${request.verb}` }];
  const uids = wanted.uid === ""
    ? []
    : [resourceAttributes({ verb, group: authentication, resource: "uids", name: wanted.uid })];
  const groups = wanted.groups.map((name) => resourceAttributes({ verb, group, resource: "groups", name }));
  const extras = Object.entries(wanted.extra).flatMap(([subresource, names]) =>
    names.map((name) =>
      resourceAttributes({ verb, group: authentication, resource: "userextras", subresource, name })
    )
  );
  return [...on, subject(mode, wanted, verb), ...uids, ...groups, ...extras];
};

const masters = "system:masters";

const refusal = (
  state: ServerState,
  user: User,
  mode: Mode,
  wanted: Wanted,
  request: Attributes,
): ApiError | undefined => {
  for (const attributes of demands(mode, wanted, request)) {
    const isMasters = mode !== "" && attributes._tag === "Resource" && attributes.resource === "groups" &&
      attributes.name === masters;
    if (isMasters) {
      return forbiddenTo(user, attributes, `impersonating the ${masters} group is not allowed`);
    }
    const { allowed, reason } = authorize(state, user, attributes);
    if (!allowed) return forbiddenTo(user, attributes, reason);
  }
  return undefined;
};

/** The groups that come with a name when none are asked for. */
const groupsOf = (mode: Mode, { name, groups }: Wanted): readonly string[] => {
  const account = accountOf(name);
  if (groups.length === 0 && account !== undefined) return serviceAccountGroups(account.namespace);
  return mode === "arbitrary-node" ? ["system:nodes"] : groups;
};

const become = (mode: Mode, wanted: Wanted): User => {
  const groups = groupsOf(mode, wanted);
  const own = wanted.name === "system:anonymous"
    ? "system:unauthenticated"
    : groups.includes("system:unauthenticated")
    ? undefined
    : "system:authenticated";
  return {
    name: wanted.name,
    groups: own === undefined || groups.includes(own) ? groups : [...groups, own],
    ...(wanted.uid === "" ? {} : { uid: wanted.uid }),
    ...(Object.keys(wanted.extra).length === 0 ? {} : { extra: wanted.extra }),
  };
};

/**
 * Who `user` is for this request: whom its `Impersonate-*` headers name, when it may (403 says what is missing), and itself
 * without them. A service account's own node (`associated-node`) is no way of its own here.
 */
export const impersonated = (
  state: ServerState,
  request: ServerRequest,
  user: User,
): E.Either<ApiError, User> => {
  if (!isAsked(request)) return E.right(user);
  const wanted = wantedBy(request);
  if (wanted.name === "") return isNameOnly(wanted) ? E.right(user) : E.left(nameless(wanted));
  const attributes = attributesOf(request);
  let first: ApiError | undefined;
  for (const mode of modesFor(wanted)) {
    const refused = refusal(state, user, mode, wanted, attributes);
    if (refused === undefined) return E.right(become(mode, wanted));
    first ??= refused;
  }
  return first === undefined ? E.right(user) : E.left(first);
};
