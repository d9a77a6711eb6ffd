import { containerOf, endOf, running } from "../backend.ts";
import type { Rows } from "../check.ts";
import { expectEqual } from "../expect.ts";
import { runOf, type RuntimeContext, start } from "./context.ts";

/** The agent is started again: the containers have not noticed. */
export const reopenRows: Rows<RuntimeContext> = {
  "a new adapter finds what runs and what has ended": async (context) => {
    const { reopen, ref, uid, bound } = context;
    if (reopen === undefined) throw new Error(`it cannot be reopened: name "reopen" in "without"`);
    await start(context, { _tag: "Run" });
    const { id } = await running(context);
    const again = await reopen();
    expectEqual((await running(context, uid, again)).id, id, "the instance that runs");
    const adopted = await again.start(runOf(context, { _tag: "Run" }), { signal: bound() });
    expectEqual(containerOf(adopted)?.id, id, "the instance that is adopted");
    await again.stop(ref, "main", { graceMs: 15_000, signal: bound() });
    expectEqual(await endOf(context, "main", again), await endOf(context), "its end, as both tell it");
  },
};
