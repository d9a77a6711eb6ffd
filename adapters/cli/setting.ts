import type { Kind } from "./kind.ts";

/** What is told of a setting, besides its kind. */
export interface SettingOptions<A> {
  /** One sentence for the help, without a full stop. */
  readonly help: string;
  /** The heading in the help; `Options` by default. */
  readonly group?: string;
  /** What holds when it is given nowhere. */
  readonly default?: A;
  /** How the default is told where it is found out at run time. */
  readonly defaultText?: string;
  /** It must be given. */
  readonly required?: boolean;
  /** `false`: not in the file. */
  readonly inFile?: boolean;
  /** `false`: not by a variable. */
  readonly inEnv?: boolean;
  /** One letter, for a second flag: `n` for `-n`. */
  readonly short?: string;
}

/** One setting: a row of the table that flags, variables, the file, the help and the documents are made from. */
export interface Setting<A> extends SettingOptions<A> {
  readonly kind: Kind<Exclude<A, undefined>>;
}

/** The table: settings by their name in a file, in camelCase. All other names follow from it. */
export type SettingTable<A> = { readonly [K in keyof A]-?: Setting<A[K]> };

/** A table of whatever settings. */
export type AnyTable = Readonly<Record<string, Setting<any>>>;

/** A setting that always has a value: by default, or because it must be given. */
export function setting<A>(
  kind: Kind<A>,
  options:
    & SettingOptions<A>
    & ({ readonly default: A } | { readonly required: true }),
): Setting<A>;
/** A setting that may have no value. */
export function setting<A>(kind: Kind<A>, options: SettingOptions<A>): Setting<A | undefined>;
export function setting<A>(kind: Kind<A>, options: SettingOptions<A>): Setting<any> {
  return { ...options, kind };
}

const words = (name: string): readonly string[] =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).split("_");

/** `leaseDuration` as a flag: `--lease-duration`. */
export const flagOf = (name: string): string => `--${words(name).join("-")}`;

/** `leaseDuration` as a variable of the program `vk`: `VK_LEASE_DURATION`. */
export const variableOf = (program: string, name: string): string =>
  [program.replace(/[^A-Za-z0-9]+/g, "_"), ...words(name)].join("_").toUpperCase();
