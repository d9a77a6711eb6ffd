/**
 * The program as a library: flags, variables, a file, logs, signals and the kubelet API around providers of one's own.
 * @module
 */
import process from "node:process";
import { version as ownVersion } from "../../core/version.ts";
import { connect as connectByRuntime } from "../connect.ts";
import type { Connected, ConnectOptions } from "../kubernetes/connect.ts";
import type { Logger, Telemetry } from "../ports.ts";
import { consoleLogger } from "../telemetry/console_logger.ts";
import { guarded } from "../telemetry/guarded.ts";
import { jsonLogger } from "../telemetry/json_logger.ts";
import type { ProgramCommand } from "./command.ts";
import { type Flags, unknownVariables } from "./given.ts";
import { type LineWriter, lineWriter } from "./line_writer.ts";
import { loadSettings } from "./load_settings.ts";
import { type Asked, exitCodes, parseCommandLine } from "./program.ts";
import type { MakeProvider } from "./run.ts";
import { type CommandAsked, runProgramCommand } from "./run_command.ts";
import { type AnyTable, flagOf, type SettingTable } from "./setting.ts";
import { type RunSettings, runSettings } from "./settings.ts";
import { SettingsError } from "./settings_error.ts";
import { settingsFile } from "./settings_list.ts";
import { listenForStop, type Stopping } from "./stopping.ts";
import { standardOutput } from "./text_output.ts";

export { type AnyTable, type Setting, setting, type SettingOptions, type SettingTable } from "./setting.ts";
export { decoder, type Kind, type Parsed, textKind } from "./kind.ts";
export { choice, duration, file, folder, integer, list, record, text, toggle } from "./kinds.ts";
export type { Decoder } from "io-ts";
export { SettingsError } from "./settings_error.ts";
export type { MakeProvider, ProviderContext } from "./run.ts";
export { command, type CommandCall, type ProgramCommand } from "./command.ts";
export type { RunSettings } from "./settings.ts";

/** What {@link runCli} builds a program from. Only `providers` is needed. */
export interface CliOptions<Extra = unknown> {
  /** Makes the back ends, by the names for `--provider`. With one only, that is the default. */
  readonly providers: Readonly<Record<string, MakeProvider<Extra>>>;
  /** Settings of the providers: more flags, variables and names in the file, typed in `context.settings`. */
  readonly settings?: SettingTable<Extra>;
  /** More commands, beside `run`. */
  readonly commands?: readonly ProgramCommand[];
  /** The program's name in its help, and the prefix of its variables. `vk` by default: `VK_NODE`. */
  readonly name?: string;
  readonly description?: string;
  /** The version that it prints; this library's by default. */
  readonly version?: string;
  /** Without the program itself; the process's by default. */
  readonly args?: readonly string[];
  /** The process's by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Stops it, as SIGTERM does. */
  readonly signal?: AbortSignal;
  /** Another way to the cluster. */
  readonly connect?: (options: ConnectOptions) => Promise<Connected>;
  /** Instead of the logger that the settings describe. */
  readonly logger?: Logger;
  /** Where the spans and counters of requests, provider calls and steps go. */
  readonly telemetry?: Telemetry;
  /** Instead of standard output: help and the like. */
  readonly out?: (text: string) => void;
  /** Instead of standard error: errors of usage, and the log. */
  readonly err?: (text: string) => void;
}

const flushMs = 1_000;
const wideColumns = 100;

/** The texts of a run, and where they go. */
interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly log: LineWriter;
}

const outputOf = ({ out, err }: Pick<CliOptions, "out" | "err">): Output => ({
  out: out ?? ((text) => void process.stdout.write(text)),
  err: err ?? ((text) => void process.stderr.write(text)),
  log: err === undefined
    ? lineWriter()
    : { write: (line) => err(`${line}\n`), flush: () => Promise.resolve() },
});

const loggerOf = (
  { logLevel, logFormat }: RunSettings,
  { log }: Output,
  env: Env,
  isOwn: boolean,
): Logger => {
  const options = { level: logLevel, write: log.write };
  if (logFormat === "json") return jsonLogger(options);
  const plain = isOwn || (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  return consoleLogger({ ...options, colours: !plain && process.stderr.isTTY === true });
};

type Env = Readonly<Record<string, string | undefined>>;

const runtimeName = (): string => {
  const { deno, node } = process.versions;
  return deno === undefined ? `Node ${node}` : `Deno ${deno}`;
};

/** Throws for a table that cannot work: a name twice, or one that is not camelCase. */
const tableOf = <Extra>({ providers, settings }: CliOptions<Extra>): SettingTable<RunSettings & Extra> => {
  const names = Object.keys(providers);
  if (names.length === 0) throw new TypeError("runCli needs at least one provider");
  const base: AnyTable = runSettings(names), own = (settings ?? {}) as AnyTable;
  for (const name of Object.keys(own)) {
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) throw new TypeError(`setting ${name}: its name must be camelCase`);
    const same = ["--help", ...Object.keys(base).map(flagOf)].find((flag) => flag === flagOf(name));
    if (same !== undefined) {
      throw new TypeError(`setting ${name}: there is a ${same} already; give it another name`);
    }
  }
  return { ...base, ...own } as SettingTable<RunSettings & Extra>;
};

