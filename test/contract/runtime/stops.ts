import { endOf, listOf, running, startStubborn } from "../backend.ts";
import type { Rows } from "../check.ts";
import { expect, expectEqual, rejectionOf } from "../expect.ts";
import { type RuntimeContext, start } from "./context.ts";

const hour = 3_600_000;

/** The exit code of what was killed. */
const killed = 137;

const remove = ({ runtime, ref, bound }: RuntimeContext): Promise<void> =>
  runtime.remove(ref, { signal: bound() });

/** Containers are asked to stop, killed after their grace, and forgotten when that is asked for. */
export const stopRows: Rows<RuntimeContext> = {
  "stop ends it, and then again does nothing": async (context) => {
    await start(context, { _tag: "Run" });
    await running(context);
    await context.stop(15_000);
    expect((await endOf(context)).exitCode !== killed, "it was killed, although it ends when it is asked to");
    await context.stop(15_000);
  },
  "what ignores the signal is killed after the grace": async (context) => {
    await startStubborn(context);
    await context.stop(200);
    expectEqual((await endOf(context)).exitCode, killed, "the exit code");
  },
  "the grace is honoured, and a second stop makes it shorter": async (context) => {
    await startStubborn(context);
    const first = context.stop(hour);
    // looked at below, unless something else fails before
    first.catch(() => {});
    await context.quiet();
    await running(context);
    await context.stop(0);
    await context.within("the end of the first stop", first);
    expectEqual((await endOf(context)).exitCode, killed, "the exit code");
  },
  "an aborted stop ends the wait only": async (context) => {
    const { runtime, ref } = context;
    await startStubborn(context);
    const over = new AbortController();
    const stopping = runtime.stop(ref, "main", { graceMs: hour, signal: over.signal });
    const waiting = rejectionOf(stopping, "an aborted stop");
    over.abort(new Error("enough"));
    await context.within("the end of an aborted stop", waiting);
    await context.quiet();
    await running(context);
  },
  "stop and remove of what is not there succeed": async (context) => {
    await context.stop(0);
    await remove(context);
  },
  "what is removed is no longer listed": async (context) => {
    await start(context, { _tag: "Exit", code: 0 });
    await endOf(context);
    await remove(context);
    expectEqual(await listOf(context), [], "what is listed");
    await remove(context);
  },
};
