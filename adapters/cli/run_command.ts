import * as E from "fp-ts/lib/Either.js";
import type { CommandCall, ProgramCommand } from "./command.ts";
import { decodeSettings } from "./decode_settings.ts";
import { type Flags, givenByFlags, givenByVariables } from "./given.ts";
import { exitCodes } from "./program.ts";
import { SettingsError } from "./settings_error.ts";
import { ClosedOutput } from "./text_output.ts";

/** What was asked for on the command line. */
export interface CommandAsked {
  readonly other: ProgramCommand;
  readonly operands: readonly string[];
  readonly flags: Flags;
}

const problemsText = (program: string, other: string, { problems }: SettingsError): string =>
  [...problems.map((problem) => `${program}: ${problem}`), `Try: ${program} ${other} --help`, ""].join("\n");

const decoded = ({ other, flags }: CommandAsked, { program, env }: Surroundings): unknown => {
  const { settings: table } = other;
  const given = [givenByFlags(table, flags), givenByVariables(table, program, env)];
  const settings = decodeSettings(table, program, given);
  if (E.isLeft(settings)) throw new SettingsError(settings.left);
  return settings.right;
};

type Surroundings = Omit<CommandCall, "operands" | "settings">;

/** Runs a command that is not the program's own. Resolves with its exit code; rejects only for bugs. */
export const runProgramCommand = async (asked: CommandAsked, around: Surroundings): Promise<number> => {
  const { other, operands } = asked;
  try {
    return await other.run({ ...around, operands, settings: decoded(asked, around) });
  } catch (error) {
    if (error instanceof ClosedOutput) return exitCodes.stopped;
    if (!(error instanceof SettingsError)) throw error;
    around.err(problemsText(around.program, other.name, error));
    return exitCodes.usage;
  }
};
