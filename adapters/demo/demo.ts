import process from "node:process";
import type { CommandCall } from "../cli/command.ts";
import { exitCodes } from "../cli/program.ts";
import { SettingsError } from "../cli/settings_error.ts";
import { listenForStop, type Stopping } from "../cli/stopping.ts";
import { systemClock } from "../clock.ts";
import { noLogger } from "../silent.ts";
import { commandsFor } from "./commands.ts";
import { createPods } from "./create_pods.ts";
import { aborted, closeAll, type Closers } from "./ending.ts";
import { freePort } from "./free_port.ts";
import { readKeys } from "./keys.ts";
import { type NodesOptions, startNodes } from "./nodes.ts";
import { whenParentEnds } from "./parent.ts";
import { openPlace, type Place } from "./place.ts";
import { runtimeCommand, samplePods } from "./samples.ts";
import { type DemoServer, startServer } from "./server.ts";
import type { DemoSettings } from "./settings.ts";
import { areReady, haveRun } from "./settled.ts";
import { isTerminal, openShow, type Show } from "./show.ts";

/** The demo from its start to its end. */
interface Demo {
  readonly call: CommandCall<DemoSettings>;
  readonly stopping: Stopping;
  readonly closers: Closers;
  place?: Place;
  show?: Show;
}

const interrupt = (): void => void process.kill(process.pid, "SIGINT");

/** How long processes have to end by themselves when the demo ends. */
const graceMs = 2_500;
/** How long the sample pods may take with `--once`. */
const onceMs = 60_000;

const check = ({ settings: { provider, keep } }: CommandCall<DemoSettings>): void => {
  if (provider === "process" && process.platform !== "linux") {
    throw new SettingsError(
      `--provider process needs Linux, this is ${process.platform}; --provider memory runs anywhere`,
    );
  }
  if (provider === "memory" && keep) {
    throw new SettingsError(
      "--keep: pods that are only in memory cannot be kept; leave it away, or take --provider process",
    );
  }
};

const openScreen = async (demo: Demo, server: DemoServer, webPort: number): Promise<Show> => {
  const { call: { settings: { provider, plain }, env, out }, closers } = demo;
  const simulated = provider === "memory";
  const onScreen = isTerminal() && !plain;
  const show = await openShow({
    facts: {
      server: server.url,
      hint: simulated
        ? "The pods are simulated: nothing is executed."
        : `Pod web serves http://127.0.0.1:${webPort}`,
      commands: await commandsFor(server.kubeconfig, simulated ? "web-1" : "web", env),
      ending: onScreen ? "up and down choose a pod; q or Ctrl-C ends it all" : "Ctrl-C ends it all",
    },
    onScreen,
    colours: (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb",
    write: (text) => void out(text).catch(() => process.kill(process.pid, "SIGTERM")),
  });
  const choose = (step: 1 | -1) => (): void => show.tell({ _tag: "Chosen", step });
  if (onScreen) closers.push(readKeys({ up: choose(-1), down: choose(1), end: interrupt }));
  return demo.show = show;
};

const runNodes = async ({ stopping, closers, call }: Demo, options: NodesOptions): Promise<void> => {
  const nodes = await startNodes(options);
  closers.push(async () => {
    const hurried = stopping.atOnce.then(() => nodes.stop(0));
    await Promise.race([nodes.stop(graceMs), hurried]);
    await nodes.close(call.settings.keep);
  });
};

const follow = ({ closers }: Demo, show: Show, server: DemoServer): void => {
  const following = new AbortController();
  const followed = show.follow(server.api, noLogger, following.signal);
  closers.push(() => {
    following.abort();
    return followed;
  });
};

/** Resolves with the exit code when the demo is to end: asked to, or because it has shown all with `--once`. */
const untilEnd = async ({ call, stopping: { signal } }: Demo, show: Show, pods: number): Promise<number> => {
  const { once, nodes } = call.settings;
  const stopped = aborted(signal).then(() => exitCodes.stopped);
  if (!once) return await stopped;
  const late = Promise.withResolvers<number>();
  const cancel = systemClock.after(onceMs, () => late.resolve(exitCodes.failed));
  const run = show.until((view) => haveRun(view, { nodes, pods })).then(() => exitCodes.stopped);
  const code = await Promise.race([run, stopped, late.promise]);
  cancel();
  if (code === exitCodes.failed) {
    call.err(`${call.program}: the sample pods have not run within ${onceMs} ms\n`);
  }
  return code;
};

const run = async (demo: Demo): Promise<number> => {
  const { call: { settings }, stopping: { signal }, closers } = demo;
  const { provider, nodes: count, keep, port } = settings;
  const { folder, close } = demo.place = await openPlace(keep);
  closers.push(close);
  const server = await startServer({ folder, port, keep });
  closers.push(server.close);
  const webPort = server.webPort ?? await freePort("--web-port", settings.webPort, 8_080);
  const show = await openScreen(demo, server, webPort);
  const { api, ca } = server;
  await runNodes(demo, { provider, count, folder, api, clientCa: ca, logger: noLogger });
  follow(demo, show, server);
  const pods = samplePods({ provider, nodes: count, port: webPort, runtime: runtimeCommand() });
  // before that the scheduler would only say that there is no node for them
  await Promise.race([show.until((view) => areReady(view, count)), aborted(signal)]);
  await createPods(api, pods, signal);
  return await untilEnd(demo, show, pods.length);
};

/** Stops and closes all that is open, and says how that went. */
const end = async ({ call, closers, place, show }: Demo): Promise<boolean> => {
  const problems = await closeAll(closers);
  const kept = call.settings.keep
    ? `${place?.folder} is kept for the next start with --keep`
    : "nothing is left";
  show?.tell({
    _tag: "Noted",
    note: problems.length === 0 ? `All has stopped, ${kept}.` : "Something is left.",
  });
  show?.close();
  for (const problem of problems) call.err(`${call.program}: ${problem}\n`);
  return problems.length === 0;
};

/**
 * A cluster of its own with nodes and sample pods, shown as it changes, until it is asked to end. Resolves with the exit
 * code; throws `SettingsError` where another setting would help.
 */
export const demo = async (call: CommandCall<DemoSettings>): Promise<number> => {
  check(call);
  const noted = { log: (_: unknown, note: string): void => running.show?.tell({ _tag: "Noted", note }) };
  const stopping = listenForStop(noted, call.signal, ["SIGINT", "SIGTERM", "SIGHUP"]);
  const running: Demo = { call, stopping, closers: [whenParentEnds(call.env, interrupt)] };
  let code: number = exitCodes.stopped;
  try {
    code = await run(running);
  } catch (error) {
    // what fails because it was asked to end has not failed
    if (!stopping.signal.aborted) throw error;
  } finally {
    if (!await end(running)) code = exitCodes.failed;
    stopping.close();
  }
  return code;
};
