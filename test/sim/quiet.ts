import type { Millis } from "../../core/time.ts";
import { hangMark } from "./backend.ts";
import type { SimNode } from "./node.ts";
import { scriptMark } from "./scripts.ts";
import { collection } from "./workload.ts";
import type { World } from "./world.ts";

/** A pod that nothing disturbs, from its creation to its end. */
interface QuietPod {
  readonly name: string;
  readonly node: SimNode;
  readonly graceMs: Millis;
  uid: string | undefined;
  createdAt: Millis;
  deletedAt: Millis | undefined;
}

/** Bounds on a node at which nothing is wrong; one that is polled knows of what happens there one period later. */
const startMs: Millis = 10_000;
const endMs: Millis = 10_000;
const finishedMs: Millis = 5_000;
/** Running, its terminal status, its deletion. */
const mostWrites = 3;

const minute: Millis = 60_000;

const pollMs = ({ shape }: SimNode): Millis => shape.isWatched ? 0 : shape.listPeriodMs;

const create = (
  world: World,
  { name, node, graceMs }: QuietPod,
  annotations: Readonly<Record<string, string>>,
  restartPolicy: string,
): string | undefined => {
  const { body } = world.server.ask("POST", collection, {
    metadata: { name, annotations },
    spec: {
      nodeName: node.name,
      restartPolicy,
      terminationGracePeriodSeconds: graceMs / 1000,
      tolerations: [{ operator: "Exists" }],
      containers: [{ name: "a", image: "sim" }],
    },
  });
  return body?.metadata?.uid;
};

/** Lives of pods, spread from `from` to `to`; what was wrong with them is told afterwards. */
export const quietLives = (world: World, from: Millis, to: Millis): () => readonly string[] => {
  const { random, timeline, server, nodes } = world;
  const pods: QuietPod[] = [];
  const live = (index: number): void => {
    const pod: QuietPod = {
      name: `quiet-${index}`,
      node: random.pick(nodes),
      graceMs: random.pick([1_000, 5_000, 30_000]),
      uid: undefined,
      createdAt: from + random.below((to - from) / 2),
      deletedAt: undefined,
    };
    pods.push(pod);
    const ends = random.chance(0.5);
    const script = ends ? `${5_000 + random.below(10 * minute)}/${random.pick([0, 7])}` : "forever";
    timeline.after(pod.createdAt - timeline.now, () => {
      pod.uid = create(world, pod, { [scriptMark]: script }, ends ? "Never" : "Always");
    });
    const deletedAt = pod.createdAt + 5_000 + random.below((to - from) / 2 - 5_000);
    timeline.after(deletedAt - timeline.now, () => {
      pod.deletedAt = timeline.now;
      server.ask("DELETE", `${collection}/${pod.name}`);
    });
  };
  for (let index = Math.min(12, Math.ceil((to - from) / (10 * minute))); index > 0; index--) live(index);
  return () => pods.flatMap((pod) => problemsOf(world, pod));
};

/** A pod that never starts, for as long as others live. */
export const hangingPod = (world: World, until: Millis): void => {
  const { random, timeline, server, nodes } = world;
  const node = random.pick(nodes);
  const pod: QuietPod = {
    ...{ name: "hangs", node, graceMs: 5_000, uid: undefined, createdAt: timeline.now, deletedAt: undefined },
  };
  create(world, pod, { [hangMark]: "true" }, "Always");
  timeline.after(until - timeline.now, () => void server.ask("DELETE", `${collection}/${pod.name}`));
};

const problemsOf = (
  { safety: { ledger, tally } }: World,
  { name, node, graceMs, uid, createdAt, deletedAt }: QuietPod,
): readonly string[] => {
  const record = ledger.pods.get(uid ?? "");
  if (record === undefined || deletedAt === undefined) return [`quiet: ${name} could not be created`];
  const { ranAt = Infinity, terminalAt = Infinity, goneAt = Infinity } = record;
  const hadEnded = terminalAt <= deletedAt;
  const mostMs = hadEnded ? finishedMs : graceMs + endMs + pollMs(node);
  const said = `${name} ${uid} on ${node.name}`;
  const polledMs = ranAt - createdAt;
  return [
    ...polledMs <= startMs
      ? []
      : [`promise 9: ${said} was shown to run only ${polledMs} ms after its creation`],
    ...goneAt - deletedAt <= mostMs
      ? []
      : [`promise 5: ${said} was gone only ${goneAt - deletedAt} ms after its deletion, not ${mostMs}`],
    ...tally.writes(name) <= mostWrites
      ? []
      : [`promise 11: ${said} cost ${tally.writes(name)} writes, not ${mostWrites}`],
    ...tally.reads(name) === 0 ? [] : [`promise 11: ${said} cost ${tally.reads(name)} reads`],
  ];
};

/** What agents may ask at rest in `ms`, all together: leases and heartbeats, and nothing of any pod. */
const allowances = ({ nodes }: World, ms: Millis): Readonly<Record<string, number>> => {
  const sum = (one: (node: SimNode) => number): number => nodes.reduce((all, node) => all + one(node), 0);
  return {
    "writes of pods": 0,
    "reads of pods": 0,
    "idle writes of pods": 0,
    "writes of events": 0,
    "calls": 0,
    "lists": 0,
    // a token lives for an hour
    "tokens": sum(({ instances }) => instances.list().length),
    "files": sum(({ instances }) => instances.list().length),
    "writes of nodes": sum(({ shape }) => Math.ceil(ms / shape.statusPeriodMs)),
    "renewals": sum(({ shape }) => Math.ceil(ms / shape.leaseRenewMs) + 1),
  };
};

/** Begins to count; what was more than it may cost to be at rest is told afterwards. */
export const atRest = (world: World, ms: Millis): () => readonly string[] => {
  const { tally } = world.safety;
  const most = allowances(world, ms);
  const before = Object.keys(most).map((kind) => [kind, tally.of(kind)] as const);
  return () =>
    before.flatMap(([kind, count]) => {
      const more = tally.of(kind) - count;
      return more <= (most[kind] ?? 0)
        ? []
        : [`promise 11: ${more} ${kind} at rest in ${ms / minute} minutes`];
    });
};
