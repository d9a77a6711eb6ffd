import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { defaultNodePolicy, type NodePolicy, nodePolicy } from "../../../core/node/policy.ts";

const test = suite("node policy");

test("without changes it is the default", () => {
  assert.equal(nodePolicy({}), E.right(defaultNodePolicy));
});

test("what is given is kept", () => {
  const changes = { leaseDurationSeconds: 8, leaseRenewMs: 2_000, onPingFailure: "silent" } as const;
  assert.equal(nodePolicy(changes), E.right({ ...defaultNodePolicy, ...changes }));
});

const refused: readonly (readonly [Partial<NodePolicy>, RegExp])[] = [
  [{ leaseDurationSeconds: 0 }, /leaseDurationSeconds is 0/],
  [{ leaseDurationSeconds: -1 }, /leaseDurationSeconds is -1/],
  [{ leaseDurationSeconds: 1.5 }, /whole number of seconds/],
  [{ leaseDurationSeconds: Number.NaN }, /leaseDurationSeconds is NaN/],
  [{ leaseRenewMs: 0 }, /leaseRenewMs is 0/],
  [{ leaseRenewMs: 40_000 }, /lasts only 40 s/],
  [{ leaseDurationSeconds: 10 }, /leaseRenewMs is 10000, but the lease lasts only 10 s/],
  [{ statusPeriodMs: -1 }, /statusPeriodMs is -1/],
  [{ pingPeriodMs: Number.NaN }, /pingPeriodMs is NaN/],
  [{ pingTimeoutMs: Infinity }, /pingTimeoutMs is Infinity/],
];
for (const [changes, message] of refused) {
  test(`refused: ${JSON.stringify(changes)} ${message}`, () => {
    const result = nodePolicy(changes);
    assert.ok(E.isLeft(result));
    if (E.isLeft(result)) assert.match(result.left, message);
  });
}

test.run();
