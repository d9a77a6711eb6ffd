import type { Millis } from "../../core/time.ts";
import { unhit } from "./marks.ts";
import type { Outcome } from "./scenario.ts";

/** What came of many seeds. JSON. */
export interface Hunted {
  readonly seeds: number;
  readonly failed: number;
  readonly simulatedMs: Millis;
  readonly marks: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Of all processes. */
  readonly cpuSeconds: number;
}

export const noHunt: Hunted = { seeds: 0, failed: 0, simulatedMs: 0, marks: {}, seconds: 0, cpuSeconds: 0 };

export const huntOf = ({ problems, simulatedMs, marks }: Outcome): Hunted => ({
  ...noHunt,
  seeds: 1,
  failed: problems.length > 0 ? 1 : 0,
  simulatedMs,
  marks: Object.fromEntries(marks),
});

/** Both; side by side in time. */
export const together = (a: Hunted, b: Hunted): Hunted => {
  const marks = { ...a.marks };
  for (const [mark, times] of Object.entries(b.marks)) marks[mark] = (marks[mark] ?? 0) + times;
  return {
    seeds: a.seeds + b.seeds,
    failed: a.failed + b.failed,
    simulatedMs: a.simulatedMs + b.simulatedMs,
    marks,
    seconds: Math.max(a.seconds, b.seconds),
    cpuSeconds: a.cpuSeconds + b.cpuSeconds,
  };
};

/** What a line of JSON says, if it is one. */
export const huntedLine = (line: string): Hunted | undefined => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** By these the speed is told, whatever the length of the seeds. */
const usualMinutes = 500;

/** The marks, those that were never hit, and how much was run how fast. */
export const summary = (from: number, hunted: Hunted): readonly string[] => {
  const { seeds, failed, simulatedMs, marks, seconds, cpuSeconds } = hunted;
  const minutes = simulatedMs / 60_000;
  const rate = (per: number): string => ((minutes / usualMinutes) / (per / 60)).toFixed(0);
  return [
    ...Object.entries(marks).sort().map(([mark, times]) => `  ${String(times).padStart(8)}  ${mark}`),
    ...unhit(new Map(Object.entries(marks))).map((mark) => `     never  ${mark}`),
    `${seeds} seeds from ${from}, ${failed} failed; ${Math.round(minutes)} simulated minutes in ` +
    `${seconds.toFixed(0)} s (${cpuSeconds.toFixed(0)} s of CPU)`,
    `${rate(seconds)} seeds of ${usualMinutes} minutes a minute, ${rate(cpuSeconds)} a minute of CPU`,
  ];
};
