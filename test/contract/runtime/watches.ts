import { containerOf, watched } from "../backend.ts";
import type { Rows } from "../check.ts";
import { type RuntimeContext, start } from "./context.ts";

/** What happens is told by itself. */
export const watchRows: Rows<RuntimeContext> = {
  "watch tells of the end and of the removal, and ends when its signal aborts": async (context) => {
    const { seen, end } = watched(context);
    await start(context, { _tag: "Exit", code: 5 });
    await context.until("its end is told", () =>
      Promise.resolve(
        seen.some((event) => {
          const state = event._tag === "Changed" ? containerOf(event.pod)?.state : undefined;
          return state?._tag === "Terminated" && state.exitCode === 5;
        }) || undefined,
      ));
    await context.runtime.remove(context.ref, { signal: context.bound() });
    await context.until("its removal is told", () =>
      Promise.resolve(
        seen.some((event) => event._tag === "Gone" && event.uid === context.uid) || undefined,
      ));
    await end();
  },
};
