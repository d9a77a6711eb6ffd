import type { Millis } from "../../core/time.ts";
import { foreign } from "./call_rules.ts";
import type { World } from "./world.ts";

const minute: Millis = 60_000;

/** A back end that several use: pods of another node, of another cluster, and of nobody; and one of ours that is left over. */
export const plantOthers = ({ nodes, random, timeline, marks }: World): void => {
  for (const { name, instances, isOwn } of nodes) {
    const plant = (
      uid: string,
      owner: { readonly cluster: string; readonly node: string } | undefined,
    ): void =>
      instances.plant({
        uid,
        namespace: "default",
        name: uid,
        owner,
        containers: [{ name: "a", restartCount: 0, state: { _tag: "Running", startedAt: 0 } }],
      });
    marks.hit("back end: list names pods of others");
    plant(`${foreign}node-${name}`, { cluster: "sim", node: `not-${name}` });
    plant(`${foreign}cluster-${name}`, { cluster: "other", node: name });
    // of a provider of one's own all is marked
    if (!isOwn) plant(`${foreign}nobody-${name}`, undefined);
    timeline.after(random.below(2 * minute), () => plant(`orphan-${name}`, { cluster: "sim", node: name }));
  }
};

/** Faults of agents, back ends and the server, spread over the chaos. */
export const planFaults = (world: World): void => {
  const { random, timeline, nodes, chaos, swarm, shape: { chaosMs } } = world;
  const spread = (times: number, what: () => void): void => {
    for (let left = times; left > 0; left--) timeline.after(random.below(chaosMs), what);
  };
  for (const node of nodes) {
    spread(swarm.times("agents", 4), node.kill);
    spread(swarm.times("agents", 3), node.stepWall);
    spread(swarm.times("agents", 20), node.stall);
    spread(swarm.odds("agents", 1) > 0.5 ? 1 : 0, () => node.restart("leave"));
    spread(swarm.odds("agents", 1) > 0.7 ? 1 : 0, () => node.restart("drain"));
    spread(swarm.odds("agents", 1) > 0.75 ? 1 : 0, node.double);
    spread(swarm.times("backends", 3), () => node.sendAway(random.below(2 * minute), random.chance(0.4)));
    spread(node.shape.tellsFacts ? 3 : 0, node.tellFacts);
  }
  spread(swarm.times("servers", 3), world.restartServer);
  spread(swarm.times("servers", 3), () => chaos.outage(401, random.below(2 * minute)));
};
