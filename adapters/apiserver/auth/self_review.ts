import * as E from "fp-ts/lib/Either.js";
import { formatTime } from "../../../core/time.ts";
import { badRequest } from "../api_error.ts";
import type { Custom } from "../call.ts";
import { textAt } from "../kinds/fields.ts";
import type { JsonObject } from "../object.ts";
import type { User } from "../user.ts";
import { reviewed } from "./answers.ts";
import { nodeOfUser } from "./node_authorizer.ts";
import { visitGrants } from "./rbac.ts";
import type { Rule } from "./rbac_rules.ts";

/** `authentication.k8s.io/v1 UserInfo`. */
export const userInfo = ({ name, uid, groups, extra }: User): JsonObject => ({
  username: name,
  ...(uid === undefined || uid === "" ? {} : { uid }),
  ...(groups.length === 0 ? {} : { groups }),
  ...(extra === undefined || Object.keys(extra).length === 0 ? {} : { extra }),
});

/** Who asks: `kubectl auth whoami`. */
export const selfSubjectReview: Custom = (call) =>
  reviewed(call, undefined, {
    metadata: { creationTimestamp: formatTime(call.now.wall) },
    status: { userInfo: userInfo(call.user) },
  });

const resourceRule = ({ verbs, apiGroups = [], resources = [], resourceNames = [] }: Rule): JsonObject => ({
  verbs,
  apiGroups,
  resources,
  ...(resourceNames.length === 0 ? {} : { resourceNames }),
});

const everything: Rule = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };

const everyPath: Rule = { verbs: ["*"], nonResourceURLs: ["*"] };

/** What who asks may do in a namespace: `kubectl auth can-i --list`. A node's permissions cannot be listed. */
export const selfSubjectRulesReview: Custom = (call, body) => {
  const namespace = textAt(body, "spec", "namespace");
  if (namespace === "") return E.left(badRequest("no namespace on request"));
  const rules: Rule[] = [];
  const faults: string[] = [];
  visitGrants(call.state, call.user, namespace, (grant) => {
    rules.push(...grant.rules);
    if (grant.fault !== undefined) faults.push(grant.fault);
    return true;
  });
  if (call.user.groups.includes("system:masters")) rules.push(everything, everyPath);
  const isNode = nodeOfUser(call.user) !== undefined;
  if (isNode) faults.unshift("node authorizer does not support user rule resolution");
  return reviewed(call, undefined, {
    metadata: {},
    spec: {},
    status: {
      resourceRules: rules.filter(({ resources = [] }) => resources.length > 0).map(resourceRule),
      nonResourceRules: rules.filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0).map((
        { verbs, nonResourceURLs = [] },
      ) => ({ verbs, nonResourceURLs })),
      incomplete: isNode,
      ...(faults.length === 0
        ? {}
        : { evaluationError: faults.length === 1 ? faults.join("") : `[${faults.join(", ")}]` }),
    },
  });
};
