import { type ApiServer, makeRunningServer } from "../../adapters/apiserver/server/api_server.ts";
import type { Change } from "../../adapters/apiserver/response.ts";
import { noHistory } from "../../adapters/apiserver/history.ts";
import type { Millis } from "../../core/time.ts";
import { type Chaos, makeChaos } from "./chaos.ts";
import { makeMarks, type Marks } from "./marks.ts";
import type { SimNode } from "./node.ts";
import type { MakeProvider } from "./own_backend.ts";
import { makeRandom, type Random } from "./random.ts";
import { makeSafety, type Safety } from "./safety.ts";
import { drawShape, type Shape } from "./shape.ts";
import type { Cluster } from "./cluster.ts";
import { makeSimNode } from "./sim_node.ts";
import { makeStory, type Story } from "./story.ts";
import { drawSwarm, type Swarm } from "./swarm.ts";
import { clockOf, makeTimeline, type Timeline } from "./timeline.ts";

/** A cluster in virtual time: everything in it follows from the seed. */
export interface World {
  readonly seed: number;
  readonly random: Random;
  readonly swarm: Swarm;
  readonly shape: Shape;
  readonly timeline: Timeline;
  readonly marks: Marks;
  readonly story: Story;
  readonly chaos: Chaos;
  readonly server: ApiServer;
  readonly nodes: readonly SimNode[];
  readonly safety: Safety;
  /** How many requests have reached the server. */
  readonly requests: () => number;
  restartServer(): void;
}

const epoch: Millis = Date.UTC(2026, 0, 1);

export const makeWorld = (seed: number, provider?: MakeProvider): World => {
  const random = makeRandom(seed);
  const timeline = makeTimeline();
  const marks = makeMarks();
  const story = makeStory(() => timeline.now);
  const swarm = drawSwarm(random);
  const shape = drawShape(random);
  const chaos = makeChaos(swarm, timeline, marks);
  const safety = makeSafety({ chaos, story, marks });
  let requests = 0;
  const { server, running } = makeRunningServer({
    clock: clockOf(timeline, epoch, () => 0),
    settings: { seed: `${seed}` },
    controllers: { nodeMonitorGraceMs: shape.nodeMonitorGraceMs },
    onChange: (changes: readonly Change[]) => changes.forEach((change) => safety.onChange(change)),
  });
  const cluster: Cluster = {
    ...{ swarm, marks, story, chaos, running, safety, epoch },
    onSend: () => void (requests += 1),
    provider,
  };
  const nodes = shape.nodes.map((each, index) => makeSimNode(`node-${index + 1}`, each, cluster));
  return {
    ...{ seed, random, swarm, shape, timeline, marks, story, chaos, server, nodes, safety },
    requests: () => requests,
    restartServer: () => {
      marks.hit("api: restarts and forgets its history");
      story.tell("server", "restarts and forgets what was");
      running.replace((state) => ({
        ...state,
        history: { ...noHistory, compacted: state.revision },
        snapshots: {},
      }));
      chaos.outage(0, random.below(60_000));
      chaos.cutAll();
    },
  };
};
