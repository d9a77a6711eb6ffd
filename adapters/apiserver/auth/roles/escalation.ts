import type { ServerState } from "../../state.ts";
import type { User } from "../../user.ts";
import { type Attributes, resourceAttributes } from "../attributes.ts";
import { visitGrants } from "../rbac.ts";
import { type Rule, ruleAllows } from "../rbac_rules.ts";

/** What a rule allows, piece by piece: one verb on one resource (of one name), or on one path. */
const piecesOf = (rule: Rule): readonly Attributes[] => {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const names = resourceNames.length === 0 ? [""] : resourceNames;
  const pieces: Attributes[] = [];
  for (const group of apiGroups) {
    for (const [resource = "", ...subresource] of resources.map((path) => path.split("/"))) {
      for (const name of names) {
        for (const verb of verbs) {
          pieces.push(
            resourceAttributes({ verb, group, resource, subresource: subresource.join("/"), name }),
          );
        }
      }
    }
  }
  for (const path of nonResourceURLs) for (const verb of verbs) pieces.push({ _tag: "Path", verb, path });
  return pieces;
};

const quoted = (text: string): string => JSON.stringify(text);

const subjectOf = (piece: Attributes): string => {
  if (piece._tag === "Path") return `NonResourceURLs:[${quoted(piece.path)}]`;
  const { group, resource, subresource, name } = piece;
  const path = quoted(subresource === "" ? resource : `${resource}/${subresource}`);
  const named = name === "" ? "" : `, ResourceNames:[${quoted(name)}]`;
  return `APIGroups:[${quoted(group)}], Resources:[${path}]${named}`;
};

/** A line for each resource or path, with its verbs, in order. */
const described = (pieces: readonly Attributes[]): string => {
  const verbs = new Map<string, Set<string>>();
  for (const piece of pieces) {
    const subject = subjectOf(piece);
    verbs.set(subject, (verbs.get(subject) ?? new Set()).add(piece.verb));
  }
  return [...verbs].map(([subject, all]) => `{${subject}, Verbs:[${[...all].map(quoted).join(" ")}]}`)
    .sort((a, b) => a < b ? -1 : 1).join("\n");
};

/** Nobody gives what they do not have: why these rules are more than the user's own in this namespace ("" for all). */
export const escalationFault = (
  state: ServerState,
  user: User,
  namespace: string,
  rules: readonly Rule[],
): string | undefined => {
  const own: Rule[] = [];
  visitGrants(state, user, namespace, (grant) => {
    own.push(...grant.rules);
    return true;
  });
  const missing = rules.flatMap(piecesOf).filter((piece) => !own.some((rule) => ruleAllows(rule, piece)));
  if (missing.length === 0) return undefined;
  const groups = user.groups.map(quoted).join(" ");
  return `user ${
    quoted(user.name)
  } (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${described(missing)}`;
};
