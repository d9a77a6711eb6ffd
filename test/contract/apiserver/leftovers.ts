import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Target } from "./target.ts";

/** Last: pods that wait for a node would be bound to those of whoever tests on this server next. */
export const leftoversContract = (target: Target): void => {
  const test = suite(`${target.name}: what is left`);

  const waiting = async (): Promise<readonly string[]> => {
    const { body } = await target.send("GET", "/api/v1/pods", { query: { fieldSelector: "spec.nodeName=" } });
    // deno-lint-ignore no-explicit-any
    return body.items.filter(({ metadata }: any) =>
      metadata.namespace.startsWith("contract-") && metadata.deletionTimestamp === undefined
      // deno-lint-ignore no-explicit-any
    ).map(({ metadata }: any) => `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`);
  };

  test("no pod waits for a node", async () => {
    const query = { gracePeriodSeconds: "0" };
    for (const path of await waiting()) {
      const { status } = await target.send("DELETE", path, { query });
      assert.ok(status === 200 || status === 404, `${path}: ${status}`);
    }
    assert.equal(await waiting(), []);
  });

  test.run();
};
