import { renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { signalGroup } from "./identity.ts";
import { readInstance } from "./instance.ts";
import { instanceDir, type InstanceKey, type Layout, podDir } from "./layout.ts";
import { instancesOf, readPodRecord } from "./pod_record.ts";
import { assertEnded } from "./stop.ts";

const instancesOfPod = (layout: Layout, uid: string): readonly InstanceKey[] =>
  (readPodRecord(layout, uid)?.containers ?? []).flatMap((container) =>
    instancesOf(layout, uid, container).map((restartCount) => ({ uid, container, restartCount }))
  );

/**
 * Removes the folder of a pod that has ended; no folder is success. It is moved aside in one step first: a supervisor
 * that comes late finds no folder to claim.
 */
export const removePod = async (layout: Layout, uid: string): Promise<void> => {
  for (const key of instancesOfPod(layout, uid)) assertEnded(layout, key);
  const name = randomUUID();
  const aside = join(layout.trash, name);
  try {
    renameSync(podDir(layout, uid), aside);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return;
    throw error;
  }
  // What may have begun between the look and the move.
  const moved: Layout = { ...layout, pods: layout.trash };
  for (const key of instancesOfPod(moved, name)) {
    const state = readInstance(instanceDir(moved, key));
    if (state._tag === "Running") signalGroup(state.command, "SIGKILL");
  }
  await rm(aside, { recursive: true, force: true, maxRetries: 3 });
};
