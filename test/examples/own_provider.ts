// A provider of one's own and the whole program around it: deno run -A test/examples/own_provider.ts run --node mine
import process from "node:process";
import { runCli } from "../../adapters/cli/cli.ts"; // elsewhere: "virtual-kubelet/cli"
import type { ObservedPod, Provider } from "../../mod.ts"; // elsewhere: "virtual-kubelet"

const pods = new Map<string, ObservedPod>(); // where you would call your own back end

const provider: Provider = {
  create: ({ pod: { metadata, spec }, owner }) => {
    const { uid, name, namespace = "default" } = metadata;
    const state = { _tag: "Running", startedAt: Date.now() } as const;
    const containers = spec.containers.map(({ name }) => ({ name, state, restartCount: 0 }));
    pods.set(uid, pods.get(uid) ?? { uid, namespace, name, owner, containers });
    return Promise.resolve(pods.get(uid));
  },
  delete: ({ uid }) => Promise.resolve(void pods.delete(uid)),
  list: () => Promise.resolve([...pods.values()]),
};

process.exit(await runCli({ name: "own", providers: { own: () => provider } }));
