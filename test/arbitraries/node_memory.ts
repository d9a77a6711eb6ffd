import fc from "fast-check";
import type { Attempt, Attempts } from "../../core/node/attempt.ts";
import type { Aspect } from "../../core/node/change.ts";
import { emptyNodeMemory, type NodeMemory } from "../../core/node/memory.ts";
import { defaultNodePolicy, type NodePolicy } from "../../core/node/policy.ts";
import { anyMono } from "./moment.ts";
import { anyOf, anyRecord } from "./record.ts";

const anyAttempt: fc.Arbitrary<Attempt> = anyRecord({
  wanted: anyOf("w1", "w2"),
  drift: anyOf("d1", "d2"),
  at: anyMono,
  notBefore: anyMono,
  failures: anyOf(0, 1, 9, 1_000_000),
  refused: fc.boolean(),
  repeats: anyOf(0, 1, 9),
  doneAt: fc.oneof(fc.constant(undefined), anyMono),
});

const anyAttempts: fc.Arbitrary<Attempts> = anyRecord({}, {
  create: anyAttempt,
  conditions: anyAttempt,
  status: anyAttempt,
  spec: anyAttempt,
  taints: anyAttempt,
  metadata: anyAttempt,
});

const anyAspect = anyOf<Aspect>("create", "conditions", "status", "spec", "taints", "metadata");

/** Of the node as it is in the arbitraries, or another. */
const anyObjectVersion = anyOf("foreign/1", "foreign/2", "Absent");

/** What is remembered of a node; it may make no sense. */
export const anyNodeMemory: fc.Arbitrary<NodeMemory> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(emptyNodeMemory) },
  {
    weight: 5,
    arbitrary: anyRecord({
      lease: anyRecord({
        sentAt: fc.oneof(fc.constant(undefined), anyMono),
        nextAt: fc.oneof(fc.constant(undefined), anyMono),
        missing: fc.boolean(),
        failures: anyOf(0, 1, 9),
      }),
      ping: anyRecord({
        askedAt: fc.oneof(fc.constant(undefined), anyMono),
        nextAt: fc.oneof(fc.constant(undefined), anyMono),
        last: anyOf("none", "answered", "failed"),
        message: anyOf("", "m"),
      }),
      created: fc.boolean(),
      attempts: anyAttempts,
    }, {
      write: anyRecord({
        change: anyRecord({
          aspect: anyAspect,
          drift: anyOf("d1", "d2"),
          wanted: anyOf("w1", "w2"),
          routine: fc.boolean(),
        }),
        version: anyObjectVersion,
      }),
      echo: anyRecord({ version: anyObjectVersion, until: anyMono }),
      uid: anyOf("foreign", "other"),
      heartbeatAt: anyMono,
      ready: anyOf("True", "False"),
      warnings: fc.array(anyRecord({ reason: anyOf("NodeWriteRefused"), message: anyOf("m") }), {
        maxLength: 2,
      }),
    }).map((some) => ({ ...emptyNodeMemory, ...some })),
  },
);

/** How a node is kept. */
export const anyNodePolicy: fc.Arbitrary<NodePolicy> = anyRecord({
  ping: fc.boolean(),
  onPingFailure: anyOf("notReady", "silent", "ignore"),
  normalEvents: fc.boolean(),
}).map((some) => ({ ...defaultNodePolicy, ...some }));
