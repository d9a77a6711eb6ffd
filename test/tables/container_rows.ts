// What one container of a pod needs next: the rows. For the rules see the cells.
import { type Covering, type Pattern, within } from "./cells.ts";
import type { ContainerDimensions } from "./container_cells.ts";

export interface ContainerRow extends Covering<ContainerDimensions> {
  readonly start?: string;
  readonly stop?: string;
  /** Seconds. */
  readonly wake?: number;
  /** How `x` is shown. */
  readonly view: string;
  readonly why: string;
}

const of = within<ContainerDimensions, ContainerRow>;
const finished = "finished: every container has ended";
const finishing = "finishing: every container has ended";

const news: readonly ContainerRow[] = of({ state: "new" }, [
  ...of({ fault: "none" }, [
    {
      of: { role: "app", call: "none" },
      start: "x#0",
      view: "x#0 Waiting ContainerCreating",
      why: "start x",
    },
    { of: { role: "app", call: "in flight" }, view: "x#0 Waiting ContainerCreating", why: "starting x" },
    {
      of: { role: ["init", "sidecar"], call: "none" },
      start: "x#0",
      view: "x#0 Waiting PodInitializing",
      why: "start x",
    },
    {
      of: { role: ["init", "sidecar"], call: "in flight" },
      view: "x#0 Waiting PodInitializing",
      why: "starting x",
    },
  ]),
  {
    of: { fault: "failed", call: "none" },
    wake: 100.32,
    view: "x#0 Waiting RunContainerError",
    why: "back-off: x",
  },
  {
    of: { fault: "throttled", call: "none" },
    wake: 102.9,
    view: "x#0 Waiting RunContainerError",
    why: "back-off: x",
  },
  {
    of: { fault: ["failed", "throttled"], call: "in flight" },
    view: "x#0 Waiting RunContainerError",
    why: "starting x",
  },
  {
    of: { fault: "refused", call: "none" },
    view: "x#0 Waiting CreateContainerConfigError",
    why: "refused until the spec changes: x",
  },
  {
    of: { fault: "refused", call: "in flight" },
    view: "x#0 Waiting CreateContainerConfigError",
    why: "starting x",
  },
]);

/** Where it is not known that the start was accepted it is asked for again: a start is idempotent. */
const preparing: readonly ContainerRow[] = of({ state: "preparing" }, [
  {
    of: { recall: "none", fault: "none", call: "none" },
    start: "x#0",
    view: "x#0 Waiting Pulling",
    why: "start x",
  },
  { of: { fault: "none", call: "in flight" }, view: "x#0 Waiting Pulling", why: "starting x" },
  { of: { recall: "memory", role: "app", call: "none" }, view: "x#0 Waiting Pulling", why: "runs" },
  {
    of: { recall: "memory", role: ["init", "sidecar"], call: "none" },
    view: "x#0 Waiting Pulling",
    why: "waits for init container x",
  },
  {
    of: { fault: "failed", call: "none" },
    wake: 100.32,
    view: "x#0 Waiting RunContainerError",
    why: "back-off: x",
  },
  {
    of: { fault: "throttled", call: "none" },
    wake: 102.9,
    view: "x#0 Waiting RunContainerError",
    why: "back-off: x",
  },
  {
    of: { fault: ["failed", "throttled"], call: "in flight" },
    view: "x#0 Waiting RunContainerError",
    why: "starting x",
  },
  {
    of: { fault: "refused", call: "none" },
    view: "x#0 Waiting CreateContainerConfigError",
    why: "refused until the spec changes: x",
  },
  {
    of: { fault: "refused", call: "in flight" },
    view: "x#0 Waiting CreateContainerConfigError",
    why: "starting x",
  },
]);

/** An init container is left to end, whatever image the spec names; a sidecar that runs lets the container start. */
const running: readonly ContainerRow[] = of({ state: ["running", "running, outdated"] }, [
  { of: { role: "init" }, view: "x#0 Running", why: "waits for init container x" },
  { of: { role: "app", state: "running" }, view: "x#0 Running", why: "runs" },
  {
    of: { role: "app", state: "running, outdated", call: "none" },
    stop: "x",
    view: "x#0 Running",
    why: "stop x: image changed",
  },
  { of: { role: "app", state: "running, outdated", call: "in flight" }, view: "x#0 Running", why: "runs" },
  { of: { role: "sidecar", state: "running" }, start: "a#0", view: "x#0 Running", why: "start a" },
  {
    of: { role: "sidecar", state: "running, outdated", call: "none" },
    start: "a#0",
    stop: "x",
    view: "x#0 Running",
    why: "start a",
  },
  {
    of: { role: "sidecar", state: "running, outdated", call: "in flight" },
    start: "a#0",
    view: "x#0 Running",
    why: "start a",
  },
]);

