import type { BackendEvent } from "../../ports.ts";
import type { Layout } from "./layout.ts";
import type { News } from "./news.ts";
import { observePod } from "./observe.ts";
import { Bell } from "./wait.ts";

/**
 * Every pod that changes from the first `next` on, once however often it did since it was last told: what waits is
 * never more than the pods there are.
 */
export async function* watchPods(
  layout: Layout,
  news: News,
  address: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<BackendEvent> {
  const changed = new Set<string>();
  const bell = new Bell();
  const unsubscribe = news.subscribe((uid) => {
    changed.add(uid);
    bell.ring();
  });
  try {
    while (!signal.aborted) {
      const [uid] = changed;
      if (uid === undefined) {
        await bell.wait(undefined, signal);
        continue;
      }
      changed.delete(uid);
      const pod = observePod(layout, uid, address);
      yield pod === undefined ? { _tag: "Gone", uid } : { _tag: "Changed", pod };
    }
  } finally {
    unsubscribe();
  }
}
