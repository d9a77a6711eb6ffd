import { demoCommand } from "../demo/command.ts";
import { clientCommands } from "./client/commands.ts";
import { runCli } from "./cli.ts";
import type { ProgramCommand } from "./command.ts";
import { providers, providerSettings } from "./providers.ts";

/** What `vk` can beside `run`. */
export const ownCommands: readonly ProgramCommand[] = [demoCommand, ...clientCommands];

/** The program `vk`. Resolves with its exit code. */
export const main = (): Promise<number> =>
  runCli({ providers, settings: providerSettings, commands: ownCommands });
