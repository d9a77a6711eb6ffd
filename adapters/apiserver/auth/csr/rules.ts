import * as E from "fp-ts/lib/Either.js";
import { canonicalJson } from "../../../../core/hash.ts";
import { formatTime } from "../../../../core/time.ts";
import { type ApiError, type Cause, forbidden } from "../../api_error.ts";
import type { Context, Kind } from "../../kind.ts";
import { duplicate, forbiddenField, invalidValue, notSupported, required } from "../../kinds/causes.ts";
import { at, listAt, numberAt, objectAt, textAt } from "../../kinds/fields.ts";
import type { ApiObject, Json, JsonObject } from "../../object.ts";
import { resourceAttributes } from "../attributes.ts";
import { authorize } from "../authorize.ts";
import { textsAt } from "../texts.ts";
import { parseRequest } from "./request.ts";
import { apiServerClient } from "./signers.ts";

const group = "certificates.k8s.io";
const plural = "certificatesigningrequests";

const usages: readonly string[] = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];

const refused = (object: ApiObject, why: string): E.Either<ApiError, never> =>
  E.left(forbidden({ group, plural, name: object.metadata.name }, why));

const masters = "system:masters";

/** Whose request it is is written down by the server: it is what an approver goes by. */
const onCreate = (object: ApiObject, { user }: Context): E.Either<ApiError, ApiObject> => {
  const request = parseRequest(textAt(object, "spec", "request"));
  const isClient = textAt(object, "spec", "signerName") === apiServerClient;
  if (isClient && E.isRight(request) && request.right.organizations.includes(masters)) {
    return refused(object, `use of ${apiServerClient} signer with ${masters} group is not allowed`);
  }
  const { username: _username, uid: _uid, groups: _groups, extra: _extra, ...asked } = objectAt(
    object,
    "spec",
  );
  const spec = {
    ...asked,
    username: user.name,
    ...(user.uid === undefined || user.uid === "" ? {} : { uid: user.uid }),
    ...(user.groups.length === 0 ? {} : { groups: user.groups }),
    ...(user.extra === undefined || Object.keys(user.extra).length === 0 ? {} : { extra: user.extra }),
  };
  return E.right({ ...object, spec, status: {} });
};

/** The domain of a signer may be approved as a whole. */
const mayApprove = ({ state, user }: Context, signerName: string): boolean =>
  [signerName, `${signerName.split("/")[0]}/*`].some((name) =>
    authorize(state, user, resourceAttributes({ verb: "approve", group, resource: "signers", name })).allowed
  );

const conditionsOf = (object: ApiObject | undefined): readonly Json[] =>
  listAt(object, "status", "conditions");

const typed = (object: ApiObject | undefined, type: string): readonly Json[] =>
  conditionsOf(object).filter((condition) => textAt(condition, "type") === type);

const timed = (next: ApiObject, before: ApiObject, { now }: Context): readonly JsonObject[] =>
  conditionsOf(next).map((condition) => {
    const old = typed(before, textAt(condition, "type")).find((one) =>
      textAt(one, "status") === textAt(condition, "status")
    );
    const wall = formatTime(now.wall);
    return {
      ...objectAt(condition),
      lastUpdateTime: textAt(condition, "lastUpdateTime") || wall,
      lastTransitionTime: textAt(condition, "lastTransitionTime") || textAt(old, "lastTransitionTime") ||
        wall,
    };
  });

const withStatus = (next: ApiObject, before: ApiObject, status: JsonObject): ApiObject => ({
  ...next,
  spec: before["spec"],
  status,
});

const withConditions = (status: JsonObject, conditions: readonly JsonObject[]): JsonObject =>
  conditions.length === 0 && at(status, "conditions") === undefined ? status : { ...status, conditions };

const onUpdate = (
  next: ApiObject,
  before: ApiObject,
  subresource: string,
  context: Context,
): E.Either<ApiError, ApiObject> => {
  if (subresource === "") return E.right(withStatus(next, before, objectAt(before, "status")));
  const conditions = timed(next, before, context);
  if (subresource === "status") {
    return E.right(withStatus(next, before, withConditions(objectAt(next, "status"), conditions)));
  }
  const signerName = textAt(before, "spec", "signerName");
  return mayApprove(context, signerName)
    ? E.right(withStatus(next, before, withConditions(objectAt(before, "status"), conditions)))
    : refused(before, `user not permitted to approve requests with signerName ${JSON.stringify(signerName)}`);
};

