import { hasRun, type PodContext } from "./context.ts";
import { because, type PodPlan, rest } from "./plan.ts";
import { endStatus } from "./terminate.ts";
import { writeStatus } from "./write_status.ts";

/**
 * The back end positively has no such pod, although it ran, or although the back end had taken it (it may have run and
 * ended before anybody looked): it is never created a second time.
 */
export const isLost = (context: PodContext): boolean =>
  context.observed === undefined && (hasRun(context) || context.memory.created);

/** Waits for a moment (back ends may be slow to list what they hold), then says that the pod has failed. */
export const giveUpLost = (context: PodContext): PodPlan => {
  const { now, policy } = context;
  const missingSince = context.memory.missingSince ?? now.mono;
  const memory = { ...context.memory, missingSince };
  // the answer may tell of it again
  if (memory.ops.length > 0) return rest(memory, "Missing");
  const at = missingSince + policy.lostGraceMs;
  if (now.mono < at) return rest(memory, "Missing", at);
  const message = "The back end no longer has this pod, which it had been running; it is not started again";
  const lost: PodContext = { ...context, memory };
  return because(
    writeStatus(
      lost,
      rest(memory, "Lost"),
      endStatus(lost, { phase: "Failed", reason: "NotFound", message }),
    ),
    "Lost",
  );
};
