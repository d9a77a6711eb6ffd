// Rows of planContainers that are no cell of a product: each with all that it is given.
import type { ContainersMemory } from "../../core/container/memory.ts";
import { podPhaseOf } from "../../core/container/phase.ts";
import { planContainers } from "../../core/container/plan.ts";
import type { ObservedContainer } from "../../core/pod/observed.ts";
import type { Now } from "../../core/time.ts";
import { at, brief, observedOf, podOf, type PodShape } from "../tools/containers.ts";

/** What a plan comes to, in a few words. Times are seconds on the monotonic clock. */
export interface ContainersOutcome {
  readonly start?: string;
  readonly stop?: string;
  readonly wake?: number;
  /** With `!`: the pod is finished. */
  readonly phase: string;
  readonly view: readonly string[];
  readonly why: string;
}

export interface ContainerCase {
  readonly name: string;
  readonly shape: PodShape;
  /** `undefined`: the back end positively has no such pod. */
  readonly seen: readonly ObservedContainer[] | undefined;
  readonly memory?: ContainersMemory;
  readonly now?: Now;
  readonly inFlight?: readonly string[];
  readonly expected: ContainersOutcome;
}

export const outcomeOf = ({ shape, seen, memory, now, inFlight }: ContainerCase): ContainersOutcome => {
  const pod = podOf(shape);
  const observed = seen === undefined ? undefined : observedOf(...seen);
  const plan = planContainers(pod, observed, memory ?? {}, new Set(inFlight ?? []), now ?? at(0));
  const start = plan.start.map((each) => `${each.container.name}#${each.restartCount}`).join(" ");
  const stop = plan.stop.map((each) => each.container).join(" ");
  return {
    ...(start === "" ? {} : { start }),
    ...(stop === "" ? {} : { stop }),
    ...(plan.wakeAt === undefined ? {} : { wake: plan.wakeAt / 1000 }),
    phase: `${podPhaseOf(pod, plan.view, plan.finished)}${plan.finished ? "!" : ""}`,
    view: plan.view.map(brief),
    why: plan.why,
  };
};