const problemsText = (program: string, { problems }: SettingsError): string =>
  [...problems.map((problem) => `${program}: ${problem}`), `Try: ${program} run --help`, ""].join("\n");

/** Resolves with the exit code, at once when a stop is asked for twice. */
const race = async (work: Promise<void>, stopping: Stopping): Promise<number> => {
  const done = work.then(() => exitCodes.stopped);
  done.catch(() => {});
  return await Promise.race([done, stopping.atOnce.then(() => exitCodes.failed)]);
};

const run = async <Extra>(
  options: CliOptions<Extra>,
  table: SettingTable<RunSettings & Extra>,
  flags: Flags,
  output: Output,
): Promise<number> => {
  const { name = "vk", env = process.env, connect = connectByRuntime, providers } = options;
  let logger: Logger | undefined;
  let stopping: Stopping | undefined;
  try {
    const settings = await loadSettings<RunSettings & Extra>(table, { program: name, flags, env });
    logger = guarded(options).logger ?? loggerOf(settings, output, env, options.err !== undefined);
    const variables = unknownVariables(table, name, env);
    if (variables.length > 0) logger.log("warn", "these variables are no settings", { variables });
    stopping = listenForStop(logger, options.signal);
    const make = providers[settings.provider];
    if (make === undefined) throw new SettingsError(`there is no provider ${settings.provider}`);
    // only now: help and errors of usage need none of it
    const { runNode } = await import("./run.ts");
    const { telemetry } = options;
    const work = runNode({ settings, make, connect, logger, telemetry, signal: stopping.signal });
    return await race(work, stopping);
  } catch (error) {
    if (error instanceof SettingsError) {
      await output.log.flush(flushMs);
      output.err(problemsText(name, error));
      return exitCodes.usage;
    }
    if (logger === undefined) throw error;
    logger.log("error", "the virtual kubelet failed", { error });
    return exitCodes.failed;
  } finally {
    stopping?.close();
    await output.log.flush(flushMs);
  }
};

const runOther = <Extra>(
  { name: program = "vk", env = process.env, connect = connectByRuntime, signal, out }: CliOptions<Extra>,
  asked: CommandAsked,
  { err }: Output,
): Promise<number> =>
  runProgramCommand(asked, {
    ...{ program, env, connect, err },
    signal: signal ?? new AbortController().signal,
    out: out === undefined ? standardOutput() : (text) => Promise.resolve(out(text)),
  });

const answer = <Extra>(
  asked: Exclude<Asked, { command: "run" | "other" }>,
  options: CliOptions<Extra>,
  table: AnyTable,
  out: (text: string) => void,
): number => {
  const { name = "vk", version = ownVersion } = options;
  switch (asked.command) {
    case "done":
      return asked.code;
    case "version":
      out(
        `${name} ${version}${
          version === ownVersion ? "" : `, virtual-kubelet ${ownVersion}`
        }, ${runtimeName()}\n`,
      );
      return exitCodes.stopped;
    case "providers":
      out(`${Object.keys(options.providers).join("\n")}\n`);
      return exitCodes.stopped;
    case "settings":
      out(settingsFile(table, name));
      return exitCodes.stopped;
  }
};

/**
 * Runs a whole virtual kubelet around providers: reads flags, variables and a file; connects to the cluster and waits for it;
 * serves the kubelet API; runs the node until SIGTERM, SIGINT or `signal`, then stops it (a second signal ends it at once).
 * Resolves with the exit code for the process: 0 stopped on request, 1 failed, 2 wrong usage or settings. It never ends the
 * process by itself. Throws a `TypeError` when the options contradict each other.
 *
 * @example
 * ```ts
 * process.exit(await runCli({ providers: { memory: () => memoryProvider() } }));
 * ```
 */
export const runCli = async <Extra = unknown>(options: CliOptions<Extra>): Promise<number> => {
  const { name = "vk", version = ownVersion, args = process.argv.slice(2), commands = [] } = options;
  const table = tableOf(options);
  const output = outputOf(options);
  const { description = "Joins a virtual node to a Kubernetes cluster and runs its pods." } = options;
  const width = process.stdout.columns ?? wideColumns;
  const asked = parseCommandLine({ name, description, version, table, commands, width, ...output }, args);
  switch (asked.command) {
    case "run":
      return await run(options, table, asked.flags, output);
    case "other":
      return await runOther(options, asked, output);
    default:
      return answer(asked, options, table, output.out);
  }
};
