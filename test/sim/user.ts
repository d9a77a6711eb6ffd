import type { ApiObject, Json, JsonObject } from "../../adapters/apiserver/object.ts";
import { visitAfter } from "../../adapters/apiserver/objects.ts";
import { objectsOf } from "../../adapters/apiserver/state.ts";
import { isTerminal } from "../../core/kubernetes/pod.ts";
import { phaseOf } from "./edges.ts";
import type { Act } from "./act.ts";
import { nodeActs, nodesHeal } from "./node_acts.ts";
import type { SimNode } from "./node.ts";
import { referredActs, referredHeals } from "./referred.ts";
import { images } from "./scripted.ts";
import { unreadableMark } from "./texts.ts";
import { anyName, collection, createPod } from "./workload.ts";
import type { World } from "./world.ts";

export const podsOf = ({ server }: World): readonly ApiObject[] => {
  const pods: ApiObject[] = [];
  visitAfter(objectsOf(server.state(), "pods"), "", (_key, pod) => pods.push(pod) > 0);
  return pods;
};

const merge = "application/merge-patch+json";
const strategic = "application/strategic-merge-patch+json";

const pathOf = ({ metadata }: ApiObject): string => `${collection}/${metadata.name}`;
const change = ({ server }: World, pod: ApiObject, patch: Json, type = merge): void =>
  void server.ask("PATCH", pathOf(pod), patch as JsonObject, type);
const changeStatus = ({ server }: World, pod: ApiObject, status: Json): void =>
  void server.ask("PATCH", `${pathOf(pod)}/status`, { status }, strategic);
const remove = ({ server }: World, pod: ApiObject, graceSeconds: number | undefined): void =>
  void server.ask(
    "DELETE",
    `${pathOf(pod)}${graceSeconds === undefined ? "" : `?gracePeriodSeconds=${graceSeconds}`}`,
  );

export const nodeOf = (world: World, pod: ApiObject): SimNode | undefined =>
  world.nodes.find(({ name }) => name === (pod.spec as JsonObject).nodeName);

const podActs: readonly Act[] = [
  ["user: delete", 20, (world, pod) => remove(world, pod, world.random.pick([undefined, 1, 5, 30]))],
  ["user: delete sooner", 4, (world, pod) => {
    remove(world, pod, 30);
    world.timeline.after(world.random.below(10_000), () => remove(world, pod, 2));
  }],
  ["user: delete by force", 6, (world, pod) => remove(world, pod, 0)],
  ["user: delete and create again", 6, (world, pod) => {
    remove(world, pod, 0);
    createPod(world, pod.metadata.name);
  }],
  ["user: delete and create again in a gap", 3, (world, pod) => {
    world.chaos.cutAll();
    world.chaos.outage(0, world.random.below(5_000));
    remove(world, pod, 0);
    createPod(world, pod.metadata.name);
  }],
  // what a controller of jobs or replicas does
  ["user: replace what has ended", 6, (world) => {
    for (const pod of podsOf(world).filter((each) => isTerminal(phaseOf(each)))) {
      remove(world, pod, undefined);
      createPod(world, anyName(world));
    }
  }],
  [
    "user: label",
    6,
    (world, pod) => change(world, pod, { metadata: { labels: { edited: `${world.random.below(1000)}` } } }),
  ],
  [
    "user: annotate",
    4,
    (world, pod) =>
      change(world, pod, { metadata: { annotations: { note: `é漢字🚀 ${world.random.below(9)}` } } }),
  ],
  [
    "user: tolerate",
    2,
    (world, pod) =>
      change(world, pod, {
        spec: {
          tolerations: [{ operator: "Exists" }, { key: `k${world.random.below(9)}`, operator: "Exists" }],
        },
      }),
  ],
  ["user: set the image", 5, (world, pod) => {
    const image = world.random.chance(0.1) ? images.refused : `${images.good}:${world.random.below(9)}`;
    change(world, pod, { spec: { containers: [{ name: "a", image }] } }, strategic);
  }],
  [
    "user: set a deadline",
    2,
    (world, pod) => change(world, pod, { spec: { activeDeadlineSeconds: world.random.pick([5, 60]) } }),
  ],
  ["user: upset the phase", 2, (world, pod) => {
    if (!isTerminal(phaseOf(pod))) changeStatus(world, pod, { phase: "Failed" });
  }],
  [
    "user: upset a condition",
    4,
    (world, pod) => changeStatus(world, pod, { conditions: [{ type: "Ready", status: "False" }] }),
  ],
  [
    "user: set a foreign condition",
    3,
    (world, pod) => changeStatus(world, pod, { conditions: [{ type: "example.com/seen", status: "True" }] }),
  ],
  [
    "user: hold by a finalizer",
    2,
    (world, pod) => change(world, pod, { metadata: { finalizers: ["example.com/hold"] } }),
  ],
  ["user: let go of finalizers", 3, (world) => letGo(world)],
  [
    "user: make unreadable",
    1,
    (world, pod) => change(world, pod, { metadata: { annotations: { [unreadableMark]: "true" } } }),
  ],
];

/** Finalizers are taken away. */
const letGo = (world: World): void => {
  for (const pod of podsOf(world)) {
    if ((pod.metadata.finalizers ?? []).length > 0) change(world, pod, { metadata: { finalizers: null } });
  }
};

/** Everything that users keep agents from is over: objects can be read, and nothing is held. */
export const userHeals = (world: World): void => {
  letGo(world);
  nodesHeal(world);
  referredHeals(world);
  for (const pod of podsOf(world)) {
    if (pod.metadata.annotations?.[unreadableMark] === undefined) continue;
    change(world, pod, { metadata: { annotations: { [unreadableMark]: null } } });
  }
};

/** What happens to a pod where it runs. */
const backendActs: readonly Act[] = [
  [undefined, 2, (world, pod) => nodeOf(world, pod)?.instances.lose(pod.metadata.uid)],
  [undefined, 2, (world, pod) => nodeOf(world, pod)?.instances.giveUp?.(pod.metadata.uid)],
];

const creations: readonly Act[] = [
  ["user: create", 40, (world) => createPod(world, anyName(world))],
  ["user: create a mirror pod", 1, (world) => {
    const annotations = { "kubernetes.io/config.mirror": "sim", "kubernetes.io/config.source": "file" };
    world.server.ask("POST", collection, {
      metadata: { name: "mirror", annotations },
      spec: {
        nodeName: world.random.pick(world.nodes).name,
        containers: [{ name: "a", image: images.good }],
      },
    });
  }],
];

const peaceful: readonly Act[] = [...creations, ...podActs.filter(([mark]) => mark === "user: delete")];
const all: readonly Act[] = [...creations, ...podActs, ...backendActs, ...nodeActs, ...referredActs];

const pickAct = ({ random, swarm }: World): Act | undefined => {
  const acts = swarm.has("users") ? all : peaceful;
  let roll = random.below(acts.reduce((sum, [, weight]) => sum + weight, 0));
  return acts.find(([, weight]) => (roll -= weight) < 0);
};

export const userActs = (world: World): void => {
  const { random, story, marks } = world;
  const act = pickAct(world);
  const pods = podsOf(world);
  const pod = pods.length === 0 ? undefined : random.pick(pods);
  if (act === undefined || pod === undefined) return createPod(world, anyName(world));
  const [mark, , what] = act;
  if (mark !== undefined) {
    marks.hit(mark);
    story.tell("user", `${mark} ${pod.metadata.name} ${pod.metadata.uid.slice(0, 8)}`);
  }
  what(world, pod);
};
