import { Command, CommanderError, Option } from "commander";
import type { ProgramCommand } from "./command.ts";
import type { Flags } from "./given.ts";
import { type AnyTable, flagOf, variableOf } from "./setting.ts";
import { defaultText } from "./settings_list.ts";

/** What the program is told about itself. */
export interface ProgramOptions {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly table: AnyTable;
  /** Commands beside its own. */
  readonly commands: readonly ProgramCommand[];
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Columns of the terminal, for the help. */
  readonly width: number;
}

/** What the command line asks for; `done` with an exit code when help or an error was all. */
export type Asked =
  | { readonly command: "run"; readonly flags: Flags }
  | {
    readonly command: "other";
    readonly other: ProgramCommand;
    readonly operands: readonly string[];
    readonly flags: Flags;
  }
  | { readonly command: "version" | "providers" | "settings" }
  | { readonly command: "done"; readonly code: number };

/** Done, or stopped on request; a failure; wrong usage or settings. */
export const exitCodes = { stopped: 0, failed: 1, usage: 2 } as const;

const exitCodeHelp = `
Exit codes:
  0  done, or stopped on request
  1  failed
  2  wrong usage or settings
`;

const settingsHelp = (name: string): string => `
Each setting can also be a variable or a name in the file: --lease-duration 40s,
${
  variableOf(name, "leaseDuration")
}=40s, or leaseDuration: 40s. A flag counts before a variable, a variable before
the file, and the file before the default. "${name} settings" prints a file to begin with.
`;

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...before ?? [],
  value,
];

/** The flags of a setting; the ones that few need are hidden. */
const optionsOf = (name: string, row: AnyTable[string]): readonly Option[] => {
  const { kind, help, group, required } = row;
  const flag = row.short === undefined ? flagOf(name) : `-${row.short}, ${flagOf(name)}`;
  const told = defaultText(row);
  const isSwitch = kind.placeholder === "";
  const tail = required === true
    ? " (required)"
    : isSwitch || told === undefined
    ? ""
    : ` (default: ${told})`;
  const option = new Option(isSwitch ? flag : `${flag} <${kind.placeholder}>`, `${help}${tail}`);
  if (kind.many === true) option.argParser(collect);
  const options = [option];
  if (kind.off !== undefined) {
    const isOn = isSwitch && row.default === true;
    const off = new Option(flagOf(name).replace(/^--/, "--no-"), isSwitch ? `without ${help}` : `no ${help}`);
    options.push(isOn ? off : off.hideHelp());
    if (isOn) option.hideHelp();
  }
  return options.map((each) => each.helpGroup(`${group ?? "Options"}:`));
};

const runCommand = (options: ProgramOptions, asked: (flags: Flags) => void): Command => {
  const { name, table } = options;
  const run = new Command("run").description("join a virtual node to a cluster and run its pods").usage(
    "[options]",
  );
  for (const [key, row] of Object.entries(table)) {
    for (const option of optionsOf(key, row)) run.addOption(option);
  }
  return run.addHelpText("after", settingsHelp(name) + exitCodeHelp).action((flags) => asked(flags));
};

const otherCommand = (
  other: ProgramCommand,
  asked: (operands: readonly string[], flags: Flags) => void,
): Command => {
  const made = new Command(other.name).description(other.help);
  if (other.operands !== undefined) made.arguments(other.operands);
  for (const [key, row] of Object.entries(other.settings)) {
    for (const option of optionsOf(key, row)) made.addOption(option);
  }
  if (other.notes !== undefined) made.addHelpText("after", `\n${other.notes}`);
  return made.action(() => asked(made.args, made.opts()));
};

/** Reads a command line. Prints help and errors itself. */
export const parseCommandLine = (options: ProgramOptions, args: readonly string[]): Asked => {
  const { name, description, version, commands: others, out, err, width } = options;
  let asked: Asked = { command: "done", code: exitCodes.usage };
  const output = { writeOut: out, writeErr: err, getOutHelpWidth: () => width, getErrHelpWidth: () => width };
  const program = new Command(name).description(description).configureOutput(output).exitOverride()
    .version(version, "--version", "print the version").showHelpAfterError(`Try: ${name} --help`)
    .addHelpText("after", exitCodeHelp);
  const simple = (command: "version" | "providers" | "settings", help: string): Command =>
    new Command(command).description(help).action(() => {
      asked = { command };
    });
  const commands = [
    runCommand(options, (flags) => {
      asked = { command: "run", flags };
    }),
    ...others.map((other) =>
      otherCommand(other, (operands, flags) => {
        asked = { command: "other", other, operands, flags };
      })
    ),
    simple("providers", "print the names of the providers"),
    simple("settings", "print a file with all settings, to begin with"),
    simple("version", "print the version, and what it runs on"),
  ];
  for (const command of commands) {
    program.addCommand(
      command.copyInheritedSettings(program).showHelpAfterError(`Try: ${name} ${command.name()} --help`),
    );
  }
  try {
    program.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // help that was not asked for has an exit code of its own
    asked = { command: "done", code: error.exitCode === 0 ? exitCodes.stopped : exitCodes.usage };
  }
  return asked;
};
