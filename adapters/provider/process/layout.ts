import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import type { Owner } from "../../../core/pod/observed.ts";
import { ProviderError } from "../../provider_error.ts";

/**
 * Where everything of one node lies under the state directory:
 *
 * ```
 * <root>/<node>-<hash of cluster and node>/
 *   supervisor-<hash>.sh             the script that runs every instance
 *   notes/<uid>.<container>.<n>.s|x  dropped by supervisors: instance n has started, has ended
 *   trash/                           pods on their way out
 *   pods/<uid>/pod.json              whose pod it is
 *   pods/<uid>/.volumes/<volume>/    a volume of the pod
 *   pods/<uid>/<container>/root/     below it the container's mounts, each a link at its mountPath
 *   pods/<uid>/<container>/subpaths/ copies of what is mounted by a sub-path
 *   pods/<uid>/<container>/work/     the working directory, when the container names none
 *   pods/<uid>/<container>/<n>/      instance n (its restart count): spec.json, claim, pid, failed, exit, log…
 * ```
 */
export interface Layout {
  readonly base: string;
  readonly pods: string;
  readonly notes: string;
  readonly trash: string;
}

/** The same in every version: what an older agent left is found by a newer one. */
export const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

export const layoutOf = (root: string, owner: Owner): Layout => {
  const safe = owner.node.replaceAll(/[^A-Za-z0-9.-]/g, "_").slice(0, 100);
  const base = join(resolve(root), `${safe}-${digest(JSON.stringify([owner.cluster, owner.node]))}`);
  return { base, pods: join(base, "pods"), notes: join(base, "notes"), trash: join(base, "trash") };
};

/** One instance of a container: what is started once, and never again. */
export interface InstanceKey {
  readonly uid: string;
  readonly container: string;
  readonly restartCount: number;
}

/** UIDs and container names become folder names: nothing in them may lead elsewhere. */
const safeName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

export const isSafeName = (name: string): boolean => safeName.test(name);

const checked = (what: string, name: string): string => {
  if (safeName.test(name)) return name;
  throw new ProviderError("InvalidInput", `${what} ${JSON.stringify(name)} cannot be a folder name`);
};

export const podDir = (layout: Layout, uid: string): string => join(layout.pods, checked("pod UID", uid));

export const containerDir = (layout: Layout, uid: string, container: string): string =>
  join(podDir(layout, uid), checked("container name", container));

/** No container is called so: their names begin with a letter or a digit. */
export const volumeDir = (layout: Layout, uid: string, volume: string): string =>
  join(podDir(layout, uid), ".volumes", checked("volume name", volume));

export const instanceDir = (layout: Layout, key: InstanceKey): string =>
  join(containerDir(layout, key.uid, key.container), String(key.restartCount));

export const keyText = (key: InstanceKey): string => `${key.uid}.${key.container}.${key.restartCount}`;

/** Where the supervisor of an instance drops its notes, less the ending. */
export const notePrefix = (layout: Layout, key: InstanceKey): string => join(layout.notes, keyText(key));

/** The instance that a note is about; container names have no dots, UIDs might. */
export const keyOfNote = (file: string): InstanceKey | undefined => {
  const parts = file.split(".");
  if (parts.length < 4) return undefined;
  const [container, count] = parts.slice(-3, -1);
  const uid = parts.slice(0, -3).join(".");
  const restartCount = Number(count);
  if (container === undefined || !Number.isInteger(restartCount) || !isSafeName(uid)) return undefined;
  return { uid, container, restartCount };
};
