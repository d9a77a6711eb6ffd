import { handle } from "../../adapters/apiserver/handle.ts";
import type { ServerRequest } from "../../adapters/apiserver/request.ts";
import type { Running } from "../../adapters/apiserver/server/running.ts";
import type { ServerState } from "../../adapters/apiserver/state.ts";
import type { Cluster } from "./cluster.ts";

const one = (request: ServerRequest, name: string): string | undefined => request.query[name]?.[0];

const withQuery = (request: ServerRequest, name: string, value: string): ServerRequest => ({
  ...request,
  query: { ...request.query, [name]: [value] },
});

/** The API server as one agent reaches it: what it asks for may be answered in other ways that are allowed, or feared. */
export const networkOf = ({ chaos, marks, running, swarm, epoch }: Cluster): Running => {
  const { random, timeline } = chaos;
  const pageLimit = swarm.odds("watches", 1) > 0.3 ? `${1 + random.below(4)}` : undefined;
  const past = swarm.odds("watches", 0.1);
  /** By path, what its last list told: a watch may tell once more what came since, never what was before. */
  const listedAt = new Map<string, number>();
  /** What the server was some time ago: what a list of "any" resourceVersion may be answered from. */
  let [older, newer]: [ServerState, ServerState] = [running.state(), running.state()];

  const asked = (request: ServerRequest): ServerRequest => {
    if (one(request, "watch") === "true") {
      const version = Number(one(request, "resourceVersion"));
      const listed = listedAt.get(request.path) ?? version;
      if (!chaos.isOn || version <= listed || !random.chance(past)) return request;
      marks.hit("watch: resumed from the past");
      const before = Math.max(listed, version - 1 - random.below(30));
      return withQuery(request, "resourceVersion", `${before}`);
    }
    if (one(request, "continue") === undefined) listedAt.set(request.path, running.state().revision);
    const isPaged = chaos.isOn && pageLimit !== undefined && one(request, "limit") !== undefined;
    return isPaged ? withQuery(request, "limit", pageLimit) : request;
  };

  return {
    ...running,
    ask: (request) => {
      if (request.method !== "GET") return running.ask(request);
      if (one(request, "continue") !== undefined) marks.hit("list: in pages");
      if (chaos.isOn && one(request, "resourceVersion") === "0" && one(request, "watch") === undefined) {
        marks.hit("list: of the past");
        const state = older;
        [older, newer] = [newer, running.state()];
        return handle(state, request, { mono: timeline.now, wall: epoch + timeline.now });
      }
      return running.ask(asked(request));
    },
  };
};
