import process from "node:process";
import { access, constants } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { ResourceList } from "../../../core/kubernetes/node.ts";
import { lateFields } from "../../../core/pod/field_ref.ts";
import type { ObservedPod } from "../../../core/pod/observed.ts";
import { systemClock } from "../../clock.ts";
import type { Clock, ContainerRuntime, Logger } from "../../ports.ts";
import { noLogger } from "../../silent.ts";
import { ProviderError } from "../../provider_error.ts";
import type { UnsupportedPolicy } from "./host.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { openLog } from "./logs.ts";
import { News } from "./news.ts";
import { nodeFacts } from "./node_facts.ts";
import { observePod } from "./observe.ts";
import { instancesOf, podsIn } from "./pod_record.ts";
import { removePod } from "./remove.ts";
import { makeLayout, startInstance } from "./start.ts";
import { Stops } from "./stop.ts";
import { attachTo } from "./streams/attach.ts";
import { execIn } from "./streams/exec.ts";
import { connectTo } from "./streams/port_forward.ts";
import { unsupported } from "./unsupported.ts";
import { Bell } from "./wait.ts";
import { updateVolumes } from "./volumes.ts";
import { watchPods } from "./watch.ts";

export type { UnsupportedPolicy };

/** Where {@link processRuntime} keeps its state, whose node it is, and its limits. */
export interface ProcessRuntimeOptions {
  /**
   * The state directory: records, logs and working directories, on a local file system. What survives the agent is
   * what lies here. Made with mode 0700 when missing.
   */
  readonly root: string;
  /** With `node`, the owner mark of every pod: another cluster's or node's pods under the same root are not seen. */
  readonly cluster: string;
  readonly node: string;
  /** Processes listen on the machine itself: told as the pod's and the host's IP. Absent: pods have no IP. */
  readonly address?: string;
  /** Instead of the machine's processors and memory, and 110 pods. */
  readonly capacity?: ResourceList;
  /** A log is rotated when it is longer; default 10 MiB. It is looked at every 250 ms while it grows. */
  readonly logMaxBytes?: number;
  /** How many files a log may have, the one being written included; default 5. */
  readonly logMaxFiles?: number;
  /** What becomes of fields that cannot be honoured: `refuse` (default) or `warn`. */
  readonly policy?: { readonly unsupported?: UnsupportedPolicy };
  /** Variables of the agent's environment that processes get too; by default none. */
  readonly inheritEnv?: readonly string[];
  /** Folders of this machine that pods may mount, with all that is in them (`hostPath`); by default none. */
  readonly hostPaths?: readonly string[];
  readonly logger?: Logger;
  readonly clock?: Clock;
}

const positive = (name: string, value: number): number => {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new ProviderError("InvalidInput", `${name} must be a whole number above 0, not ${value}`);
};

const listPods = async (
  layout: Layout,
  address: string | undefined,
  signal: AbortSignal,
): Promise<readonly ObservedPod[]> => {
  const pods: ObservedPod[] = [];
  for (const [at, uid] of podsIn(layout).entries()) {
    // The records are small and in memory: reading them is quick, but a thousand pods must not hold up the rest.
    if (at % 32 === 31) await setImmediate();
    signal.throwIfAborted();
    const pod = observePod(layout, uid, address);
    if (pod !== undefined) pods.push(pod);
  }
  return pods;
};

