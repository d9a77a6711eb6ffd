import { systemClock } from "../../adapters/clock.ts";
import { runChecks } from "../tools/checks.ts";
import { behavingRuntime } from "../tools/memory_runtime.ts";
import { containerRuntimeContract } from "./container_runtime.ts";
import { memoryContainer } from "./memory_pods.ts";

runChecks(
  "ContainerRuntime: memory",
  containerRuntimeContract({
    make: () => {
      const runtime = behavingRuntime(systemClock);
      return Promise.resolve({
        runtime,
        owner: { cluster: "contract", node: "memory" },
        container: memoryContainer,
        close: async () => await runtime.close?.(),
      });
    },
    without: ["node", "reopen"],
    quietMs: 20,
    lookMs: 2,
  }),
);
