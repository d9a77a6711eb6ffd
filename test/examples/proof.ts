// A provider of one's own, proved: deno run test/examples/proof.ts
import { type Clock, memoryProvider, systemClock } from "../../mod.ts"; // elsewhere: "virtual-kubelet"
import { memoryContainer, memoryScript, providerContract, simulate } from "../testing.ts"; // "virtual-kubelet/testing"

// yours in its place, and your way to a container that runs, ends, writes lines or ignores signals as it is told
const mine = (clock: Clock) => memoryProvider({ clock, script: memoryScript });
const container = memoryContainer;

const checks = providerContract({
  make: () => {
    const [provider, owner] = [mine(systemClock), { cluster: "test", node: "mine" }];
    return Promise.resolve({ provider, owner, container, close: async () => await provider.close?.() });
  },
  without: ["check", "node", "outage", "reopen"], // what it does not offer
});
// each rejects when it is not kept; with node:test: checks.forEach(({ name, skip, run }) => test(name, { skip }, run))
await Promise.all(checks.map(({ skip, run }) => skip ?? run()));
console.log(checks.length > 30); // true

// a cluster with agents, your provider, and faults of every kind, in virtual time: all of it follows from the seed
const { problems } = await simulate(7, { provider: ({ clock, keep }) => keep(() => mine(clock)) });
console.log(problems); // []
