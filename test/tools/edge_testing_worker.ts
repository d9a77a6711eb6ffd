// A worker for workerd: what others test with tests the memory provider inside it. It throws when a check fails.
import fc from "fast-check";
import { memoryProvider, reconcilePod } from "../../mod.ts";
import { memoryContainer, memoryScript } from "../contract/memory_pods.ts";
import { anyPodSituation, makeApiServer, providerContract, simulate } from "../testing.ts";

const owner = { cluster: "edge", node: "edge" };

export default {
  async test(): Promise<void> {
    const checks = providerContract({
      make: () => {
        const provider = memoryProvider({ script: memoryScript });
        const close = async (): Promise<void> => await provider.close?.();
        return Promise.resolve({ provider, owner, container: memoryContainer, close });
      },
      without: ["check", "node", "reopen", "outage"],
      quietMs: 20,
    });
    const run = checks.filter(({ name, skip }) => skip === undefined && !name.startsWith("restartPolicy"));
    for (const { name, run: check } of run) {
      await check().catch((error) => {
        throw new Error(`edge: ${name}: ${error}`);
      });
    }
    const { problems, simulatedMs } = await simulate(7, { minutes: 0 });
    if (problems.length > 0 || simulatedMs < 60_000) throw new Error(`edge: ${problems.join(", ")}`);
    fc.assert(
      fc.property(anyPodSituation, ({ desired, observed, memory, now, policy }) => {
        reconcilePod(desired, observed, memory, now, policy);
      }),
      { numRuns: 50 },
    );
    const server = makeApiServer();
    const answer = await server.fetch("https://api.invalid/api/v1/namespaces/default");
    if (answer.status !== 200) throw new Error(`edge: ${answer.status}`);
    server.close();
  },
};
