import fc from "fast-check";
import type { Fault } from "../../core/fault.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import { faultOf } from "../arbitraries/fault.ts";
import { anyOf } from "../arbitraries/record.ts";
import type { Cluster } from "./cluster.ts";
import { type Life, type Lives, named } from "./lives.ts";

/** Something that happens, in words. */
export type Command = fc.Command<Lives, Cluster>;

const command = (
  text: string,
  isPossible: (lives: Lives) => boolean,
  happens: (cluster: Cluster, lives: Lives) => void,
): Command => ({
  toString: () => text,
  check: (lives) => isPossible(lives),
  run: (lives, cluster) => {
    happens(cluster, lives);
    cluster.settle();
    if (lives.broken.length > 0) throw new Error(lives.broken.join("; "));
  },
});

const always = (): boolean => true;

const created = (life: Life): Pod => ({
  metadata: { name: life.name, namespace: "default", uid: life.uid, generation: 1 },
  spec: {
    nodeName: "n",
    restartPolicy: life.policy,
    terminationGracePeriodSeconds: 30,
    containers: life.containers.map((name) => ({ name, image: "v1" })),
  },
  status: { phase: "Pending" },
});

const create = (name: string, policy: Life["policy"], containers: readonly string[]): Command =>
  command(
    `create ${name} (${policy}, ${containers})`,
    (lives) => named(lives, name) === undefined,
    ({ api }, { all }) => {
      const life: Life = {
        uid: `${name}-${all.filter((other) => other.name === name).length + 1}`,
        ...{ name, containers, policy },
        ...{ api: "wanted", heard: undefined, phase: "", changed: false, past: false },
        started: new Map(),
        live: new Set(),
      };
      all.push(life);
      api.create(created(life));
    },
  );

const ofPod = (text: string, name: string, happens: (cluster: Cluster, life: Life) => void): Command =>
  command(
    `${text} ${name}`,
    (lives) => named(lives, name) !== undefined,
    (cluster, lives) => happens(cluster, named(lives, name) as Life),
  );

const changed = (pod: Pod): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, generation: (pod.metadata.generation ?? 1) + 1 },
  spec: { ...pod.spec, containers: pod.spec.containers.map((each) => ({ ...each, image: "v2" })) },
});

/** What runs, and of which the API says so: were it to vanish unseen, nobody could know that it ever was. */
const isKnownToRun = (lives: Lives, name: string): boolean => {
  const life = named(lives, name);
  return life !== undefined && life.live.size > 0 && life.phase === "Running";
};

const fault = anyOf<Fault>(
  ...(["Unavailable", "Throttled", "Conflict", "Unauthorized", "OutcomeUnknown", "OutcomeUnknown"] as const)
    .map((tag) => faultOf(tag)),
);

const podName = anyOf("p", "q");

/** All that may happen, told as sentences. */
export const commands: readonly fc.Arbitrary<Command>[] = [
  fc.tuple(podName, anyOf("Always", "OnFailure", "Never"), anyOf<readonly string[]>(["a"], ["a", "b"]))
    .map(([name, policy, containers]) => create(name, policy, containers)),
  fc.tuple(podName, anyOf(1, 30)).map(([name, grace]) =>
    ofPod(`in ${grace} s delete`, name, ({ api }, { uid }) => api.remove(uid, grace))
  ),
  podName.map((name) => ofPod("by force delete", name, ({ api }, { uid }) => api.remove(uid, 0))),
  podName.map((name) =>
    ofPod("change the image of", name, ({ api }, life) => {
      life.changed = true;
      api.edit(life.uid, changed);
    })
  ),
  fc.tuple(podName, anyOf("a", "b"), anyOf(0, 1)).map(([name, container, exitCode]) =>
    ofPod(
      `with ${exitCode} container ${container} ends of`,
      name,
      ({ backend }, { uid }) => backend.end(uid, container, exitCode),
    )
  ),
  podName.map((name) =>
    command(
      `the back end loses ${name}`,
      (lives) => isKnownToRun(lives, name),
      ({ backend }, lives) => backend.lose((named(lives, name) as Life).uid),
    )
  ),
  podName.map((name) =>
    ofPod("the next list leaves out", name, ({ trouble }, { uid }) => {
      trouble.hidden = uid;
    })
  ),
  fc.constant(command("somebody else's pod is there", always, ({ backend }) =>
    backend.plant({
      ...{
        uid: `foreign-${backend.held.size}`,
        namespace: "default",
        name: "p",
        owner: { cluster: "c", node: "m" },
      },
      containers: [{ name: "a", restartCount: 0, state: { _tag: "Running", startedAt: 0 } }],
    }))),
  fault.map((fault) =>
    command(`the API will answer ${fault._tag}`, always, ({ trouble }) => void trouble.api.push(fault))
  ),
  fault.map((fault) =>
    command(`the back end will answer ${fault._tag}`, always, ({ trouble }) => void trouble.calls.push(fault))
  ),
  fc.constant(command("the watch is cut", always, ({ trouble }) => {
    trouble.deaf = true;
  })),
  fc.constant(command("the watch is back", always, (cluster) => cluster.hear())),
  fc.constant(command("news of the back end are lost", always, ({ trouble }) => {
    trouble.mute = true;
  })),
  fc.constant(command("news of the back end come again", always, (cluster) => cluster.speak())),
  anyOf(true, false).map((slow) =>
    command(slow ? "answers take long" : "answers come at once", always, ({ trouble }) => {
      trouble.slow = slow;
    })
  ),
  fc.constant(command("the agent begins anew", always, (cluster) => cluster.restart())),
  anyOf(1, 1_000, 5_000, 30_000, 300_000, 3_600_000).map((ms) =>
    command(`${ms} ms pass`, always, (cluster) => cluster.pass(ms))
  ),
];
