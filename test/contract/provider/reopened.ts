import { containerOf, endOf, instanceOf, look, running } from "../backend.ts";
import type { Rows } from "../check.ts";
import { expectEqual } from "../expect.ts";
import { create, gone, otherRef, type ProviderContext, wanted } from "./context.ts";

/** The agent is started again: the pods have not noticed. */
export const reopenRows: Rows<ProviderContext> = {
  "a new adapter finds what runs and what has ended, and runs nothing anew": async (context) => {
    const { provider, reopen, ref, bound, owner } = context;
    if (reopen === undefined) throw new Error(`it cannot be reopened: name "reopen" in "without"`);
    const intent = wanted(context, { _tag: "Run" });
    const ended = wanted(context, { _tag: "Exit", code: 3 }, { ref: otherRef(context) });
    await create(context, intent);
    await create(context, ended);
    const before = instanceOf(await running(context));
    const end = await endOf({ ...context, uid: otherRef(context).uid });
    await provider.close?.();
    await context.quiet();

    const again = await reopen();
    expectEqual(instanceOf(await running(context, ref.uid, again)), before, "the instance that runs");
    expectEqual((await look(context, ref.uid, again))?.owner, owner, "the owner's mark");
    for (const each of [intent, ended]) await again.create(each, { signal: bound() });
    await context.quiet();
    expectEqual(instanceOf(await running(context, ref.uid, again)), before, "the instance that runs");
    const other = containerOf(await look(context, otherRef(context).uid, again));
    expectEqual(other?.state, end, "the end of the one that had ended");
    await again.delete(ref, { graceMs: 15_000, signal: bound() });
    await gone(context, ref.uid, again);
  },
};
