import { podPhaseOf } from "../container/phase.ts";
import { viewOf } from "../container/view.ts";
import type { PodStatus } from "../kubernetes/pod_status.ts";
import { acceptedWall, type PodContext } from "./context.ts";
import { withFiles } from "./files.ts";
import { admit, describeProblems } from "./make_intent.ts";
import type { Missing } from "./missing.ts";
import { because, type PodPlan, rest, wakeBy, withEvent, withOp } from "./plan.ts";
import { hinderedViews, keepRefused, providerFailed, refuse, warned } from "./refuse.ts";
import { specHashOf } from "./spec_hash.ts";
import { podStatus } from "./status.ts";
import { missingViews, noticed, waiting } from "./wait.ts";
import { writeStatus } from "./write_status.ts";

const waitingStatus = (context: PodContext, missing: readonly Missing[] = []): PodStatus => {
  const { pod, observed, known, memory, policy, now } = context;
  const views = missingViews(viewOf(pod, observed), missing);
  const fault = missing.length > 0 ? undefined : memory.lastFault;
  return podStatus({
    pod,
    phase: "Pending",
    views: fault === undefined ? views : hinderedViews(views, "CreateContainerError", fault.message),
    observed,
    previous: known,
    acceptedAt: acceptedWall(context),
    hostIP: policy.hostIP,
    reason: fault === undefined ? undefined : providerFailed,
    message: fault?.message,
    now,
  });
};

const create = (context: PodContext): PodPlan => {
  const { pod, memory, now, policy } = context;
  const views = viewOf(pod, undefined);
  if (memory.rejected !== undefined && memory.rejected.specHash === specHashOf(pod)) {
    return keepRefused(context, rest(memory, "Refused"), views, false);
  }
  if (memory.ops.length > 0) return writeStatus(context, rest(memory, "Creating"), waitingStatus(context));
  if (now.mono < memory.backend.notBefore) {
    const plan = wakeBy(rest(memory, "CreateBackoff"), memory.backend.notBefore);
    return writeStatus(context, plan, waitingStatus(context));
  }
  const admission = admit(context);
  if (admission._tag === "Waits") {
    const { missing, notices } = admission;
    const plan = waiting(context, rest(memory, "ObjectsUnknown"), missing, notices);
    return writeStatus(context, plan, waitingStatus(context, missing));
  }
  if (admission._tag === "Refused") {
    const refused = refuse(rest(memory, "Refused"), admission.specHash, describeProblems(admission.problems));
    return keepRefused(context, refused, views, true);
  }
  const { intent, warnings, notices } = admission;
  const op = { kind: "create", container: undefined, at: now.mono, until: now.mono } as const;
  const action = { _tag: "CreatePod", uid: context.ref.uid, intent } as const;
  const plan = withOp(rest({ ...memory, rejected: undefined }, "Create"), action, op);
  return wakeBy(
    warned(context, noticed(context, plan, notices), intent.specHash, warnings),
    now.mono + policy.pendingStatusDelayMs,
  );
};

/** Passes a change of the spec on to a back end that can take it; unknown what it runs: left as it is. */
const updated = (context: PodContext, plan: PodPlan): PodPlan => {
  const { pod, observed, policy, now } = context;
  const memory = plan.memory;
  if (!policy.canUpdate || memory.ops.length > 0) return plan;
  const specHash = specHashOf(pod);
  const running = memory.appliedHash ?? observed?.specHash;
  if (running === undefined || running === specHash || memory.rejected?.specHash === specHash) return plan;
  if (now.mono < memory.backend.notBefore) return wakeBy(plan, memory.backend.notBefore);
  const admission = admit(context);
  if (admission._tag === "Waits") return waiting(context, plan, admission.missing, admission.notices);
  if (admission._tag === "Refused") {
    const message = describeProblems(admission.problems);
    return withEvent(refuse(plan, specHash, message), context.ref, "Warning", "ProviderRejected", message);
  }
  const op = { kind: "update", container: undefined, at: now.mono, until: now.mono } as const;
  return because(
    withOp(plan, { _tag: "UpdatePod", uid: context.ref.uid, intent: admission.intent }, op),
    "Update",
  );
};

/** A pod that should run, on a back end that runs whole pods: create it once, pass changes on, report what it says. */
export const runOnProvider = (context: PodContext): PodPlan => {
  const { pod, observed, memory, known, policy, now } = context;
  if (observed === undefined) return create(context);
  const views = viewOf(pod, observed);
  const status = podStatus({
    pod,
    phase: observed.failed === true ? "Failed" : podPhaseOf(pod, views, false),
    views,
    observed,
    previous: known,
    acceptedAt: acceptedWall(context),
    hostIP: policy.hostIP,
    reason: observed.reason,
    message: observed.message,
    now,
  });
  return writeStatus(context, withFiles(context, updated(context, rest(memory, "Running"))), status);
};
