import { type ApiRequest, mergePatch, podPath, strategicMerge } from "../../../core/kubernetes/request.ts";
import { parseStatus } from "../../../core/kubernetes/status.ts";
import type { Rows } from "../check.ts";
import { expectEqual, expectMatch } from "../expect.ts";
import {
  type ApiPortContext,
  collect,
  configMaps,
  createConfigMap,
  createPod,
  expectFault,
} from "./context.ts";

const nobody = "00000000-0000-0000-0000-000000000000";

const patchStatus = (
  namespace: string,
  name: string,
  contentType: string,
  body: unknown,
  discardAnswer = false,
): ApiRequest => ({
  method: "PATCH",
  path: `${podPath(namespace, name)}/status`,
  contentType,
  body,
  discardAnswer,
});

const conditionTypes = (pod: any): readonly string[] =>
  (pod.status.conditions ?? []).map((condition: { type: string }) => condition.type).sort();

/** One object at a time. */
export const objectRows: Rows<ApiPortContext> = {
  "get: an object, and 404 for none": async ({ ok, send, namespace }) => {
    const found = await ok({ method: "GET", path: `/api/v1/namespaces/${namespace}` });
    expectEqual(found.metadata.name, namespace, "the name");
    const missing = await send({ method: "GET", path: `${configMaps(namespace)}/missing` });
    expectFault(missing, 404, "NotFound", "what is not there");
    expectEqual(parseStatus(missing.text).reason, "NotFound", "the reason");
  },
  "an answer in the form that is asked for, whole and as a stream": async ({ ok, open, namespace }) => {
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    const request: ApiRequest = { method: "GET", path: `/api/v1/namespaces/${namespace}`, accept };
    expectEqual((await ok(request)).kind, "Table", "a whole answer");
    expectEqual(JSON.parse(await collect(await open(request))).kind, "Table", "a stream");
    expectEqual((await ok({ method: "GET", path: request.path })).kind, "Namespace", "no form asked for");
  },
  "create: 201, then AlreadyExists": async ({ send, namespace }) => {
    expectEqual((await send(createConfigMap(namespace, "twice"))).status, 201, "the first");
    expectFault(await send(createConfigMap(namespace, "twice")), 409, "AlreadyExists", "the second");
  },
  "strategic merge patch keeps list items, merge patch replaces the list": async (context) => {
    const { ok, namespace } = context;
    const { metadata: { uid } } = await createPod(context, "patched");
    const patch = (contentType: string, type: string): Promise<any> =>
      ok(patchStatus(namespace, "patched", contentType, {
        metadata: { uid },
        status: { conditions: [{ type, status: "True" }] },
      }));
    const [a, b, c] = ["vk.test/a", "vk.test/b", "vk.test/c"] as const;
    await patch(strategicMerge, a);
    expectEqual(conditionTypes(await patch(strategicMerge, b)).slice(-2), [a, b], "after strategic merges");
    expectEqual(conditionTypes(await patch(mergePatch, c)), [c], "after a merge");
  },
  "status patch with another UID: 422 Rejected": async (context) => {
    const { ok, send, namespace } = context;
    await createPod(context, "other-uid");
    const body = { metadata: { uid: nobody }, status: { phase: "Failed" } };
    const answer = await send(patchStatus(namespace, "other-uid", strategicMerge, body, true));
    expectFault(answer, 422, "Rejected", "a patch with another UID");
    expectMatch(answer.text, /uid/, "what is said of it");
    const pod = await ok({ method: "GET", path: podPath(namespace, "other-uid") });
    expectEqual(pod.status.phase, "Pending", "the phase");
  },
  "delete with another UID: 409 Conflict; with its own it is gone": async (context) => {
    const { send, namespace } = context;
    const { metadata: { uid } } = await createPod(context, "deleted");
    const path = podPath(namespace, "deleted");
    const remove = (of: string): ApiRequest => ({
      method: "DELETE",
      path,
      body: { kind: "DeleteOptions", apiVersion: "v1", gracePeriodSeconds: 0, preconditions: { uid: of } },
      discardAnswer: true,
    });
    expectFault(await send(remove(nobody)), 409, "Conflict", "a deletion with another UID");
    const { status, text } = await send(remove(uid));
    expectEqual([status, text], [200, ""], "a deletion");
    expectEqual((await send({ method: "GET", path })).status, 404, "what was deleted");
  },
  "discardAnswer: no text, yet done; a failure keeps its text": async ({ send, namespace }) => {
    const request = { ...createConfigMap(namespace, "silent"), discardAnswer: true };
    const { status, text } = await send(request);
    expectEqual([status, text], [201, ""], "a creation");
    const again = await send(request);
    expectFault(again, 409, "AlreadyExists", "the same again");
    expectMatch(parseStatus(again.text).message ?? "", /silent/, "what is said of it");
  },
};
