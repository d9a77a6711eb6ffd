import type { ContainerView } from "../container/view.ts";
import { hashText } from "../hash.ts";
import type { PodContext } from "./context.ts";
import type { Missing, Notice } from "./missing.ts";
import { because, type PodPlan, withEvent } from "./plan.ts";
import type { PodWhy } from "./why.ts";

/** The pod's last plan was to wait for what it refers to. */
export const waitsForObjects = (why: string | undefined): boolean =>
  why === ("ObjectsUnknown" satisfies PodWhy) || why === ("ObjectsMissing" satisfies PodWhy);

/** The plan with an event for each notice, unless just these were told before. */
export const noticed = (context: PodContext, plan: PodPlan, notices: readonly Notice[]): PodPlan => {
  if (notices.length === 0) return plan;
  const told = hashText(JSON.stringify(notices));
  if (plan.memory.noticed === told) return plan;
  const noted: PodPlan = { ...plan, memory: { ...plan.memory, noticed: told } };
  return notices.reduce<PodPlan>(
    (all, { reason, message }) => withEvent(all, context.ref, "Warning", reason, message),
    noted,
  );
};

/** A pod that waits for what it refers to: it is looked at again when the objects have news. */
export const waiting = (
  context: PodContext,
  plan: PodPlan,
  missing: readonly Missing[],
  notices: readonly Notice[],
): PodPlan => {
  const isKnown = missing.some(({ message }) => message !== undefined);
  // what is not read yet may change what there is to tell
  const told = isKnown ? noticed(context, plan, notices) : plan;
  return because(told, isKnown ? "ObjectsMissing" : "ObjectsUnknown");
};

/** Containers that wait for what they refer to say so; an instance that has ended is the last one then. */
export const missingViews = (
  views: readonly ContainerView[],
  missing: readonly Missing[],
): readonly ContainerView[] =>
  views.map((view) => {
    const message = missing.find(({ container = view.name, message }) =>
      container === view.name && message !== undefined
    )?.message;
    if (message === undefined || view.state._tag === "Running") return view;
    const last = view.state._tag === "Terminated" ? view.state : view.last;
    return { ...view, state: { _tag: "Waiting", reason: "CreateContainerConfigError", message }, last };
  });
