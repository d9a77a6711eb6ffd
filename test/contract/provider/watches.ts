import type { BackendEvent } from "../../../adapters/ports.ts";
import type { ObservedPod } from "../../../core/pod/observed.ts";
import { containerOf, endOf, listOf, running, watched } from "../backend.ts";
import type { Rows } from "../check.ts";
import { expectEqual } from "../expect.ts";
import { create, gone, otherRef, type ProviderContext, remove, wanted } from "./context.ts";

type Pods = ReadonlyMap<string, ObservedPod>;

/** What is known of the pods after the news; a reset is no news, so the list counts from then on. */
const afterNews = (seen: readonly BackendEvent[], listed: Pods): Pods =>
  seen.reduce<Pods>((pods, event) => {
    if (event._tag === "Reset") return listed;
    const others = [...pods].filter(([uid]) => uid !== (event._tag === "Gone" ? event.uid : event.pod.uid));
    return new Map(event._tag === "Gone" ? others : [...others, [event.pod.uid, event.pod]]);
  }, new Map());

const statesOf = (pods: Pods): unknown =>
  Object.fromEntries(
    [...pods].map(([uid, { containers }]) => [uid, containers.map(({ name, state }) => [name, state._tag])]),
  );

const listed = async (context: ProviderContext): Promise<Pods> =>
  new Map((await listOf(context)).map((pod) => [pod.uid, pod]));

/** What happens is told by itself. */
export const watchRows: Rows<ProviderContext> = {
  "watch tells of the end and of the removal, and ends when its signal aborts": async (context) => {
    const { seen, end } = watched(context);
    await create(context, wanted(context, { _tag: "Exit", code: 5 }));
    await context.until("its end is told", () =>
      Promise.resolve(
        seen.some((event) => {
          const state = event._tag === "Changed" ? containerOf(event.pod)?.state : undefined;
          return state?._tag === "Terminated" && state.exitCode === 5;
        }) || undefined,
      ));
    await remove(context, context.ref, 15_000);
    await context.until("its removal is told", () =>
      Promise.resolve(
        seen.some((event) => event._tag === "Gone" && event.uid === context.uid) || undefined,
      ));
    await end();
  },
  "watch tells what list shows": async (context) => {
    const { seen, end } = watched(context);
    const [stays, goes] = [otherRef(context, "stays"), otherRef(context, "goes")];
    // told by what they do, not by being created: that the caller knows
    await create(context, wanted(context, { _tag: "Exit", code: 0 }));
    await create(context, wanted(context, { _tag: "Exit", code: 1 }, { ref: stays }));
    await create(context, wanted(context, { _tag: "Run" }, { ref: goes }));
    await endOf(context);
    await endOf({ ...context, uid: stays.uid });
    await running(context, goes.uid);
    await remove(context, goes, 15_000);
    await gone(context, goes.uid);
    let known: unknown;
    await context.until("the news add up", async () => {
      const pods = await listed(context);
      known = statesOf(afterNews(seen, pods));
      return JSON.stringify(known) === JSON.stringify(statesOf(pods)) || undefined;
    });
    expectEqual(known, statesOf(await listed(context)), "what the news add up to");
    await end();
  },
  "a watch may be opened again": async (context) => {
    await watched(context).end();
    const { seen, end } = watched(context);
    await create(context, wanted(context, { _tag: "Run" }));
    await running(context);
    await remove(context, context.ref, 15_000);
    await context.until("its removal is told", () =>
      Promise.resolve(
        seen.some((event) => event._tag === "Gone" && event.uid === context.uid) || undefined,
      ));
    await end();
  },
};
