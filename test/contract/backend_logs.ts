import { isProviderError } from "../../adapters/provider_error.ts";
import { type BackendContext, endOf, expectCode, logsOf, running } from "./backend.ts";
import type { Rows } from "./check.ts";
import { expect, expectEqual, expectMatch, rejectionOf } from "./expect.ts";

const hour = 3_600_000;

/** What every back end that offers logs does, of whichever kind. */
export const logRows: Rows<BackendContext> = {
  "logs: all of them, the last, and so many bytes": async (context) => {
    await context.start({ _tag: "Exit", code: 0, lines: ["one", "two", "three"] });
    await endOf(context);
    const all = "one\ntwo\nthree\n";
    await context.until("all is there", async () => (await logsOf(context)) === all || undefined);
    expectEqual(await logsOf(context, { tailLines: 2 }), "two\nthree\n", "the last two lines");
    expectEqual(await logsOf(context, { tailLines: 9 }), all, "more lines than there are");
    expectEqual(await logsOf(context, { tailLines: 0 }), "", "no lines");
    expectEqual(await logsOf(context, { limitBytes: 5 }), "one\nt", "five bytes");
    expectEqual(await logsOf(context, { since: Date.now() + hour }), "", "since later");
    expectEqual(await logsOf(context, { since: Date.now() - hour }), all, "since earlier");
    const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z (one|two|three)\n){3}$/;
    expectMatch(await logsOf(context, { timestamps: true }), stamped, "lines with their times");
  },
  "logs: followed until it ends": async (context) => {
    await context.start({ _tag: "Run", lines: ["here"] });
    await running(context);
    const followed = logsOf(context, { follow: true });
    await context.until("it is written", async () => (await logsOf(context)) !== "" || undefined);
    let isOver = false;
    void followed.finally(() => isOver = true).catch(() => {});
    await context.quiet();
    expect(!isOver, "the log ends before the container does");
    await context.stop(15_000);
    expectEqual(await context.within("the end of the log", followed), "here\n", "what was followed");
  },
  "logs: following ends when its signal aborts": async (context) => {
    const { backend, ref } = context;
    await context.start({ _tag: "Run", lines: ["here"] });
    await running(context);
    const over = new AbortController();
    const options = { follow: true, previous: false, timestamps: false, signal: over.signal };
    const stream = await backend.logs?.(ref, "main", options);
    const reader = stream?.getReader();
    const first = await reader?.read();
    expectEqual(new TextDecoder().decode(first?.value), "here\n", "what was followed");
    const rest = Promise.resolve(reader?.read()).catch(() => undefined);
    over.abort();
    const next = await context.within("the end of an aborted log", rest);
    expect(next === undefined || next.done, "an aborted log goes on");
    await running(context);
  },
  "logs: none of an instance before the first": async (context) => {
    await context.start({ _tag: "Exit", code: 1, lines: ["first"] });
    await endOf(context);
    const none = await rejectionOf(logsOf(context, { previous: true }), "the log of no instance");
    expectCode(none, ["InvalidInput"], "the log of no instance");
    const text = `previous terminated container "main" in pod "web" not found`;
    expectEqual(isProviderError(none) ? none.message : none, text, "the kubelet's words for that");
  },
  "logs: of a pod or container that is not there": async (context) => {
    const noPod = await rejectionOf(logsOf(context), "the log of no pod");
    expectCode(noPod, ["NotFound"], "the log of no pod");
    await context.start({ _tag: "Exit", code: 0 });
    const noContainer = await rejectionOf(logsOf(context, {}, "other"), "the log of no container");
    expectCode(noContainer, ["NotFound"], "the log of no container");
  },
};
