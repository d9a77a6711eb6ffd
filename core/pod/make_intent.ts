import type { Container } from "../kubernetes/container.ts";
import { resolveMounts } from "../volume/mounts.ts";
import { type ResolvedVolumes, resolveVolumes } from "../volume/resolve.ts";
import type { ResolvedMount } from "../volume/volume.ts";
import type { PodContext } from "./context.ts";
import { resolveEnv } from "./env.ts";
import type { Late } from "./env_work.ts";
import type { PodIntent, Problem } from "./intent.ts";
import type { Missing, Notice } from "./missing.ts";
import { pullCredentials, type ResolvedCredentials } from "./pull_credentials.ts";
import { specHashOf } from "./spec_hash.ts";

/** A pod that may be run, with what is only warned about; or what keeps it from being run. */
export type Admission =
  | {
    readonly _tag: "Admitted";
    readonly intent: PodIntent;
    readonly warnings: readonly Problem[];
    readonly notices: readonly Notice[];
  }
  /** Something that it refers to is not there, or not known yet. */
  | { readonly _tag: "Waits"; readonly missing: readonly Missing[]; readonly notices: readonly Notice[] }
  | { readonly _tag: "Refused"; readonly specHash: string; readonly problems: readonly Problem[] };

const some = (...lists: readonly (readonly string[] | undefined)[]): readonly string[] =>
  lists.find((list) => list !== undefined && list.length > 0) ?? [];

/** The addresses that are known before the back end has told any. */
const lateOf = ({ pod, observed, policy }: PodContext): Late => {
  const own = policy.hostIP === undefined ? [] : [policy.hostIP];
  const hostIPs = observed?.hostIP === undefined ? own : [observed.hostIP];
  const podIPs = some(observed?.podIPs, pod.spec.hostNetwork === true ? hostIPs : undefined);
  return { addresses: { podIPs, hostIPs }, binds: policy.binds };
};

type Mounted = ResolvedVolumes & Required<Pick<PodIntent, "mounts">>;

const nothingMounted: Mounted = { volumes: {}, mounts: {}, problems: [], missing: [], notices: [] };

const nothingPulled: ResolvedCredentials = { credentials: [], missing: [], notices: [] };

const mounted = ({ pod, given }: PodContext, env: PodIntent["env"]): Mounted => {
  const resolved = resolveVolumes(pod, given);
  const mounts: Record<string, readonly ResolvedMount[]> = {};
  const problems: Problem[] = [...resolved.problems];
  for (const kind of ["initContainers", "containers"] as const) {
    for (const [at, container] of (pod.spec[kind] ?? []).entries()) {
      const own = env[container.name];
      // without its environment it is not started
      if (own === undefined) continue;
      const found = resolveMounts(pod, container, `spec.${kind}[${at}]`, own);
      problems.push(...found.problems);
      mounts[container.name] = found.mounts;
    }
  }
  return { ...resolved, mounts, problems };
};

/**
 * Resolves everything that a back end would have to look up, and asks it what it cannot honour. `only`: the one container
 * that is to be started now; the others need not have all that they refer to.
 */
export const admit = (context: PodContext, only?: Container): Admission => {
  const { pod, policy, given } = context;
  const specHash = specHashOf(pod);
  const { env, ...environment } = resolveEnv(pod, given, lateOf(context));
  const { volumes, mounts, ...storage } = policy.files ? mounted(context, env) : nothingMounted;
  const { credentials, ...pulling } = policy.pulls ? pullCredentials(pod, given) : nothingPulled;
  const problems = [...environment.problems, ...storage.problems];
  const missing = [...environment.missing, ...storage.missing, ...pulling.missing];
  const notices = [...environment.notices, ...storage.notices, ...pulling.notices];
  if (problems.length > 0) return { _tag: "Refused", specHash, problems };
  const waits = missing.filter(({ container }) =>
    only === undefined || (container ?? only.name) === only.name
  );
  if (waits.length > 0) return { _tag: "Waits", missing: waits, notices };
  const intent: PodIntent = {
    ...{ pod, env, specHash, owner: policy.owner },
    ...policy.files ? { volumes, mounts } : {},
    ...policy.pulls ? { pullCredentials: credentials } : {},
  };
  const found = policy.check(intent);
  return found.some(({ fatal }) => fatal)
    ? { _tag: "Refused", specHash, problems: found.filter(({ fatal }) => fatal) }
    : { _tag: "Admitted", intent, warnings: found, notices };
};

/** `spec.a: no; spec.b: no`, bounded for events and statuses. */
export const describeProblems = (problems: readonly Problem[]): string =>
  problems.slice(0, 10).map((problem) => `${problem.field}: ${problem.message}`).join("; ").slice(0, 900);
