import { containerOf, endOf, look } from "../backend.ts";
import type { Rows } from "../check.ts";
import { expect, expectEqual } from "../expect.ts";
import { create, type ProviderContext, wanted } from "./context.ts";

type RestartPolicy = "Always" | "OnFailure" | "Never";

const startsAgain = (restartPolicy: RestartPolicy, code: number) => async (context: ProviderContext) => {
  await create(context, wanted(context, { _tag: "Exit", code }, { restartPolicy }));
  const again = await context.until("it is started again", async () => {
    const container = containerOf(await look(context));
    return container !== undefined && container.restartCount > 0 ? container : undefined;
  });
  expectEqual(again.last?.exitCode, code, "how the instance before ended (`last`)");
};

const staysEnded = (restartPolicy: RestartPolicy, code: number) => async (context: ProviderContext) => {
  await create(context, wanted(context, { _tag: "Exit", code }, { restartPolicy }));
  const end = await endOf(context);
  expectEqual(end.exitCode, code, "the exit code");
  await context.quiet();
  const container = containerOf(await look(context));
  expect(container !== undefined, "what has ended is no longer listed, although nobody deleted it");
  expectEqual([container.restartCount, container.state], [0, end], "restarts, and its end");
};

/** A back end that runs pods restarts their containers, as the pod says. */
export const restartRows: Rows<ProviderContext> = {
  "restartPolicy Always: a success is started again": startsAgain("Always", 0),
  "restartPolicy Always: a failure is started again": startsAgain("Always", 3),
  "restartPolicy OnFailure: a failure is started again": startsAgain("OnFailure", 3),
  "restartPolicy OnFailure: a success stays as it is": staysEnded("OnFailure", 0),
  "restartPolicy Never: a success stays as it is": staysEnded("Never", 0),
  "restartPolicy Never: a failure stays as it is": staysEnded("Never", 3),
};
