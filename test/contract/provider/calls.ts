import { isProviderError } from "../../../adapters/provider_error.ts";
import { instanceOf, look, running } from "../backend.ts";
import type { Rows } from "../check.ts";
import { expect, expectEqual, rejectionOf } from "../expect.ts";
import { create, gone, type ProviderContext, wanted } from "./context.ts";

/** Every call by its name, as often as it is wanted. */
const callsOf = (
  context: ProviderContext,
  signal: AbortSignal,
): readonly (readonly [string, () => Promise<unknown>])[] => {
  const { provider, ref } = context;
  return [
    ["list", () => provider.list({ signal })],
    ["ping", async () => await provider.ping?.({ signal })],
    ["create", () => provider.create(wanted(context, { _tag: "Run" }), { signal })],
    ["delete", () => provider.delete(ref, { graceMs: 0, signal })],
  ];
};

/** What every call keeps. */
export const callRows: Rows<ProviderContext> = {
  "a call whose signal has aborted ends, and may be made again": async (context) => {
    for (const [name, call] of callsOf(context, AbortSignal.abort())) {
      await context.within(`the end of an aborted ${name}`, call().catch(() => {}));
    }
    // whatever came of the creation and of the deletion: one instance, then none
    await create(context, wanted(context, { _tag: "Run" }));
    const first = instanceOf(await running(context));
    await context.quiet();
    expectEqual(instanceOf(await running(context)), first, "the instance that runs");
    await context.stop(15_000);
    await gone(context);
  },
};

/** Errors that would be taken for a decision: a deletion that has succeeded, a pod that is refused. */
const decisions: ReadonlySet<string> = new Set(["NotFound", "InvalidInput", "Unsupported"]);

/** While the back end cannot be reached nothing is known, and nothing may be made up. */
export const outageRows: Rows<ProviderContext> = {
  "without its back end every call fails, and nothing is lost": async (context) => {
    if (context.cutOff === undefined) throw new Error(`it cannot be cut off: name "outage" in "without"`);
    await create(context, wanted(context, { _tag: "Run" }));
    const before = instanceOf(await running(context));
    const mend = context.cutOff();
    try {
      for (const [name, call] of callsOf(context, context.bound())) {
        if (name === "ping" && context.provider.ping === undefined) continue;
        const error = await rejectionOf(context.within(`the failure of ${name}`, call()), name);
        expect(
          !isProviderError(error) || !decisions.has(error.code),
          `${name} fails as if it were decided: ${error}`,
        );
      }
    } finally {
      mend();
    }
    const after = await context.until("it is listed again", () => look(context).catch(() => undefined));
    expectEqual(after.uid, context.uid, "the pod");
    expectEqual(instanceOf(await running(context)), before, "the instance that runs");
  },
};
