import type { ContainerRuntime, Provider } from "../../adapters/ports.ts";
import type { NodeFacts } from "../../core/event.ts";
import { type Agent, startAgent } from "./agent.ts";
import { drawBackendOdds, faultyBackend } from "./backend.ts";
import { withEar } from "./chaos.ts";
import type { Cluster } from "./cluster.ts";
import { makeInstances } from "./instances.ts";
import { makeLookout } from "./lookout.ts";
import { networkOf } from "./network.ts";
import type { SimNode, Speaker } from "./node.ts";
import { makeOwnBackend } from "./own_backend.ts";
import { scriptedBackend } from "./scripted.ts";
import { nodeCapacity, type NodeShape } from "./shape.ts";
import { clockOf } from "./timeline.ts";
import type { Truth } from "./truth.ts";
import type { View } from "./view.ts";

const killOdds = 0.01;

const settingsOf = (shape: NodeShape) => ({
  listPeriodMs: shape.listPeriodMs,
  node: { capacity: nodeCapacity },
  nodePolicy: {
    leaseDurationSeconds: shape.leaseDurationSeconds,
    leaseRenewMs: shape.leaseRenewMs,
    statusPeriodMs: shape.statusPeriodMs,
    pingPeriodMs: shape.pingPeriodMs,
    onPingFailure: shape.onPingFailure,
    normalEvents: shape.normalEvents,
  },
  podPolicy: { terminalStatus: shape.terminalStatus, normalEvents: shape.normalEvents },
});

/** What a node's pods run on, and how an agent reaches it. */
interface NodeBackend {
  readonly truth: Truth;
  /** Of one's own, whatever was drawn. */
  readonly hasPing?: boolean;
  connect(): Provider | ContainerRuntime;
  /** Told before each call that reaches it. */
  touch?(): void;
  forget(): void;
  tellFacts(facts: NodeFacts): void;
}

const makeBackend = (name: string, shape: NodeShape, cluster: Cluster): NodeBackend => {
  const { swarm, marks, chaos, safety, epoch, provider } = cluster;
  const { random, timeline } = chaos;
  const owner = { cluster: "sim", node: name };
  const slowStops = swarm.odds("backends", 0.2);
  if (provider !== undefined) {
    const clock = clockOf(timeline, epoch, () => 0);
    const own = makeOwnBackend({ make: provider, clock, random: random.next, owner, fail: safety.fail });
    return { ...own, forget: () => {}, tellFacts: () => {} };
  }
  const instances = makeInstances({
    ...{ kind: shape.kind, owner, chaos, marks, slowStops },
    wall: () => epoch + timeline.now,
    onChanged: (pod) => backend.changed(pod),
    onGone: (uid) => backend.gone(uid),
  });
  const backend = scriptedBackend(shape, () => instances, marks);
  return {
    truth: { ...instances, filesOf: backend.filesOf },
    connect: () => backend.adapter,
    forget: instances.forget,
    tellFacts: backend.tellFacts,
  };
};

