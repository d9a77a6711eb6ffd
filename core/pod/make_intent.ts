import * as E from "fp-ts/lib/Either.js";
import type { Pod } from "../kubernetes/pod.ts";
import { resolveEnv } from "./env.ts";
import type { PodIntent, Problem } from "./intent.ts";
import type { PodPolicy } from "./policy.ts";
import { specHashOf } from "./spec_hash.ts";

/** A pod that may be run, with what is only warned about; or what keeps it from being run. */
export type Admission =
  | { readonly _tag: "Admitted"; readonly intent: PodIntent; readonly warnings: readonly Problem[] }
  | { readonly _tag: "Refused"; readonly specHash: string; readonly problems: readonly Problem[] };

/** Resolves everything that a back end would have to look up, and asks it what it cannot honour. */
export const admit = (pod: Pod, policy: PodPolicy): Admission => {
  const specHash = specHashOf(pod);
  const env = resolveEnv(pod);
  if (E.isLeft(env)) {
    return { _tag: "Refused", specHash, problems: env.left.map((problem) => ({ ...problem, fatal: true })) };
  }
  const intent: PodIntent = { pod, env: env.right, specHash, owner: policy.owner };
  const problems = policy.check(intent);
  return problems.some((problem) => problem.fatal)
    ? { _tag: "Refused", specHash, problems: problems.filter((problem) => problem.fatal) }
    : { _tag: "Admitted", intent, warnings: problems };
};

/** `spec.a: no; spec.b: no`, bounded for events and statuses. */
export const describeProblems = (problems: readonly Problem[]): string =>
  problems.slice(0, 10).map((problem) => `${problem.field}: ${problem.message}`).join("; ").slice(0, 900);
