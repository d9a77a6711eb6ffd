// Stories of a node, played with the real `step`, and held against a model that knows next to nothing.
import fc from "../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Cluster, makeCluster } from "./cluster.ts";
import { type Command, commands } from "./commands.ts";
import { type Lives, makeLives, unsettled } from "./lives.ts";

const test = suite("pods of one node, by a simple model");

const hour = 3_600_000;

/** Nothing goes wrong any more, for long enough. */
const heal = (cluster: Cluster): void => {
  const { trouble } = cluster;
  trouble.api.length = 0;
  trouble.calls.length = 0;
  trouble.slow = false;
  cluster.speak();
  cluster.hear();
  cluster.pass(hour);
};

const play = (kind: "pods" | "containers", watched: boolean, story: Iterable<Command>): void => {
  const lives: Lives = makeLives();
  const cluster = makeCluster(kind, watched, lives);
  fc.modelRun(() => ({ model: lives, real: cluster }), story);
  const foreign = [...cluster.backend.held.values()].filter(({ uid }) => uid.startsWith("foreign"));
  heal(cluster);
  assert.equal(lives.broken, []);
  assert.equal(unsettled(lives, new Set(cluster.backend.held.keys())), []);
  for (const pod of foreign) assert.is(cluster.backend.held.get(pod.uid), pod, "it is not ours");
  const asked = cluster.asked.length;
  cluster.pass(hour);
  assert.equal(cluster.asked.slice(asked), [], "at rest nothing is asked for");
};

for (const kind of ["pods", "containers"] as const) {
  test(`every story keeps the promises and ends well, on a back end of ${kind}`, () => {
    const story = fc.commands([...commands], { maxCommands: 30, size: "max" });
    fc.assert(fc.property(fc.boolean(), story, (watched, story) => play(kind, watched, story)));
  });
}

test.run();