export const makeSimNode = (name: string, drawn: NodeShape, cluster: Cluster): SimNode => {
  const { swarm, marks, story, chaos, safety, epoch } = cluster;
  const { random, timeline } = chaos;
  let skew = 0, steps = 0, agents = 0, doubled = false, awayUntil = 0;
  const backend = makeBackend(name, drawn, cluster);
  const shape: NodeShape = { ...drawn, hasPing: backend.hasPing ?? drawn.hasPing };
  const odds = drawBackendOdds(swarm);
  const killing = swarm.odds("agents", killOdds);

  const begin = (): Agent => {
    const speaker: Speaker = { name: `${name}/${++agents}`, node: self, startedAt: timeline.now };
    const followed = safety.follow(speaker);
    const lookout = makeLookout(marks);
    /** It may be switched off in the middle of anything. */
    const mayDie = (): void => {
      if (!chaos.isOn || !random.chance(killing)) return;
      timeline.after(random.below(50), () => {
        if (made.isDead || !chaos.isOn) return;
        marks.hit("agent: killed while it asks");
        if (made === agent) self.kill();
        else made.kill();
      });
    };
    const made = startAgent({
      name: speaker.name,
      nodeName: name,
      running: networkOf(cluster),
      chaos: withEar(chaos, (request) => {
        followed.onRequest(request);
        mayDie();
      }),
      epoch,
      skewMs: () => skew,
      isDoubled: () => doubled,
      story,
      settings: settingsOf(shape),
      connect: (isDead) =>
        faultyBackend(backend.connect(), {
          ...{ chaos, marks, odds, isDead },
          isWatched: shape.isWatched,
          isAway: () => timeline.now < awayUntil,
          onAsk: (ask) => {
            mayDie();
            return followed.onAsk(ask);
          },
          onCall: (call, uid) => {
            backend.touch?.();
            safety.onCall(self, call, uid);
          },
        }),
      onSend: (request) => {
        cluster.onSend();
        return followed.onSend(request);
      },
      onLog: lookout.onLog,
      onMisconduct: safety.fail,
      graceEndsAt: (uid) => safety.ledger.pods.get(uid)?.graceEndsAt,
      wasLost: (uid) => backend.truth.lost.has(uid),
      onEnd: (error) => {
        followed.end();
        if (error !== undefined) safety.fail(`promise 12: ${speaker.name} broke down: ${error}`);
      },
    });
    lookouts.set(made, lookout.look);
    views.set(made, followed.view);
    return made;
  };

  const lookouts = new Map<Agent, (agent: Agent) => void>();
  const views = new Map<Agent, View>();
  const drop = (each: Agent): void => {
    each.kill();
    lookouts.delete(each);
    views.delete(each);
  };
  let agent: Agent;
  const old: Agent[] = [];
  const self: SimNode = {
    name,
    shape,
    instances: backend.truth,
    isOwn: cluster.provider !== undefined,
    get wasDoubled() {
      return doubled;
    },
    get wasSkewed() {
      return steps > 0;
    },
    get agent() {
      return agent;
    },
    look: () => {
      for (const [each, look] of lookouts) look(each);
    },
    kill: () => {
      marks.hit("agent: killed");
      old.splice(0).forEach(drop);
      drop(agent);
      agent = begin();
    },
    restart: (mode) => {
      const stopped = agent;
      story.tell(stopped.name, `is asked to ${mode === "drain" ? "drain the node" : "stop"}`);
      const view = views.get(stopped);
      if (view !== undefined) view.isStopping = true;
      void stopped.node.stop(mode, { timeoutMs: 60_000 + random.below(240_000) }).then(() => {
        if (stopped.isDead) return;
        marks.hit(mode === "drain" ? "agent: drained and started" : "agent: stopped and started");
        drop(stopped);
        if (agent === stopped) agent = begin();
      });
    },
    double: () => {
      marks.hit("agent: two at once");
      doubled = true;
      const before = agent;
      old.push(before);
      agent = begin();
      timeline.after(random.below(30_000), () => before.isDead ? undefined : drop(before));
    },
    stall: () => {
      marks.hit("agent: stands still");
      const ms = 1_000 + random.below(15_000);
      agent.stall(ms);
      const view = views.get(agent);
      if (view !== undefined) view.stalledUntil = timeline.now + ms;
    },
    stepWall: () => {
      const isForward = random.chance(0.5);
      marks.hit(isForward ? "agent: wall clock steps forward" : "agent: wall clock steps back");
      steps += 1;
      skew += (isForward ? 1 : -1) * random.pick([1_000, 60_000, 3_600_000]);
    },
    sendAway: (ms, forgets) => {
      marks.hit(forgets ? "back end: away, forgets all" : "back end: away, remembers all");
      story.tell(`${name} (back end)`, `goes away${forgets ? " and forgets all" : ""}`);
      awayUntil = timeline.now + ms;
      if (forgets) backend.forget();
    },
    tellFacts: () => {
      if (!shape.tellsFacts) return;
      marks.hit("back end: says something else of the node");
      backend.tellFacts({ capacity: { cpu: `${8 + random.below(8)}`, memory: "64Gi", pods: "500" } });
    },
  };
  agent = begin();
  return self;
};
