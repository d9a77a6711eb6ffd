import type { CommandCall } from "../command.ts";
import { SettingsError } from "../settings_error.ts";
import { askIfThere, type Json } from "./ask.ts";
import { ClientError } from "./client_error.ts";
import { type Cluster, withCluster } from "./cluster.ts";
import type { DeleteSettings } from "./delete_settings.ts";
import { resourceNamed } from "./discovery.ts";
import { waitUntilGone } from "./gone.ts";
import { readManifests } from "./manifests.ts";
import { type Target, targetOf, targetsOf } from "./targets.ts";

/** `pod web api`, `pod/web pod/api`. */
const named = (operands: readonly string[]): readonly (readonly [string, string])[] => {
  const [kind = "", ...names] = operands;
  if (!kind.includes("/")) return names.map((name) => [kind, name]);
  return operands.map((operand) => {
    const [of = "", name = ""] = operand.split("/");
    if (of === "" || name === "") throw new SettingsError(`${operand}: give all as KIND/NAME`);
    return [of, name];
  });
};

const optionsOf = ({ force, gracePeriod }: DeleteSettings): Json => {
  const gracePeriodSeconds = force ? 0 : gracePeriod;
  return {
    kind: "DeleteOptions",
    apiVersion: "v1",
    propagationPolicy: "Background",
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
  };
};

const targets = async (call: CommandCall<DeleteSettings>, cluster: Cluster): Promise<readonly Target[]> => {
  const { settings: { filename, namespace }, operands } = call;
  if (filename.length > 0) return await targetsOf(cluster, await readManifests(filename), namespace);
  const found: Target[] = [];
  for (const [kind, name] of named(operands)) {
    found.push(targetOf(await resourceNamed(cluster.api, kind, cluster.signal), cluster.namespace, name));
  }
  return found;
};

const check = ({ settings, operands }: CommandCall<DeleteSettings>): void => {
  const { filename, force, gracePeriod } = settings;
  if (filename.length > 0 && operands.length > 0) {
    throw new SettingsError("give a file, or a kind with names, but not both");
  }
  if (filename.length === 0 && named(operands).length === 0) {
    throw new SettingsError("give a kind with names (pod web), or a file (-f FILE)");
  }
  if (force && gracePeriod !== undefined && gracePeriod > 0) {
    throw new SettingsError("--force takes the object away at once: leave --grace-period away");
  }
};

/** Deletes objects, and waits until they are gone. */
export const deleteObjects = (call: CommandCall<DeleteSettings>): Promise<number> => {
  check(call);
  const { wait, timeout, ignoreNotFound } = call.settings;
  return withCluster(call, async (cluster) => {
    const { api, signal } = cluster;
    const going: (Target & { readonly uid: string })[] = [];
    for (const target of await targets(call, cluster)) {
      const body = optionsOf(call.settings);
      const answer = await askIfThere(api, { method: "DELETE", path: target.path, body }, signal);
      if (answer === undefined && !ignoreNotFound) {
        throw new ClientError(`there is no ${target.shown} to delete`);
      }
      if (answer === undefined) continue;
      going.push({ ...target, uid: String(answer?.metadata?.uid ?? answer?.details?.uid ?? "") });
      await call.out(`${target.shown} ${call.settings.force ? "deleted by force" : "deleted"}\n`);
    }
    if (wait) await waitUntilGone(cluster, going, timeout);
  });
};
