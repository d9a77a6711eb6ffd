import type { Kind } from "../kind.ts";
import { review } from "./define.ts";

const authentication = "authentication.k8s.io";
const authorization = "authorization.k8s.io";

/** Questions to the server: their answers are given by `Custom`s of their names. */
export const reviews: readonly Kind[] = [
  review(authentication, "SelfSubjectReview"),
  review(authentication, "TokenReview"),
  review(authorization, "LocalSubjectAccessReview", true),
  review(authorization, "SelfSubjectAccessReview"),
  review(authorization, "SelfSubjectRulesReview"),
  review(authorization, "SubjectAccessReview"),
];
