import type { ApiRequest } from "../../../core/kubernetes/request.ts";
import { parseStatus } from "../../../core/kubernetes/status.ts";
import type { Rows } from "../check.ts";
import { expect, expectEqual } from "../expect.ts";
import { type ApiPortContext, collect, configMaps, createConfigMap } from "./context.ts";

export const watchRequest = (namespace: string, resourceVersion: string): ApiRequest => ({
  method: "GET",
  path: configMaps(namespace),
  query: { watch: "true", resourceVersion, timeoutSeconds: "60" },
});

/** Lists and watches, as bytes. */
export const streamRows: Rows<ApiPortContext> = {
  "list: bytes of a page": async ({ ok, open, namespace }) => {
    await ok(createConfigMap(namespace, "listed"));
    const query = { limit: "500" };
    const stream = await open({ method: "GET", path: configMaps(namespace), query });
    expectEqual(stream.status, 200, "the status");
    const list = JSON.parse(await collect(stream));
    expectEqual(list.kind, "ConfigMapList", "the kind");
    expect(list.items.some((item: any) => item.metadata.name === "listed"), "it is not listed");
  },
  "watch: bytes as they come, and an abort ends it quietly": async (context) => {
    const { ok, open, within, namespace } = context;
    const list = await ok({ method: "GET", path: configMaps(namespace), query: { limit: "1" } });
    const over = new AbortController();
    const stream = await open(watchRequest(namespace, list.metadata.resourceVersion), over.signal);
    expectEqual(stream.status, 200, "the status");
    const body = stream.body[Symbol.asyncIterator]();
    // the namespace's own first object may come meanwhile
    const named = async (name: string): Promise<string> => {
      for (;;) {
        const next = await within("an event", body.next());
        const events = new TextDecoder().decode(next.value).split("\n").filter((line) => line !== "");
        const found = events.map((line) => JSON.parse(line)).find((e) => e.object.metadata.name === name);
        if (found !== undefined) return found.type;
      }
    };
    for (const name of ["watched-1", "watched-2"]) {
      await ok(createConfigMap(namespace, name));
      expectEqual(await named(name), "ADDED", `the event of ${name}`);
    }
    const last = body.next();
    over.abort();
    expectEqual((await within("the end of an aborted watch", last)).done, true, "an aborted watch is done");
  },
  "watch: leaving the loop ends it": async ({ ok, open, namespace, send, within }) => {
    await ok(createConfigMap(namespace, "left"));
    const stream = await open(watchRequest(namespace, "0"));
    let bytes = 0;
    const reading = async (): Promise<void> => {
      for await (const chunk of stream.body) {
        bytes += chunk.byteLength;
        return;
      }
    };
    await within("the end of a watch that was left", reading());
    expect(bytes > 0, "it tells nothing");
    const path = `${configMaps(namespace)}/left`;
    expectEqual((await send({ method: "GET", path })).status, 200, "a request after that");
  },
  "watch: a resourceVersion that cannot be is an answer, not a throw": async ({ open, namespace }) => {
    const stream = await open(watchRequest(namespace, "nonsense"));
    expect(stream.status >= 400, `status ${stream.status}`);
    expectEqual(parseStatus(await collect(stream)).status, "Failure", "the status object");
  },
};
