import type { Running } from "../../adapters/apiserver/server/running.ts";
import type { ContainerRuntime, LogFields, Provider } from "../../adapters/ports.ts";
import { startVirtualNode, type VirtualNode } from "../../adapters/virtual_node.ts";
import type { VirtualNodeOptions } from "../../adapters/virtual_node_options.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import type { Millis } from "../../core/time.ts";
import { simApiPort } from "./api_port.ts";
import type { Chaos } from "./chaos.ts";
import { conductOf } from "./conduct.ts";
import type { Story } from "./story.ts";
import { clockOf } from "./timeline.ts";

/** One process of the virtual kubelet: the real one, in virtual time. */
export interface Agent {
  readonly name: string;
  readonly node: VirtualNode;
  /** It is switched off in the middle of whatever it does. */
  kill(): void;
  /** Its timers ring late for a while, and then together: the machine is busy with something else. */
  stall(ms: Millis): void;
  readonly isDead: boolean;
}

export interface AgentOptions {
  readonly name: string;
  readonly nodeName: string;
  readonly running: Running;
  readonly chaos: Chaos;
  readonly epoch: Millis;
  readonly skewMs: () => Millis;
  /** It is, or was, not the only one of its node. */
  readonly isDoubled: () => boolean;
  readonly story: Story;
  readonly connect: (isDead: () => boolean) => Provider | ContainerRuntime;
  /** Called with every request that reaches the server, before it does; what it returns is called after it. */
  readonly onSend: (request: ApiRequest) => () => void;
  readonly settings: Pick<VirtualNodeOptions, "node" | "nodePolicy" | "podPolicy" | "listPeriodMs">;
  /** Called with every line of its log. */
  readonly onLog: (message: string, fields: LogFields | undefined) => void;
  /** Told what the agent does that it must not do, by what it knows. */
  readonly onMisconduct: (what: string) => void;
  readonly graceEndsAt: (uid: string) => Millis | undefined;
  readonly wasLost: (uid: string) => boolean;
  /** Called when it has ended: switched off, or broken down by itself, with an error. */
  readonly onEnd: (error?: unknown) => void;
}

const said = (fields: LogFields | undefined): string => {
  const { pod, container, fault, error, why, ...rest } = { ...fields };
  return [pod, container, why, fault, error, ...Object.values(rest)].filter((value) =>
    value !== undefined && typeof value !== "object"
  ).join(" ");
};

export const startAgent = (options: AgentOptions): Agent => {
  const { name, nodeName, running, chaos, epoch, skewMs, story, connect, onSend, onLog, onEnd } = options;
  let dead = false;
  const isDead = (): boolean => dead;
  const { timeline } = chaos;
  const clock = clockOf(timeline, epoch, skewMs);
  let stalledUntil: Millis = 0;
  const after = (ms: Millis, callback: () => void): () => void => {
    let over = false;
    const ring = (): void => {
      if (dead || over) return;
      if (timeline.now < stalledUntil) timeline.after(stalledUntil - timeline.now, ring);
      else callback();
    };
    const cancel = timeline.after(ms, ring);
    return () => {
      over = true;
      cancel();
    };
  };
  const user = { name: `system:node:${nodeName}`, groups: ["system:nodes", "system:authenticated"] };
  // it begins to act while it is being made
  const made: { node?: VirtualNode } = {};
  const conduct = conductOf({
    now: () => timeline.now,
    state: () => made.node?.state(),
    isSkewed: () => skewMs() !== 0 || options.isDoubled(),
    isDoubled: options.isDoubled,
    fail: (what) => dead ? undefined : options.onMisconduct(`${name}: ${what}`),
    graceEndsAt: options.graceEndsAt,
    wasLost: options.wasLost,
  }, {
    log: (_level, message, fields) => {
      onLog(message, fields);
      story.tell(name, () => `${message} ${said(fields)}`);
    },
  });
  const node = startVirtualNode({
    name: nodeName,
    api: conduct.api(simApiPort({ running, user, chaos, isDead, onSend })),
    provider: conduct.backend(connect(isDead)),
    ...options.settings,
    cluster: "sim",
    providerName: "sim",
    clock: { now: clock.now, after },
    logger: conduct.logger,
    telemetry: {
      ...conduct.telemetry,
      count: (counter, value, fields) => {
        timeline.act();
        conduct.telemetry.count(counter, value, fields);
      },
    },
  });
  made.node = node;
  node.done.catch((error: unknown) => dead ? undefined : onEnd(error));
  return {
    name,
    node,
    get isDead() {
      return dead;
    },
    kill: () => {
      story.tell(name, "is killed");
      dead = true;
      onEnd();
    },
    stall: (ms) => {
      story.tell(name, `stands still for ${ms} ms`);
      stalledUntil = timeline.now + ms;
    },
  };
};