/**
 * Runs containers as processes of this machine (Linux): `command` and `args` in a session and process group of their
 * own, with a clean environment (PATH, HOME, HOSTNAME and what the pod names), in `workingDir` or a folder of the
 * container's under `root`. `image` is not looked at.
 *
 * - Processes survive the agent: killed at any point and started again on the same `root`, it finds what runs and how
 *   the rest ended; no instance is run twice (see `supervisor.ts`). A service manager that ends the agent must leave
 *   its children alone (systemd: `KillMode=process`).
 * - Volumes: a process sees the machine's own files, so a mount is not at its `mountPath`, but at that path below the folder
 *   that the variable `CONTAINER_SANDBOX_MOUNT_POINT` names (also in `command` and `args`, as `$(…)`). Files of ConfigMaps,
 *   Secrets, the downward API and tokens are replaced all at once when they change; what is mounted by a sub-path stays.
 * - `stop` sends SIGTERM (or `lifecycle.stopSignal`) and, after the grace, SIGKILL to the whole group. When a command
 *   ends, the rest of its group is killed. A process that has left the group (`setsid`) is not followed.
 * - Exit codes: the command's; 128 + n after signal n; 128 `StartError` when there is no such file or working
 *   directory; 126 `ContainerCannotRun` when it may not be executed; 137 `ContainerStatusUnknown` when the machine
 *   or the supervisor went down with it.
 * - Logs: stdout and stderr go to a file in the order written. Times of lines are never earlier than they were
 *   written, and later by at most 2 s (250 ms while a log grows); lines written while no agent ran carry the time of
 *   the last of them.
 *   A log is rotated by copying and cutting it, so what is written between the two (microseconds) is lost. Programs
 *   that open `/dev/stdout` themselves without appending cut their own log.
 * - The two newest instances of a container are kept, for `--previous`.
 *
 * @throws ProviderError `Unsupported` where there is no `/proc`; file system errors of making `root`.
 */
export const processRuntime = (options: ProcessRuntimeOptions): ContainerRuntime => {
  if (process.platform !== "linux") {
    throw new ProviderError("Unsupported", `the process provider needs Linux, this is ${process.platform}`);
  }
  const { address, policy, inheritEnv = [], hostPaths = [], logger = noLogger, clock = systemClock } =
    options;
  const owner = { cluster: options.cluster, node: options.node };
  const limits = {
    maxBytes: positive("logMaxBytes", options.logMaxBytes ?? 10 * 1024 * 1024),
    maxFiles: positive("logMaxFiles", options.logMaxFiles ?? 5),
  };
  const layout = layoutOf(options.root, owner);
  makeLayout(layout);
  const news = new News(layout, limits, logger);
  const stops = new Stops(layout, news, clock);
  const host = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, address, hostPaths };

  const seen = (uid: string): ObservedPod => {
    const pod = observePod(layout, uid, address);
    if (pod === undefined) throw new ProviderError("Unknown", `the records of pod ${uid} vanished`);
    return pod;
  };

  return {
    binds: lateFields,

    files: true,

    updateFiles: ({ uid }, volumes) => updateVolumes(layout, uid, volumes),

    check: (intent) => unsupported(intent, host, policy?.unsupported),

    async start(run, { signal }) {
      const mark = run.intent.owner;
      if (mark.cluster !== owner.cluster || mark.node !== owner.node) {
        throw new ProviderError(
          "InvalidInput",
          `the pod belongs to node ${mark.node}, this is ${owner.node}`,
        );
      }
      news.open();
      news.follow(await startInstance(layout, run, { inherit: inheritEnv, address }, signal));
      return seen(run.intent.pod.metadata.uid);
    },

    async stop(pod, container, { graceMs, signal }) {
      news.open();
      const [restartCount] = instancesOf(layout, pod.uid, container);
      if (restartCount === undefined) return;
      const key = { uid: pod.uid, container, restartCount };
      await stops.stop(key, graceMs, signal);
      return observePod(layout, pod.uid, address);
    },

    async remove(pod) {
      await removePod(layout, pod.uid);
      news.forget(pod.uid);
      news.tell(pod.uid);
    },

    list: ({ signal }) => {
      news.open();
      return listPods(layout, address, signal);
    },

    watch: ({ signal }) => {
      news.open();
      return watchPods(layout, news, address, signal);
    },

    ping: () => access(layout.pods, constants.W_OK),

    async *node({ signal }) {
      yield nodeFacts(options.capacity, address);
      await new Bell().wait(undefined, signal);
    },

    logs(pod, container, { signal, ...rest }) {
      news.open();
      signal.throwIfAborted();
      return Promise.resolve(openLog(layout, news, pod, container, { ...rest, signal }));
    },

    exec(pod, container, command, given) {
      news.open();
      return execIn(layout, news, pod, container, command, given);
    },

    // deno-lint-ignore require-await -- what it throws is to be a rejection
    async attach(pod, container, given) {
      news.open();
      return attachTo(layout, news, pod, container, given);
    },

    portForward: (pod, port, { signal }) => connectTo(layout, pod, port, signal),

    close() {
      news.close();
      return Promise.resolve();
    },
  };
};
