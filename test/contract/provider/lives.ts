import { containerOf, endOf, expectCode, instanceOf, listOf, logsOf, look, running } from "../backend.ts";
import type { Rows } from "../check.ts";
import { expect, expectEqual, rejectionOf } from "../expect.ts";
import { create, type ProviderContext, wanted } from "./context.ts";

/** From its creation to its end. */
export const lifeRows: Rows<ProviderContext> = {
  "what is created is listed, with its UID, names and owner": async (context) => {
    const told = await create(context, wanted(context, { _tag: "Run" }));
    const container = await running(context);
    expectEqual(container.restartCount, 0, "restarts of the first instance");
    expectEqual(container.last, undefined, "what was before the first instance");
    const pod = await look(context);
    for (const each of told === undefined ? [pod] : [told, pod]) {
      const { uid, namespace, name } = context.ref;
      expectEqual([each?.uid, each?.namespace, each?.name], [uid, namespace, name], "UID and names");
      expectEqual(each?.owner, context.owner, "the owner's mark");
    }
  },
  "a pod is created once, however often and at once": async (context) => {
    const intent = wanted(context, { _tag: "Run" });
    await Promise.all([1, 2, 3].map(() => create(context, intent)));
    const first = instanceOf(await running(context));
    await context.quiet();
    await create(context, intent);
    await context.quiet();
    expectEqual(instanceOf(await running(context)), first, "the instance that runs");
    const pods = (await listOf(context)).filter(({ uid }) => uid === context.uid);
    expectEqual(pods.length, 1, "pods with that UID");
  },
  "an end is told with its exit code and times": async (context) => {
    await create(context, wanted(context, { _tag: "Exit", code: 7 }));
    const end = await endOf(context);
    expectEqual(end.exitCode, 7, "the exit code");
    if (end.startedAt === undefined || end.finishedAt === undefined) return;
    expect(end.finishedAt >= end.startedAt, `it ended at ${end.finishedAt}, before ${end.startedAt}`);
  },
  "a pod that has ended is not run again": async (context) => {
    const intent = wanted(context, { _tag: "Exit", code: 3 });
    await create(context, intent);
    const end = await endOf(context);
    await context.quiet();
    await create(context, intent);
    await context.quiet();
    expectEqual(containerOf(await look(context))?.state, end, "its end");
  },
  "containers of one pod are told apart": async (context) => {
    const { container } = context;
    const containers = [container("main", { _tag: "Run" }), container("side", { _tag: "Exit", code: 4 })];
    await create(context, wanted(context, { _tag: "Run" }, { containers }));
    expectEqual((await endOf(context, "side")).exitCode, 4, "the end of one");
    await running(context);
  },
};

/** In place, for those that offer it. */
export const updateRows: Rows<ProviderContext> = {
  "an update is told by its specHash, and the pod runs": async (context) => {
    const { provider, bound, uid } = context;
    await create(context, wanted(context, { _tag: "Run" }));
    await running(context);
    expectEqual((await look(context))?.specHash, "hash-1", "what was created");
    const intent = wanted(context, { _tag: "Run", lines: ["new"] }, { specHash: "hash-2" });
    await provider.update?.(intent, { signal: bound() });
    await context.until(
      "the new specHash is listed",
      async () => (await look(context, uid))?.specHash === "hash-2" || undefined,
    );
    await running(context);
  },
  "an update of what is not there is NotFound, and creates nothing": async (context) => {
    const { provider, bound } = context;
    const update = Promise.resolve(provider.update?.(wanted(context, { _tag: "Run" }), { signal: bound() }));
    expectCode(await rejectionOf(update, "an update of nothing"), ["NotFound"], "an update of nothing");
    expectEqual(await look(context), undefined, "what an update of nothing leaves");
  },
};

/** The log of an instance that was started again. */
export const previousLogRows: Rows<ProviderContext> = {
  "logs: of the instance before": async (context) => {
    const intent = wanted(context, { _tag: "Exit", code: 1, lines: ["here"] }, { restartPolicy: "Always" });
    await create(context, intent);
    await context.until(
      "it was started again",
      async () => (containerOf(await look(context))?.restartCount ?? 0) > 0 || undefined,
    );
    expectEqual(await logsOf(context, { previous: true }), "here\n", "what the instance before wrote");
  },
};