/** Every end, with how its instance is shown, how it is shown once it waits, and when the next one may start. */
const ends = [
  { state: "ended 0", recall: ["none", "memory"], n: 0, code: "0", due: 100, over: "x#0 Terminated 0" },
  { state: "ended 7", recall: ["none", "memory"], n: 0, code: "7", due: 100, over: "x#0 Terminated 7" },
  {
    state: "ended 7 twice",
    recall: ["none", "memory"],
    n: 1,
    code: "7",
    due: 106,
    over: "x#1 Terminated 7 < 6",
  },
  // memory knows that the row began one restart later, so its delay is shorter
  { state: "ended 7 thrice", recall: "none", n: 2, code: "7", due: 116, over: "x#2 Terminated 7 < 6" },
  { state: "ended 7 thrice", recall: "memory", n: 2, code: "7", due: 106, over: "x#2 Terminated 7 < 6" },
  {
    state: "ended 7 after long",
    recall: ["none", "memory"],
    n: 5,
    code: "7",
    due: 100,
    over: "x#5 Terminated 7",
  },
  // when it ended is not known: the delay runs from its discovery
  {
    state: "lost",
    recall: "none",
    n: 3,
    code: "137",
    due: 140,
    over: "x#3 Terminated 137 ContainerStatusUnknown",
  },
  {
    state: "lost",
    recall: "memory",
    n: 3,
    code: "137",
    due: 110,
    over: "x#3 Terminated 137 ContainerStatusUnknown",
  },
] as const;

/** Whose end is followed by another instance: a sidecar's always. */
const followed = (code: string): readonly Pattern<ContainerDimensions>[] =>
  code === "0"
    ? [{ role: "sidecar" }, { role: "app", restartPolicy: "Always" }]
    : [{ role: "sidecar" }, { role: ["app", "init"], restartPolicy: ["Always", "OnFailure"] }];

const restarts: readonly ContainerRow[] = ends.flatMap(({ state, recall, n, code, due, over }) =>
  followed(code).flatMap((role) =>
    of({ ...role, state, recall }, [
      ...(due === 100
        ? [
          // at once: what is shown is the end itself
          {
            of: { fault: "none", call: "none" },
            start: `x#${n + 1}`,
            view: over,
            why: `restart x (${n + 1})`,
          } as const,
          { of: { fault: "none", call: "in flight" }, view: over, why: "starting x" } as const,
          {
            of: { fault: "failed", call: "none" },
            wake: 100.32,
            view: `x#${n} Waiting RunContainerError < ${code}`,
            why: "back-off: x",
          } as const,
          {
            of: { fault: "throttled", call: "none" },
            wake: 102.9,
            view: `x#${n} Waiting RunContainerError < ${code}`,
            why: "back-off: x",
          } as const,
        ]
        : [
          {
            of: { fault: "none", call: "none" },
            wake: due,
            view: `x#${n} Waiting CrashLoopBackOff < ${code}`,
            why: "back-off: x",
          } as const,
          {
            of: { fault: "none", call: "in flight" },
            view: `x#${n} Waiting CrashLoopBackOff < ${code}`,
            why: "starting x",
          } as const,
          {
            of: { fault: ["failed", "throttled"], call: "none" },
            wake: due,
            view: `x#${n} Waiting RunContainerError < ${code}`,
            why: "back-off: x",
          } as const,
        ]),
      {
        of: { fault: ["failed", "throttled"], call: "in flight" },
        view: `x#${n} Waiting RunContainerError < ${code}`,
        why: "starting x",
      },
      {
        of: { fault: "refused", call: "none" },
        view: `x#${n} Waiting CreateContainerConfigError < ${code}`,
        why: "refused until the spec changes: x",
      },
      {
        of: { fault: "refused", call: "in flight" },
        view: `x#${n} Waiting CreateContainerConfigError < ${code}`,
        why: "starting x",
      },
    ])
  )
);

/** Over by its policy: nothing but what is in flight is waited for. */
const overs: readonly ContainerRow[] = ends.flatMap(({ state, recall, code, over }) =>
  of({ state, recall }, [
    ...of({ role: "app", restartPolicy: code === "0" ? ["OnFailure", "Never"] : "Never" }, [
      { of: { call: "none" }, view: over, why: finished },
      { of: { call: "in flight" }, view: over, why: finishing },
    ]),
    ...(code === "0"
      ? of({ role: "init" }, [
        { of: { call: "none" }, start: "a#0", view: over, why: "start a" },
        { of: { call: "in flight" }, view: over, why: "starting x" },
      ])
      : of({ role: "init", restartPolicy: "Never" }, [
        { of: { call: "none" }, view: over, why: "finished: init container x failed" },
        { of: { call: "in flight" }, view: over, why: "finishing: init container x failed" },
      ])),
  ])
);

export const containerRows: readonly ContainerRow[] = [
  ...news,
  ...preparing,
  ...running,
  ...restarts,
  ...overs,
];