const usageFaults = (object: ApiObject): readonly Cause[] => {
  const asked = textsAt(object, "spec", "usages");
  if (asked.length === 0) return [required("spec.usages")];
  const unknown = asked.flatMap((usage, index) =>
    usages.includes(usage) ? [] : [notSupported(`spec.usages[${index}]`, usage, usages)]
  );
  const twice = asked.flatMap((usage, index) =>
    asked.indexOf(usage) < index ? [duplicate(`spec.usages[${index}]`, usage)] : []
  );
  return [...unknown, ...twice];
};

const signerForm = "must be a fully qualified domain and path of the form 'example.com/signer-name'";

const specFaults = (object: ApiObject): readonly Cause[] => {
  const request = textAt(object, "spec", "request");
  const parsed = parseRequest(request);
  const signerName = textAt(object, "spec", "signerName");
  const seconds = numberAt(object, "spec", "expirationSeconds");
  return [
    ...(E.isLeft(parsed) ? [invalidValue("spec.request", request, parsed.left)] : []),
    ...usageFaults(object),
    ...(signerName === "" ? [required("spec.signerName")] : []),
    ...(signerName !== "" &&
        !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+\/.+$/.test(signerName)
      ? [invalidValue("spec.signerName", signerName, signerForm)]
      : []),
    ...(seconds !== undefined && seconds < 600
      ? [
        invalidValue(
          "spec.expirationSeconds",
          seconds,
          "may not specify a duration less than 600 seconds (10 minutes)",
        ),
      ]
      : []),
  ];
};

const conditionFaults = (object: ApiObject): readonly Cause[] => {
  const faults: Cause[] = [];
  const seen: string[] = [];
  conditionsOf(object).forEach((condition, index) => {
    const type = textAt(condition, "type");
    const status = textAt(condition, "status");
    const field = `status.conditions[${index}]`;
    const allowed = ["Approved", "Denied", "Failed"].includes(type) ? ["True"] : ["False", "True", "Unknown"];
    if (type === "") faults.push(required(`${field}.type`));
    if (status === "") faults.push(required(`${field}.status`));
    else if (!allowed.includes(status)) faults.push(notSupported(`${field}.status`, status, allowed));
    const other = type === "Approved" ? "Denied" : type === "Denied" ? "Approved" : undefined;
    if (other !== undefined && seen.includes(other)) {
      faults.push(
        invalidValue("status.conditions", type, "Approved and Denied conditions are mutually exclusive"),
      );
    }
    if (seen.includes(type)) faults.push(duplicate(`${field}.type`, type));
    seen.push(type);
  });
  return faults;
};

/** An approval stays, and only an approver gives it. */
const approvalFaults = (object: ApiObject, before: ApiObject, subresource: string): readonly Cause[] =>
  ["Approved", "Denied", "Failed"].flatMap((type) => {
    const was = typed(before, type);
    const is = typed(object, type);
    const fault = (words: string): readonly Cause[] => [
      forbiddenField(
        "status.conditions",
        `updates may not ${words} a condition of type ${JSON.stringify(type)}`,
      ),
    ];
    if (is.length < was.length) return fault("remove");
    if (subresource === "approval" || type === "Failed") return [];
    if (is.length > was.length) return fault("add");
    return canonicalJson(is) === canonicalJson(was) ? [] : fault("modify");
  });

const certificateFaults = (object: ApiObject, before: ApiObject, subresource: string): readonly Cause[] => {
  const is = textAt(object, "status", "certificate");
  const was = textAt(before, "status", "certificate");
  const field = "status.certificate";
  if (is === was) return [];
  if (subresource !== "status") return [forbiddenField(field, "updates may not set certificate content")];
  return was === "" ? [] : [forbiddenField(field, "updates may not modify existing certificate content")];
};

const validate = (
  object: ApiObject,
  before: ApiObject | undefined,
  subresource: string,
): readonly Cause[] => [
  // a request never changes
  ...(before === undefined ? specFaults(object) : []),
  ...conditionFaults(object),
  ...(before === undefined ? [] : approvalFaults(object, before, subresource)),
  ...(before === undefined ? [] : certificateFaults(object, before, subresource)),
];

/** What a CertificateSigningRequest differs in: who asks is recorded, who approves must be allowed to, for this signer. */
export const certificateSigningRequestRules: Pick<Kind, "onCreate" | "onUpdate" | "validate"> = {
  onCreate,
  onUpdate,
  validate,
};
