import type { ContainerRuntime } from "../ports.ts";
import { memoryProvider } from "../provider/memory/provider.ts";
import { isProviderError } from "../provider_error.ts";
import { choice, folder, list, text } from "./kinds.ts";
import type { MakeProvider, ProviderContext } from "./run.ts";
import { setting, type SettingTable } from "./setting.ts";
import { SettingsError } from "./settings_error.ts";
import { stateHome } from "./state_home.ts";

/** The settings of the providers that come with the program. */
export interface ProviderSettings {
  readonly root: string;
  readonly unsupported: "refuse" | "warn";
  readonly inheritEnv: readonly string[];
  readonly hostPath: readonly string[];
}

const group = "Provider process";

export const providerSettings: SettingTable<ProviderSettings> = {
  root: setting(folder, {
    group,
    help: "folder for its records, logs and working directories, on a local disk",
    default: stateHome(),
    defaultText: "/var/lib/virtual-kubelet for root, else ~/.local/state/virtual-kubelet",
  }),
  unsupported: setting(choice("POLICY", ["refuse", "warn"]), {
    group,
    help: "what becomes of a pod that asks for what processes cannot have: refuse or warn",
    default: "refuse",
  }),
  inheritEnv: setting(list(text("NAME", "names of variables")), {
    group,
    help: "variables of this program that the processes get too",
    default: [],
  }),
  hostPath: setting(list(folder), {
    group,
    help: "folders of this machine that pods may mount (hostPath), with all that is in them",
    default: [],
  }),
};

const processProvider = async (context: ProviderContext<ProviderSettings>): Promise<ContainerRuntime> => {
  const { node, cluster, address, logger, settings } = context;
  const { root, unsupported, inheritEnv, hostPath: hostPaths, capacity } = settings;
  const { processRuntime } = await import("../provider/process/runtime.ts");
  try {
    return processRuntime({
      ...{ root, cluster, node, address, capacity, inheritEnv, hostPaths, logger },
      policy: { unsupported },
    });
  } catch (error) {
    if (isProviderError(error)) {
      throw new SettingsError(`--provider process: ${error.message}`, { cause: error });
    }
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new SettingsError(
      `--root: ${root} cannot be used (${message}); give a folder that can be written`,
      {
        cause: error,
      },
    );
  }
};

/** The providers that come with the program. */
export const providers: Readonly<Record<"memory" | "process", MakeProvider<ProviderSettings>>> = {
  memory: () => memoryProvider(),
  process: processProvider,
};
