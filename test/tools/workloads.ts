import { readFileSync } from "node:fs";

/** Of one container, `main`, that runs a script; the rest is usual. */
export interface PodOptions {
  readonly node: string;
  readonly script: string;
  readonly restartPolicy?: "Always" | "OnFailure" | "Never";
  readonly graceSeconds?: number;
}

const podSpec = ({ node, script, restartPolicy, graceSeconds }: PodOptions): object => ({
  nodeSelector: { "kubernetes.io/hostname": node },
  tolerations: [{ key: "virtual-kubelet.io/provider", operator: "Exists" }],
  terminationGracePeriodSeconds: graceSeconds ?? 5,
  ...(restartPolicy === undefined ? {} : { restartPolicy }),
  containers: [{ name: "main", image: "none", command: ["/bin/sh", "-c", script] }],
});

export const podOf = (name: string, options: PodOptions): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: podSpec(options),
});

const template = (name: string, options: PodOptions): object => ({
  metadata: { labels: { app: name } },
  spec: podSpec(options),
});

export const deploymentOf = (name: string, replicas: number, options: PodOptions): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, options) },
});

export const statefulSetOf = (name: string, replicas: number, options: PodOptions): object => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name },
  spec: {
    replicas,
    serviceName: name,
    selector: { matchLabels: { app: name } },
    template: template(name, options),
  },
});

export const jobOf = (name: string, backoffLimit: number, options: PodOptions): object => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name },
  spec: { backoffLimit, template: template(name, options) },
});

/**
 * Appends where the instance keeps its log, which names its UID, container and restart count, and its process id.
 * In a command Kubernetes makes `$` of `$$`, but for what it takes for a variable's name.
 */
export const noteStart = (file: string): string => `echo "$(readlink /proc/$$/fd/1) $$$$" >> ${file}; `;

/** What {@link noteStart} wrote: the instance as `uid/container/n`, and its process id. */
export const startsIn = (file: string): readonly { readonly instance: string; readonly pid: number }[] =>
  readFileSync(file, "utf8").split("\n").filter((line) => line !== "").map((line) => {
    const [, instance = line, pid] = /\/pods\/(.*)\/log (\d+)$/.exec(line) ?? [];
    return { instance, pid: Number(pid) };
  });

/** Runs until it is stopped, and ends with 0 then. Bounded: nothing of a test that was killed runs on for ever. */
export const serve = `trap 'exit 0' TERM; sleep 900 & wait`;

/** Does not end by SIGTERM. */
export const ignoreTerm = `trap '' TERM; sleep 900`;

/** The same, but it notes its process id whenever it is asked to. A shell waits for its child before it hears. */
export const noteTerm = (file: string): string =>
  `trap 'echo $$$$ >> ${file}' TERM; n=0; while [ $n -lt 900 ]; do n=$((n+1)); sleep 1 & wait; done`;
