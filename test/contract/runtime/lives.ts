import { containerOf, endOf, expectCode, instanceOf, logsOf, look, running } from "../backend.ts";
import type { Rows } from "../check.ts";
import { expect, expectEqual, rejectionOf } from "../expect.ts";
import { runOf, type RuntimeContext, start } from "./context.ts";

/** From the start of an instance to its end, and to the next one. */
export const lifeRows: Rows<RuntimeContext> = {
  "what is started is listed, with its UID, names and owner": async (context) => {
    await start(context, { _tag: "Run" });
    const container = await running(context);
    expectEqual(container.restartCount, 0, "restarts of the first instance");
    expectEqual(container.last, undefined, "what was before the first instance");
    expect(typeof container.id === "string", "the container has no id");
    const pod = await look(context);
    const { uid, namespace, name } = context.ref;
    expectEqual([pod?.uid, pod?.namespace, pod?.name], [uid, namespace, name], "UID and names");
    expectEqual(pod?.owner, context.owner, "the owner's mark");
  },
  "an instance is started once, however often and at once": async (context) => {
    const all = await Promise.all([1, 2, 3].map(() => start(context, { _tag: "Run" })));
    const { id } = await running(context);
    for (const told of [...all, await start(context, { _tag: "Run" })]) {
      if (told.id !== undefined) expectEqual(told.id, id, "the instance that runs");
    }
  },
  "no instance is started while the one before it runs": async (context) => {
    await start(context, { _tag: "Run" });
    const before = instanceOf(await running(context));
    const error = await rejectionOf(start(context, { _tag: "Run" }, 1), "a start beside another instance");
    expectCode(error, ["Conflict"], "a start beside another instance");
    await context.quiet();
    expectEqual(instanceOf(await running(context)), before, "the instance that runs");
  },
  "an end is told with its exit code and times": async (context) => {
    await start(context, { _tag: "Exit", code: 7 });
    const end = await endOf(context);
    expectEqual(end.exitCode, 7, "the exit code");
    const { startedAt = Infinity, finishedAt = 0 } = end;
    expect(finishedAt >= startedAt, `it ended at ${finishedAt}, before ${startedAt}`);
  },
  "an instance that has ended is not started again": async (context) => {
    await start(context, { _tag: "Exit", code: 3 });
    const end = await endOf(context);
    const { state } = await start(context, { _tag: "Exit", code: 3 });
    expectEqual(state, end, "its end");
  },
  "the next instance remembers how the last one ended": async (context) => {
    await start(context, { _tag: "Exit", code: 3 });
    await endOf(context);
    await start(context, { _tag: "Run" }, 1);
    const container = await running(context);
    expectEqual(container.restartCount, 1, "restarts of the second instance");
    expectEqual(container.last?.exitCode, 3, "how the first one ended");
  },
  "pods of one name are told apart by their UIDs": async (context) => {
    const ref = { ...context.ref, uid: `${context.uid}-b` };
    await start(context, { _tag: "Run" });
    const run = runOf(context, { _tag: "Exit", code: 0 }, 0, { ref });
    await context.runtime.start(run, { signal: context.bound() });
    await endOf({ ...context, uid: ref.uid });
    await running(context);
  },
  "names and UIDs survive the round trip": async (context) => {
    const uid = "5c0f2d1f8b6f1a6d2a1f0c9e7b3d4e5f";
    const ref = { namespace: "n".repeat(63), name: `${"web.".repeat(62)}a-0.1`, uid };
    const container = context.container("c".repeat(63), { _tag: "Exit", code: 0 });
    const run = runOf(context, { _tag: "Run" }, 0, { ref, containers: [container] });
    await context.runtime.start({ ...run, container }, { signal: context.bound() });
    const pod = await context.until("it is listed", () => look(context, uid));
    expectEqual([pod.uid, pod.namespace, pod.name], [uid, ref.namespace, ref.name], "UID and names");
    expect(containerOf(pod, container.name) !== undefined, "its container is not listed");
    await endOf({ ...context, uid }, container.name);
  },
};

/** The log of an instance that was started again. */
export const previousLogRows: Rows<RuntimeContext> = {
  "logs: of the instance before": async (context) => {
    await start(context, { _tag: "Exit", code: 1, lines: ["first"] });
    await endOf(context);
    await start(context, { _tag: "Exit", code: 1, lines: ["second"] }, 1);
    await endOf(context, "main", context.runtime, 1);
    expectEqual(await logsOf(context, { previous: true }), "first\n", "what the instance before wrote");
    expectEqual(await logsOf(context), "second\n", "what the last instance wrote");
  },
};
