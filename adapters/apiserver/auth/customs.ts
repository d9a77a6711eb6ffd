import type { Custom } from "../call.ts";
import { localSubjectAccessReview, selfSubjectAccessReview, subjectAccessReview } from "./access_review.ts";
import { selfSubjectReview, selfSubjectRulesReview } from "./self_review.ts";
import { tokenRequest } from "./tokens/request.ts";
import { tokenReview } from "./tokens/review.ts";

/** Questions of who may do what, and tokens. */
export const authCustoms: Readonly<Record<string, Custom>> = {
  "serviceaccounts/token": tokenRequest,
  "tokenreviews.authentication.k8s.io": tokenReview,
  "selfsubjectreviews.authentication.k8s.io": selfSubjectReview,
  "subjectaccessreviews.authorization.k8s.io": subjectAccessReview,
  "localsubjectaccessreviews.authorization.k8s.io": localSubjectAccessReview,
  "selfsubjectaccessreviews.authorization.k8s.io": selfSubjectAccessReview,
  "selfsubjectrulesreviews.authorization.k8s.io": selfSubjectRulesReview,
};
