import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processRuntime } from "../../adapters/provider/process/runtime.ts";
import type { ContainerRuntime } from "../../adapters/ports.ts";
import { endAll, owner, processesNaming, until } from "../tools/processes.ts";
import { runChecks } from "../tools/checks.ts";
import type { Behaviour } from "./backend.ts";
import { containerRuntimeContract } from "./container_runtime.ts";

const script = (behaviour: Behaviour): string => {
  const lines = (behaviour.lines ?? []).map((line) => `echo '${line}';`).join("");
  switch (behaviour._tag) {
    case "Exit":
      return `${lines} exit ${behaviour.code}`;
    case "Run":
      return `${lines} exec sleep 600`;
    case "Stubborn":
      return `trap '' TERM; ${lines} while :; do sleep 600; done`;
  }
};

runChecks(
  "ContainerRuntime: processes",
  containerRuntimeContract({
    make: () => {
      const root = mkdtempSync(join(tmpdir(), "vk-contract-"));
      const opened: ContainerRuntime[] = [];
      const open = (): ContainerRuntime => {
        const runtime = processRuntime({ root, ...owner });
        opened.push(runtime);
        return runtime;
      };
      return Promise.resolve({
        runtime: open(),
        owner,
        container: (name, behaviour) => ({
          name,
          image: "none",
          command: ["/bin/sh", "-c", script(behaviour)],
        }),
        reopen: () => Promise.resolve(open()),
        close: async () => {
          await endAll(open());
          for (const runtime of opened) await runtime.close?.();
          await until("no process is left", () => processesNaming(root).length === 0);
          rmSync(root, { recursive: true, force: true });
        },
      });
    },
  }),
);
