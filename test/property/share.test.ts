// Parts that pods share: what can be read never changes, and what is equal is kept once.
import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decodePod, type Pod } from "../../core/kubernetes/pod.ts";
import { noSamples, type Samples, shareParts } from "../../core/samples.ts";
import { shareWith } from "../../core/share.ts";
import { pending, podWire } from "../bench/feed.ts";
import { freeze } from "../tools/pods.ts";

const test = suite("shared parts");

/** Values that are nearly alike: few keys, few texts. */
const json: fc.Arbitrary<unknown> = fc.letrec<{ readonly value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>("a", "b", "", 0, 1, true, false, null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "constructor", "toString", "__proto__"), tie("value"), {
      maxKeys: 3,
    }),
  ),
})).value.map((value) => JSON.parse(JSON.stringify(value)));

/** JSON with its keys in order. Not uvu's equality: a field named "constructor" misleads it. */
const sorted = (value: unknown): string =>
  JSON.stringify(
    value,
    (_key, part: unknown) =>
      typeof part === "object" && part !== null && !Array.isArray(part)
        ? Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1)
        : part,
  );

test("reads the same as the fresh value, down to the order of its keys", () => {
  fc.assert(fc.property(json, json, (known, fresh) => {
    const shared = shareWith(freeze(known), freeze(fresh));
    assert.is(sorted(shared), sorted(fresh));
    if (shared !== known) assert.is(JSON.stringify(shared), JSON.stringify(fresh));
  }));
});

test("what is equal is the known value itself", () => {
  fc.assert(fc.property(json, (known) => {
    fc.pre(!JSON.stringify(known).includes("__proto__"));
    assert.is(shareWith(freeze(known), freeze(JSON.parse(JSON.stringify(known)))), known);
  }));
});

const podAt = (index: number, version: number, status: unknown = pending): Pod => {
  const decoded = decodePod(JSON.parse(JSON.stringify(podWire(index, version, status))));
  if (decoded._tag === "Left") throw new Error(decoded.left.problems.join());
  return decoded.right;
};

test("pods of one workload share their parts; a pod shares with what it was and with what was written", () => {
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } as const;
  let samples: Samples = noSamples;
  const share = (pod: Pod, before?: Pod, written?: typeof status): Pod => {
    const shared = shareParts(samples, before, written, pod);
    samples = shared.samples;
    assert.equal(shared.pod, pod);
    return shared.pod;
  };
  const first = share(podAt(1, 1));
  const second = share(podAt(2, 2));
  assert.is(second.metadata.labels, first.metadata.labels);
  assert.is(second.spec.tolerations, first.spec.tolerations);
  const later = share(podAt(2, 3, status), second, status);
  assert.is(later.spec, second.spec);
  assert.is(later.status.conditions, status.conditions);
  assert.is(share(podAt(1, 4, status), first).status, later.status, "that of the workload's last pod");
});

test.run();
