import { ConnectionError } from "../../kubernetes/connection.ts";
import type { ApiPort } from "../../ports.ts";
import type { CommandCall } from "../command.ts";
import { exitCodes } from "../program.ts";
import { SettingsError } from "../settings_error.ts";
import { ClientError } from "./client_error.ts";
import type { ClientSettings } from "./settings.ts";

/** A cluster that a command speaks to. */
export interface Cluster {
  readonly api: ApiPort;
  /** Where objects are looked for when the command line does not say. */
  readonly namespace: string;
  readonly signal: AbortSignal;
}

const connected = async (
  { settings: { kubeconfig, context, inCluster }, connect }: CommandCall<ClientSettings>,
): ReturnType<CommandCall["connect"]> => {
  try {
    return await connect({ kubeconfig, context, ...(inCluster ? { inCluster } : {}) });
  } catch (error) {
    if (error instanceof ConnectionError) throw new SettingsError(error.message, { cause: error });
    throw error;
  }
};

/** Speaks to the cluster of the settings, tells what goes wrong, and resolves with the exit code. */
export const withCluster = async <A extends ClientSettings & { readonly namespace?: string | undefined }>(
  call: CommandCall<A>,
  work: (cluster: Cluster) => Promise<void>,
): Promise<number> => {
  const { api, connection, close } = await connected(call);
  try {
    const namespace = call.settings.namespace ?? connection.namespace ?? "default";
    await work({ api, namespace, signal: call.signal });
    return exitCodes.stopped;
  } catch (error) {
    if (call.signal.aborted) return exitCodes.stopped;
    if (!(error instanceof ClientError)) throw error;
    call.err(`${call.program}: ${error.message}\n`);
    return exitCodes.failed;
  } finally {
    await close();
  }
};
