// Would the contract of a container runtime notice? One thing is wrong with each of these.
import { systemClock } from "../../adapters/clock.ts";
import { runBites } from "../tools/bites.ts";
import { behavingRuntime } from "../tools/memory_runtime.ts";
import { badRuntimes, type Change } from "./bad_runtimes.ts";
import type { Check } from "./check.ts";
import { containerRuntimeContract } from "./container_runtime.ts";
import { memoryContainer } from "./memory_pods.ts";

const checksOf = (change: Change = () => ({})): readonly Check[] =>
  containerRuntimeContract({
    make: () => {
      const good = behavingRuntime(systemClock);
      return Promise.resolve({
        runtime: { ...good, ...change(good) },
        owner: { cluster: "contract", node: "memory" },
        container: memoryContainer,
        reopen: () => Promise.resolve(behavingRuntime(systemClock)),
        close: async () => await good.close?.(),
      });
    },
    without: ["node"],
    boundMs: 400,
    quietMs: 50,
    lookMs: 2,
  });

runBites("the contract of a container runtime bites", badRuntimes, checksOf);
