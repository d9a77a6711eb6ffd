import { runChecks } from "../tools/checks.ts";
import { adapterSubject, memorySubject } from "./memory_adapter.ts";
import { providerContract } from "./provider.ts";

const patience = { quietMs: 50, lookMs: 2 };

runChecks(
  "Provider: memory",
  providerContract({
    make: () => Promise.resolve(memorySubject()),
    // it is its own back end: nothing of it is left for another adapter
    without: ["check", "node", "reopen"],
    ...patience,
  }),
);

runChecks(
  "Provider: an adapter to memory elsewhere, with everything",
  providerContract({ make: () => Promise.resolve(adapterSubject()), ...patience }),
);
