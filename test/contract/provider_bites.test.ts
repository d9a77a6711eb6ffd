// Would the contract of a provider notice? One thing is wrong with each of these.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runBites } from "../tools/bites.ts";
import { badProviders, type Change } from "./bad_providers.ts";
import { adapterSubject } from "./memory_adapter.ts";
import { providerContract } from "./provider.ts";

runBites("the contract of a provider bites", badProviders, (change: Change | undefined) =>
  providerContract({
    make: () => Promise.resolve(adapterSubject(change)),
    boundMs: 400,
    quietMs: 50,
    lookMs: 2,
  }));

const test = suite("a check that is not there");

test("cannot be skipped", () => {
  const make = () => Promise.reject(new Error("not made"));
  assert.throws(() => providerContract({ make, skip: { "no such check": "why" } }), /no such check/);
});

test.run();
