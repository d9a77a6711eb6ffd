import * as E from "fp-ts/lib/Either.js";
import { parseStatus } from "../../../core/kubernetes/status.ts";
import type { Rows } from "../check.ts";
import { expect, expectEqual } from "../expect.ts";
import { type ApiPortContext, collect, configMaps, createConfigMap, expectFault } from "./context.ts";
import { watchRequest } from "./streams.ts";

/** Who asks, and whether it is asked at all. */
export const identityRows: Rows<ApiPortContext> = {
  "a token that nobody knows: 401 Unauthorized": ({ as, namespace }) =>
    as({ token: "not-a-token" }, async ({ send, open }) => {
      const answer = await send({ method: "GET", path: configMaps(namespace) });
      expectFault(answer, 401, "Unauthorized", "a whole answer");
      const stream = await open(watchRequest(namespace, "0"));
      expectEqual(stream.status, 401, "the status of a stream");
      expectEqual(parseStatus(await collect(stream)).code, 401, "what a stream says of it");
    }),
  "a service account without rights: 403 Forbidden": async ({ as, send, until, namespace }) => {
    const body = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 600 },
    };
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`;
    const { status: { token } } = await until("a service account's token", async () => {
      const { status, text } = await send({ method: "POST", path, body });
      return status === 201 ? JSON.parse(text) : undefined;
    });
    await as({ token }, async (other) => {
      const answer = await other.send({ ...createConfigMap(namespace, "forbidden"), discardAnswer: true });
      expectFault(answer, 403, "Forbidden", "a creation");
    });
  },
  "ended before it began: Unavailable, and nothing is done": async ({ api, send, namespace }) => {
    const answer = await api.send(createConfigMap(namespace, "never"), AbortSignal.abort());
    expect(E.isLeft(answer), "what has been aborted is answered");
    expectEqual(answer.left._tag, "Unavailable", "the fault");
    const path = `${configMaps(namespace)}/never`;
    expectEqual((await send({ method: "GET", path })).status, 404, "what was not created");
  },
};
