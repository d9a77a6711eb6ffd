import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PodCondition, PodStatus } from "../../core/kubernetes/pod_status.ts";
import type { PodPolicy } from "../../core/pod/policy.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { absent, present } from "../../core/seen.ts";
import { at } from "../tools/containers.ts";
import { freeze, policyOf, remembered } from "../tools/pods.ts";
import { acceptedAt, type Documented, documented } from "./documented.ts";

const test = suite("statuses that the documentation shows");

const statusOf = (row: Documented, kind: PodPolicy["kind"]): PodStatus => {
  const memory = remembered({ accepted: acceptedAt, seenLive: true, ...row.memory });
  const observed = row.observed === undefined ? absent : present(row.observed);
  const plan = reconcilePod(
    freeze(present(row.pod)),
    freeze(observed),
    freeze(memory),
    at(100),
    policyOf(kind),
  );
  const patch = plan.actions.find((action) => action._tag === "PatchPodStatus");
  if (patch?._tag !== "PatchPodStatus") throw new Error(`nothing is written: ${plan.why}`);
  return JSON.parse(JSON.stringify(patch.status));
};

const withoutTime = ({ lastTransitionTime: _time, ...condition }: PodCondition): PodCondition => condition;

/** What a page shows, of what we tell. */
const shownOf = (status: PodStatus, page: PodStatus): PodStatus => {
  const types = page.conditions?.map(({ type }) => type);
  const conditions = types?.flatMap((type) =>
    (status.conditions ?? []).filter((condition) => condition.type === type).map(withoutTime)
  );
  const shown = { ...status, ...(conditions === undefined ? {} : { conditions }) };
  return Object.fromEntries(Object.keys(page).map((key) => [key, shown[key as keyof PodStatus]]));
};

for (const row of documented) {
  const kinds = row.kind === undefined ? ["pods", "containers"] as const : [row.kind];
  for (const kind of kinds) {
    test(`${row.page} (back end of ${kind})`, () => {
      assert.equal(shownOf(statusOf(row, kind), row.status), row.status);
    });
  }
}

test.run();
