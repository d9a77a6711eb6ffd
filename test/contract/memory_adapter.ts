import { systemClock } from "../../adapters/clock.ts";
import { type MemoryProvider, memoryProvider } from "../../adapters/provider/memory/provider.ts";
import type { Clock, Provider } from "../../adapters/ports.ts";
import { ProviderError } from "../../adapters/provider_error.ts";
import { memoryContainer, memoryScript } from "./memory_pods.ts";
import type { ProviderSubject } from "./provider.ts";

/** What a minute takes in memory: nobody need wait for restarts. */
const clock: Clock = {
  ...systemClock,
  after: (ms, callback) => systemClock.after(ms / 20, callback),
};

const hostNetwork = "spec.hostNetwork";

const check: Provider["check"] = ({ pod }) =>
  pod.spec.hostNetwork === true ? [{ field: hostNetwork, message: "there is no host", fatal: true }] : [];

/** Offers everything that a provider may, and keeps its pods elsewhere. */
const adapterTo = (memory: MemoryProvider): Provider => ({
  ...memory,
  check,
  create: (intent, options) => {
    const fields = check(intent).map(({ field }) => field);
    return fields.length === 0
      ? memory.create(intent, options)
      : Promise.reject(new ProviderError("Unsupported", "there is no host", { fields }));
  },
  node: async function* ({ signal }) {
    yield { capacity: { pods: "10" } };
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  },
  close: () => Promise.resolve(),
});

/** Pods in memory that can be cut off from their adapter. */
const makeMemory = (): Pick<Required<ProviderSubject>, "cutOff"> & { readonly memory: MemoryProvider } => {
  let isCutOff = false;
  const fail = (): void => {
    if (isCutOff) throw new ProviderError("Unavailable", "the back end is away");
  };
  const faults = { create: fail, update: fail, delete: fail, list: fail, ping: fail };
  return {
    memory: memoryProvider({ clock, script: memoryScript, faults }),
    cutOff: () => {
      isCutOff = true;
      return () => {
        isCutOff = false;
      };
    },
  };
};

const rest = (memory: MemoryProvider): Pick<ProviderSubject, "owner" | "container" | "close"> => ({
  owner: { cluster: "contract", node: "memory" },
  container: memoryContainer,
  close: async () => await memory.close?.(),
});

/** The memory provider as it is. */
export const memorySubject = (): ProviderSubject => {
  const { memory, cutOff } = makeMemory();
  return { ...rest(memory), provider: memory, cutOff };
};

/** One that offers everything, with something about its adapters changed. */
export const adapterSubject = (
  change: (good: MemoryProvider) => Partial<Provider> = () => ({}),
): ProviderSubject => {
  const { memory, cutOff } = makeMemory();
  const open = (): Provider => ({ ...adapterTo(memory), ...change(memory) });
  return {
    ...rest(memory),
    provider: open(),
    cutOff,
    reopen: () => Promise.resolve(open()),
    refused: [{ field: hostNetwork, spec: { hostNetwork: true } }],
  };
};
