// Rows of the pod reconciler that are no cell of a product: each with all that it is given. All looks are at 100 s.
import * as assert from "uvu/assert";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { PodStatus } from "../../core/kubernetes/pod_status.ts";
import type { PodMemory } from "../../core/pod/memory.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import type { PodPlan } from "../../core/pod/plan.ts";
import type { PodPolicy } from "../../core/pod/policy.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { absent, present, type Seen, unknown } from "../../core/seen.ts";
import type { Now } from "../../core/time.ts";
import { at, ended, running } from "../tools/containers.ts";
import { type Brief, briefPlan, freeze, holds, pod, policyOf, remembered } from "../tools/pods.ts";

type Kind = PodPolicy["kind"];
type Known = "unknown" | "absent";

/** What is known, and the plan for a back end of pods, and for one of containers. */
export interface PodCase {
  readonly name: string;
  readonly api: Known | Pod;
  readonly backend: Known | ObservedPod;
  readonly memory?: Partial<PodMemory>;
  readonly policy?: Partial<PodPolicy>;
  /** The plan for both kinds, where they do not differ. */
  readonly both?: Brief;
  readonly pods?: Brief;
  readonly containers?: Brief;
}

export const now: Now = at(100);

const kinds: readonly Kind[] = ["pods", "containers"];

const seenAs = <A>(value: Known | A): Seen<A> =>
  value === "unknown" ? unknown : value === "absent" ? absent : present(value as A);

const planOf = (row: PodCase, kind: Kind): Brief =>
  briefPlan(
    reconcilePod(
      freeze(seenAs(row.api)),
      freeze(seenAs(row.backend)),
      freeze(remembered(row.memory)),
      now,
      policyOf(kind, row.policy),
    ),
  );

export const check = (rows: readonly PodCase[]): void => {
  for (const row of rows) {
    for (const kind of kinds) {
      const want = row.both ?? row[kind];
      if (want !== undefined) assert.equal(planOf(row, kind), want, `${row.name}, back end of ${kind}`);
    }
  }
};

export const nothing = (why: string): Brief => ({ do: [], why });

const patchIn = (plan: PodPlan): Extract<PodPlan["actions"][number], { _tag: "PatchPodStatus" }> => {
  const patch = plan.actions.find((action) => action._tag === "PatchPodStatus");
  if (patch?._tag !== "PatchPodStatus") throw new Error(`nothing is written: ${plan.why}`);
  return patch;
};

/** The status that is written, as it comes back from the API. */
export const statusOf = (
  of: Pod,
  seen: Seen<ObservedPod>,
  memory: Partial<PodMemory>,
  time: Now,
): PodStatus => {
  const plan = reconcilePod(present(of), seen, remembered(memory), time, policyOf("pods"));
  return JSON.parse(JSON.stringify(patchIn(plan).status));
};

/** The body of the request that is made, as it goes to the API. */
export const patchOf = (
  api: Pod,
  seen: Seen<ObservedPod>,
  memory: Partial<PodMemory>,
): Record<string, unknown> => {
  const plan = reconcilePod(present(api), seen, remembered(memory), now, policyOf("pods"));
  return JSON.parse(JSON.stringify(patchIn(plan).request.body));
};

/** The pod as the API shows it once what we say of it was written. */
export const told = (of: Pod, observed: ObservedPod): Pod => ({
  ...of,
  status: statusOf(of, present(observed), { accepted: at(80) }, at(90)),
});

export const runs: ObservedPod = holds([running("a", 10)]);
export const finished: ObservedPod = holds([ended("a", 0, 50)]);
export const never: Pod["spec"] extends infer Spec ? Partial<Spec> : never = { restartPolicy: "Never" };
export const runningPod: Pod = told(pod(), runs);
export const succeededPod: Pod = told(pod({ spec: never }), finished);
