import { expectCode, look } from "../backend.ts";
import type { Rows } from "../check.ts";
import { expect, expectEqual } from "../expect.ts";
import { create, type ProviderContext, wanted } from "./context.ts";

/** What cannot be honoured is told before anything is created. */
export const checkRows: Rows<ProviderContext> = {
  "check finds nothing wrong with what can be run": (context) => {
    const problems = context.provider.check?.(wanted(context, { _tag: "Run" })) ?? [];
    expectEqual(problems.filter(({ fatal }) => fatal), [], "problems of a plain pod");
    return Promise.resolve();
  },
  "check names the fields that it cannot honour": async (context) => {
    const { provider, refused = [] } = context;
    expect(refused.length > 0, `the subject has no "refused": an example of what its check refuses`);
    for (const { field, spec } of refused) {
      const intent = wanted(context, { _tag: "Run" }, { spec });
      const problems = provider.check?.(intent) ?? [];
      const found = problems.find((problem) => problem.field === field);
      const fields = problems.map((problem) => problem.field).join(", ");
      expect(found !== undefined, `${field} is not among the fields that it names: ${fields || "none"}`);
      expect(found.message !== "", `it does not say what is wrong with ${field}`);
      expectEqual(provider.check?.(intent), problems, "what it says when it is asked again");
      if (!found.fatal) continue;
      const error = await create(context, intent).then(() => undefined, (reason: unknown) => reason);
      if (error === undefined) continue;
      expectCode(error, ["Unsupported", "InvalidInput"], `creating a pod with ${field}`);
      expectEqual(await look(context), undefined, "what is there of a pod that was refused");
    }
  },
};
