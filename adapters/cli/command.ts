import type { Connected, ConnectOptions } from "../kubernetes/connect.ts";
import type { AnyTable, SettingTable } from "./setting.ts";

/** What a command is called with. */
export interface CommandCall<A = unknown> {
  /** The program's name. */
  readonly program: string;
  /** What is neither a flag nor a flag's value. */
  readonly operands: readonly string[];
  readonly settings: A;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The way to a cluster. */
  readonly connect: (options: ConnectOptions) => Promise<Connected>;
  /** Aborts when the caller wants it to end. */
  readonly signal: AbortSignal;
  /** To standard output. Resolves when the text is taken; rejects with a `ClosedOutput` when nobody reads any more. */
  readonly out: (text: string) => Promise<void>;
  /** To standard error. */
  readonly err: (text: string) => void;
}

/** A command of a program, beside `run`. */
export interface ProgramCommand {
  readonly name: string;
  /** As the help shows them: `<kind> [name...]`. */
  readonly operands?: string;
  /** One sentence for the help, without a full stop. */
  readonly help: string;
  readonly settings: AnyTable;
  /** The end of its help. */
  readonly notes?: string;
  /** Resolves with the exit code. It may throw `SettingsError`: exit code 2. */
  readonly run: (call: CommandCall<any>) => Promise<number>;
}

/** A command whose settings have a type. */
export const command = <A>(
  given: Omit<ProgramCommand, "settings" | "run"> & {
    readonly settings: SettingTable<A>;
    readonly run: (call: CommandCall<A>) => Promise<number>;
  },
): ProgramCommand => given;
