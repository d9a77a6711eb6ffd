import { showDuration } from "../kinds.ts";
import { askIfThere, jsonLines, open } from "./ask.ts";
import { ClientError } from "./client_error.ts";
import type { Cluster } from "./cluster.ts";
import { collectionPath } from "./resource.ts";
import type { Target } from "./targets.ts";

type Going = Target & { readonly uid: string };

/** Resolves when the object is not there any more, or is another one under its name. */
const untilGone = async ({ api }: Cluster, going: Going, signal: AbortSignal): Promise<void> => {
  const { path, resource, namespace, name, uid } = going;
  for (;;) {
    const object = await askIfThere(api, { method: "GET", path }, signal);
    if (object === undefined || object?.metadata?.uid !== uid) return;
    const query = {
      ...{ watch: "true", timeoutSeconds: "60", fieldSelector: `metadata.name=${name}` },
      resourceVersion: String(object.metadata.resourceVersion),
    };
    const watched = await open(
      api,
      { method: "GET", path: collectionPath(resource, namespace), query },
      signal,
    );
    // also an error of the watch is a reason to look again
    for await (const { type } of jsonLines(watched)) if (type === "DELETED" || type === "ERROR") break;
    signal.throwIfAborted();
  }
};

/** Waits for all, `ms` at the most. Throws {@link ClientError} when the time is over. */
export const waitUntilGone = async (cluster: Cluster, going: readonly Going[], ms: number): Promise<void> => {
  const late = AbortSignal.timeout(ms);
  const signal = AbortSignal.any([cluster.signal, late]);
  for (const one of going) {
    try {
      await untilGone(cluster, one, signal);
    } catch (error) {
      if (!late.aborted) throw error;
      throw new ClientError(
        `${one.shown} is still there after ${
          showDuration(ms)
        }; something holds it up (a finalizer, or a node that is gone)`,
      );
    }
  }
};
