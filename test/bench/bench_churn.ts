// Our agent, the raw loop and the floor, one after the other, on both runtimes.
import type { Agent, runtimes } from "./agents.ts";
import { type Churn, churn, type ChurnSettings } from "./churn.ts";
import { atMost, exactly, note, printRow, table, title } from "./report.ts";

type Commands = Awaited<ReturnType<typeof runtimes>>;
type Runtime = keyof Commands;

/** Which agents are measured; the first three are what is compared. */
export const kinds = ["floor", "ours", "raw", "fetch", "lean"] as const;
export type Kind = typeof kinds[number];

const agentOf = (commands: Commands, kind: Kind, runtime: Runtime): Agent => {
  const run = commands[runtime];
  switch (kind) {
    case "floor":
      return {
        label: `floor, ${runtime}`,
        command: (kubeconfig, node) => run("floor.ts", kubeconfig, node),
        ...{ registers: false, speaks: true, writes: 3 },
      };
    case "raw":
      return {
        label: `raw loop, ${runtime}`,
        command: (kubeconfig, node) => run("raw_loop.ts", kubeconfig, node),
        ...{ registers: false, speaks: true, blind: true, writes: 3 },
      };
    case "ours":
    case "fetch":
    case "lean":
      return {
        label: `ours${kind === "ours" ? "" : ` (${kind})`}, ${runtime}`,
        command: (kubeconfig, node) => run("agent.ts", kubeconfig, node, kind),
        ...{ registers: true, speaks: true, writes: kind === "lean" ? 2 : 3 },
      };
  }
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

const header = [
  "agent",
  "all Running",
  "p50",
  "p99",
  "max",
  "drain",
  "CPU/pod up",
  "CPU/pod down",
  "RSS",
  "writes/pod",
];

const cells = (run: Churn): readonly string[] => [
  run.label,
  seconds(run.allRunning),
  seconds(run.p50),
  seconds(run.p99),
  seconds(run.max),
  seconds(run.drain),
  `${run.cpuUp.toFixed(2)} ms`,
  `${run.cpuDown.toFixed(2)} ms`,
  `${run.rssMiB.toFixed(0)} MiB`,
  run.writes.toFixed(2),
];

const requestRows = (run: Churn, agent: Agent): void => {
  printRow(exactly(`${run.label}: writes per lifecycle`, run.writes.toFixed(2), agent.writes.toFixed(2)));
  printRow(exactly(`${run.label}: reads of pods`, String(run.reads), "0"));
  if (run.atRest === undefined) return;
  const asked = run.atRest.length === 0 ? "nothing" : run.atRest.join(", ");
  printRow(exactly(`${run.label}: asked at rest, besides node and lease`, asked, "nothing"));
};

const compare = (ours: Churn, runs: ReadonlyMap<Kind | undefined, Churn>): void => {
  const name = ours.label;
  const raw = runs.get("raw");
  const floor = runs.get("floor");
  if (raw !== undefined) {
    printRow(atMost(`${name}: all Running / the raw loop's`, ours.allRunning / raw.allRunning, 1.05, " x"));
  }
  printRow(atMost(`${name}: slowest pod / median`, ours.max / ours.p50, 2, " x"));
  if (floor === undefined) return;
  note(`(the floor's slowest / median: ${(floor.max / floor.p50).toFixed(2)} x)`);
  printRow(atMost(`${name}: median to Running / the floor's`, ours.p50 / floor.p50, 1.3, " x"));
  printRow(atMost(`${name}: drain / the floor's`, ours.drain / floor.drain, 1.05, " x"));
  const [cpu, least] = [ours.cpuUp + ours.cpuDown, floor.cpuUp + floor.cpuDown];
  printRow(atMost(`${name}: CPU up / the floor's`, ours.cpuUp / floor.cpuUp, 1.15, " x"));
  printRow(atMost(`${name}: CPU down / the floor's`, ours.cpuDown / floor.cpuDown, 1.15, " x"));
  printRow(atMost(`${name}: CPU up and down / the floor's`, cpu / least, 1.15, " x"));
  printRow(atMost(`${name}: RSS / the floor's`, ours.rssMiB / floor.rssMiB, 1.3, " x"));
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.floor(half)] ?? NaN) + (sorted[Math.ceil(half) - 1] ?? NaN)) / 2;
};

/** The median of several runs in what is measured, and the worst in what is counted. */
const typical = (label: string, runs: readonly Churn[]): Churn => {
  const middle = (of: (run: Churn) => number): number => median(runs.map(of));
  return {
    label,
    allRunning: middle((run) => run.allRunning),
    p50: middle((run) => run.p50),
    p99: middle((run) => run.p99),
    max: middle((run) => run.max),
    drain: middle((run) => run.drain),
    cpuUp: middle((run) => run.cpuUp),
    cpuDown: middle((run) => run.cpuDown),
    rssMiB: middle((run) => run.rssMiB),
    writes: Math.max(...runs.map((run) => run.writes)),
    reads: Math.max(...runs.map((run) => run.reads)),
    atRest: runs.some((run) => run.atRest === undefined)
      ? undefined
      : [...new Set(runs.flatMap((run) => run.atRest ?? []))],
  };
};

const beside = (ours: Churn, peer: Churn): void => {
  printRow(atMost(`${ours.label}: all Running / ${peer.label}`, ours.allRunning / peer.allRunning, 1, " x"));
  printRow(atMost(`${ours.label}: drain / ${peer.label}`, ours.drain / peer.drain, 1, " x"));
};

/** Runs and prints everything, agent by agent, `rounds` times over. Rejects when an agent did not do its work. */
export const benchChurn = async (
  settings: ChurnSettings,
  commands: Commands,
  names: readonly Runtime[],
  wanted: readonly Kind[],
  others: readonly Agent[],
  rounds: number,
): Promise<void> => {
  title(`${settings.pods} pods by ${settings.writers} writers, seen by an independent watch`);
  const agents = [
    ...names.flatMap((name) => wanted.map((kind) => ({ name, kind, agent: agentOf(commands, kind, name) }))),
    ...others.map((agent) => ({ name: undefined, kind: undefined, agent })),
  ];
  const measured = agents.map((one) => ({ ...one, runs: [] as Churn[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { agent, runs } of measured) {
      const run = await churn(settings, agent);
      note(cells(run).join("  "));
      runs.push(run);
    }
  }
  const results = measured.map((one) => ({ ...one, run: typical(one.agent.label, one.runs) }));
  title(rounds === 1 ? "together" : `together: the median of ${rounds} rounds`);
  table([header, ...results.map(({ run }) => cells(run))]);
  title("held");
  for (const { name, kind, agent, run } of results) {
    if (!agent.registers) continue;
    requestRows(run, agent);
    const same = results.filter((other) => other.name === name && other.kind !== undefined);
    if (kind !== "lean") compare(run, new Map(same.map((other) => [other.kind, other.run])));
  }
  const first = results.find(({ agent }) => agent.registers);
  if (first === undefined) return;
  for (const { name, run } of results) if (name === undefined) beside(first.run, run);
};
