import { podPhaseOf } from "../container/phase.ts";
import type { ContainerView } from "../container/view.ts";
import { type Pod, restartPolicyOf } from "../kubernetes/pod.ts";
import type { PodPhase } from "../kubernetes/pod_status.ts";
import { acceptedWall, type PodContext } from "./context.ts";
import type { Problem } from "./intent.ts";
import { describeProblems } from "./make_intent.ts";
import { because, type PodPlan, withEvent } from "./plan.ts";
import { podStatus } from "./status.ts";
import { writeStatus } from "./write_status.ts";

/** The `status.reason` of a pod that its back end would not, or could not yet, run (as in the Go Virtual Kubelet). */
export const providerFailed = "ProviderFailed";

/** Containers that do not run yet say what keeps them from it: that is what `kubectl get pods` shows. */
export const hinderedViews = (
  views: readonly ContainerView[],
  reason: string,
  message: string,
): readonly ContainerView[] =>
  views.map((view) =>
    view.state._tag === "Waiting" ? { ...view, state: { _tag: "Waiting", reason, message } } : view
  );

/** Notes that the spec as it is cannot be run; it is tried again only when the spec has changed. */
export const refuse = (plan: PodPlan, specHash: string, message: string): PodPlan => ({
  ...plan,
  memory: { ...plan.memory, rejected: { specHash, message } },
});

/** What runs already goes on; what has not begun, and never may, has failed. */
const refusedPhase = (pod: Pod, views: readonly ContainerView[]): PodPhase => {
  const runs = views.some((view) => view.state._tag === "Running");
  return restartPolicyOf(pod) === "Never" && !runs ? "Failed" : podPhaseOf(pod, views, false);
};

/**
 * A pod that cannot be run as it is. `restartPolicy: Never` fails for good; any other waits as Pending for a change of
 * its spec, so that a ReplicaSet does not make new ones without end. What `before` wants done is done.
 */
export const keepRefused = (
  context: PodContext,
  before: PodPlan,
  views: readonly ContainerView[],
  announce: boolean,
): PodPlan => {
  const { pod, observed, known, policy, now, ref } = context;
  const message = before.memory.rejected?.message ?? "";
  const quiet = because(before, "Refused");
  const plan = announce ? withEvent(quiet, ref, "Warning", "ProviderRejected", message) : quiet;
  const status = podStatus({
    pod,
    phase: refusedPhase(pod, views),
    views: hinderedViews(views, "CreateContainerConfigError", message),
    observed,
    previous: known,
    acceptedAt: acceptedWall(context),
    hostIP: policy.hostIP,
    reason: providerFailed,
    message,
    now,
  });
  return writeStatus(context, plan, status);
};

/** The plan with an event of what will not be honoured, told once for each spec. */
export const warned = (
  context: PodContext,
  plan: PodPlan,
  specHash: string,
  warnings: readonly Problem[],
): PodPlan =>
  warnings.length === 0 || plan.memory.warnedOf === specHash ? plan : {
    ...withEvent(plan, context.ref, "Warning", "UnsupportedField", describeProblems(warnings)),
    memory: { ...plan.memory, warnedOf: specHash },
  };
