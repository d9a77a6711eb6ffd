import fc from "fast-check";
import type { PodIntent, Problem } from "../../core/pod/intent.ts";
import { defaultPodPolicy, type PodPolicy } from "../../core/pod/policy.ts";
import { ourMark } from "./observed.ts";
import { anyOf, anyRecord } from "./record.ts";

/** What a back end may say of a pod: nothing mostly, a warning, or that it cannot run it. */
export const anyCheck: fc.Arbitrary<PodPolicy["check"]> = anyOf(undefined, undefined, undefined, false, true)
  .map((fatal) => {
    const problems: readonly Problem[] = fatal === undefined
      ? []
      : [{ field: "spec.hostNetwork", message: "not here", fatal }];
    return (_intent: PodIntent) => problems;
  });

/** The policy of node `n` of cluster `c` with a back end of this kind. */
export const anyPodPolicyOf = (kind: PodPolicy["kind"]): fc.Arbitrary<PodPolicy> =>
  anyRecord({
    canUpdate: fc.boolean(),
    terminalStatus: anyOf(true, true, false),
    normalEvents: fc.boolean(),
    draining: anyOf(false, false, true),
    hostIP: anyOf(undefined, "10.9.9.9"),
    check: anyCheck,
  }).map((some) => ({ ...defaultPodPolicy, kind, owner: ourMark, ...some }));

/** Any policy of that node. */
export const anyPodPolicy: fc.Arbitrary<PodPolicy> = anyOf("pods", "containers").chain(anyPodPolicyOf);
