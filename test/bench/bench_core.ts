// The pure core and the watch machine, each in a process of its own.
import { mustRun } from "../tools/child.ts";
import type { runtimes } from "./agents.ts";
import { atMost, printRow, title } from "./report.ts";

type Commands = Awaited<ReturnType<typeof runtimes>>;
type Runtime = keyof Commands;

const show = async ([command = "", ...args]: readonly string[]): Promise<void> => {
  await mustRun(command, args, { show: true });
};

/** Prints what events cost and how fast a watch is read. */
export const benchCore = async (commands: Commands, names: readonly Runtime[]): Promise<void> => {
  for (const name of names) {
    await show(commands[name]("core.ts"));
    title(`watch decode on ${name}: time of JSON.parse / ours, to be >= 0.85`);
    await show(commands[name]("watch_decode.ts"));
  }
};

/** Prints what each pod weighs. */
export const benchMemory = async (
  commands: Commands,
  names: readonly Runtime[],
  held: number,
): Promise<void> => {
  title(`memory for each further pod held, from 1000 to ${held}`);
  for (const name of names) {
    const [command = "", ...args] = commands[name]("memory.ts", "1000", String(held));
    const at = args.findIndex((arg) => arg.endsWith("memory.ts"));
    const flag = name === "node" ? "--expose-gc" : "--v8-flags=--expose-gc";
    const said = await mustRun(command, [...args.slice(0, at), flag, ...args.slice(at)]);
    printRow(atMost(`${name}: heap for each further pod`, Number(said.trim()) / 1024, 2, " KiB"));
  }
};
