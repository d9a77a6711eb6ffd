import { endOf, instanceOf, look, running, startStubborn } from "../backend.ts";
import type { Rows } from "../check.ts";
import { expectEqual } from "../expect.ts";
import { create, expectRunning, gone, otherRef, type ProviderContext, remove, wanted } from "./context.ts";

const hour = 3_600_000;

/** Deletion is asked for, accepted, and done by the end of the grace period. */
export const deletionRows: Rows<ProviderContext> = {
  "delete lets a pod end, which is gone as soon as it has": async (context) => {
    await create(context, wanted(context, { _tag: "Run" }));
    await running(context);
    await remove(context, context.ref, hour);
    await gone(context);
  },
  "what is deleted may be deleted again, and what never was": async (context) => {
    await remove(context, context.ref, 0);
    await create(context, wanted(context, { _tag: "Run" }));
    await running(context);
    await Promise.all([1, 2, 3].map(() => remove(context, context.ref, 15_000)));
    await gone(context);
    await remove(context, context.ref, 15_000);
    expectEqual(await look(context), undefined, "what a deletion of nothing leaves");
  },
  "a pod that has ended is gone at once": async (context) => {
    await create(context, wanted(context, { _tag: "Exit", code: 0 }));
    await endOf(context);
    await remove(context, context.ref, hour);
    await gone(context);
  },
  "what ignores the signal is killed after the grace": async (context) => {
    await startStubborn(context);
    await remove(context, context.ref, 200);
    await gone(context);
  },
  "the grace is honoured, and a second deletion makes it shorter": async (context) => {
    await startStubborn(context);
    await remove(context, context.ref, hour);
    await context.quiet();
    await expectRunning(context, "it was killed before its grace was over");
    await remove(context, context.ref, 0);
    await gone(context);
  },
  "creating again what is being deleted runs nothing anew": async (context) => {
    await startStubborn(context);
    const before = instanceOf(await running(context));
    await remove(context, context.ref, hour);
    // so that another instance has another time
    await context.quiet();
    // it may say that this is a conflict
    await create(context, wanted(context, { _tag: "Stubborn", lines: ["ready"] })).catch(() => {});
    await context.quiet();
    expectEqual(instanceOf(await running(context)), before, "the instance that runs");
    await remove(context, context.ref, 0);
    await gone(context);
    await context.quiet();
    expectEqual(await look(context), undefined, "what is there after the deletion");
  },
  "pods do not wait for each other": async (context) => {
    await startStubborn(context);
    await remove(context, context.ref, hour);
    const other = otherRef(context);
    await create(context, wanted(context, { _tag: "Run" }, { ref: other }));
    await running(context, other.uid);
    await remove(context, other, 15_000);
    await gone(context, other.uid);
    await expectRunning(context, "the pod that is still stopping has ended with the other");
    await remove(context, context.ref, 0);
    await gone(context);
  },
};
