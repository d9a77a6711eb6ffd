import type { BackendContext } from "./backend.ts";
import type { Rows } from "./check.ts";
import { expect, expectEqual } from "./expect.ts";

/** What is left out must be left out: a function that only throws promises what it does not keep. */
export const offerRows: Rows<BackendContext> = {
  "it offers what it is said to offer": ({ offers, without }) => {
    const missing = Object.entries(offers).filter(([, offer]) => offer === undefined).map(([name]) => name);
    expectEqual([...without].sort(), missing.sort(), `what it does not offer ("without")`);
    return Promise.resolve();
  },
};

/** Of a back end that can be asked whether it is there. */
export const pingRows: Rows<BackendContext> = {
  "ping says that the back end is there": async ({ backend, bound }) => {
    await backend.ping?.({ signal: bound() });
  },
};

/** Of a back end that describes its node. */
export const nodeRows: Rows<BackendContext> = {
  "node tells at once what the node is, and ends when its signal aborts": async ({ backend, within }) => {
    const over = new AbortController();
    const facts = backend.node?.({ signal: over.signal })[Symbol.asyncIterator]();
    const first = await within("the node's first facts", Promise.resolve(facts?.next()));
    expect(first?.done === false, "it tells nothing of the node");
    const ended = (async () => {
      while ((await facts?.next())?.done === false);
    })();
    over.abort();
    await within("the end of an aborted node", ended);
  },
};
