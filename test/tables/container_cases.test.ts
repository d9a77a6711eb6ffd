import { suite } from "uvu";
import * as assert from "uvu/assert";
import { outcomeOf } from "./container_case.ts";
import { knownCases } from "./container_known_cases.ts";
import { orderCases } from "./container_order_cases.ts";
import { restartCases } from "./container_restart_cases.ts";

const test = suite("planContainers, case by case");

for (const row of [...orderCases, ...knownCases, ...restartCases]) {
  test(row.name, () => assert.equal(outcomeOf(row), row.expected));
}

test.run();
