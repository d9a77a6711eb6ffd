import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bootstrap } from "../../adapters/apiserver/bootstrap.ts";
import { handle } from "../../adapters/apiserver/handle.ts";
import { serverItself } from "../../adapters/apiserver/user.ts";
import { emptyRecorder, recordEvent } from "../../core/event_recorder.ts";
import { anyEmitEvent, anyKubernetesEvent } from "../arbitraries/kubernetes_event.ts";
import { momentOf } from "../arbitraries/moment.ts";
import { freeze } from "../tools/pods.ts";

const test = suite("Events that are written");

const now = momentOf(0);
const server = bootstrap({}, now);

test("promise 12: the API server takes every one of them, whatever it is about and says", () => {
  fc.assert(fc.property(anyKubernetesEvent, (event) => {
    const object = event as { readonly metadata: object; readonly involvedObject: object };
    const inDefault = {
      ...object,
      metadata: { ...object.metadata, namespace: "default" },
      involvedObject: { ...object.involvedObject, namespace: "default" },
    };
    const { response } = handle(server, {
      method: "POST",
      path: "/api/v1/namespaces/default/events",
      query: {},
      headers: { "content-type": "application/json" },
      body: JSON.stringify(inDefault),
      user: serverItself,
    }, now);
    assert.ok(response._tag === "Answer" && response.status === 201, JSON.stringify(response));
  }));
});

test("an event that is told again and again is one object, and a burst of others has its bound", () => {
  fc.assert(
    fc.property(
      fc.array(anyEmitEvent, { maxLength: 10 }),
      fc.integer({ min: 1, max: 30 }),
      (events, times) => {
        let memory = freeze(emptyRecorder), created = 0, requests = 0;
        for (let turn = 0; turn < times; turn++) {
          for (const event of freeze(events)) {
            const [next, request] = recordEvent(memory, event, now, { component: "c", host: "n" });
            memory = freeze(next);
            if (request !== undefined) requests += 1;
            if (request?.method === "POST") created += 1;
          }
        }
        const kinds = new Set(
          events.map(({ about, type, reason, message }) =>
            JSON.stringify([about.ref.uid, type, reason, message])
          ),
        );
        assert.is(created, kinds.size);
        assert.ok(requests <= 50);
      },
    ),
  );
});

test.run();
