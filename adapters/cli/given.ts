import { type AnyTable, flagOf, variableOf } from "./setting.ts";

/** A value before it is decoded, and where it is from, in words that lead a person there. */
export interface Given {
  readonly source: string;
  readonly value: unknown;
  /** A text as on a command line, or data as in a file. */
  readonly form: "text" | "data";
}

/** What is given by one source, by the setting's name. */
export type GivenSettings = ReadonlyMap<string, Given>;

/** What was parsed of the command line: texts, lists of texts, and for switches booleans. */
export type Flags = Readonly<Record<string, unknown>>;

/** The settings given by flags. */
export const givenByFlags = (table: AnyTable, flags: Flags): GivenSettings => {
  const given = new Map<string, Given>();
  for (const [name, { kind }] of Object.entries(table)) {
    const value = flags[name];
    const flag = flagOf(name);
    if (value === undefined) continue;
    if (value === false) given.set(name, { source: flag, value: kind.show(kind.off), form: "text" });
    else {
      const text = Array.isArray(value) ? value.join(",") : String(value);
      given.set(name, { source: flag, value: text, form: "text" });
    }
  }
  return given;
};

/** Kubernetes gives a pod such variables for every service: for one named `vk` there is a `VK_PORT`. */
const isServiceLink = (value: string): boolean => /^(tcp|udp|sctp):\/\//.test(value);

/** The settings given by variables. An empty one counts as not given. */
export const givenByVariables = (
  table: AnyTable,
  program: string,
  env: Readonly<Record<string, string | undefined>>,
): GivenSettings => {
  const given = new Map<string, Given>();
  for (const [name, { inEnv = true }] of Object.entries(table)) {
    if (!inEnv) continue;
    const source = variableOf(program, name);
    const value = env[source] ?? "";
    if (value !== "" && !isServiceLink(value)) given.set(name, { source, value, form: "text" });
  }
  return given;
};

/** Names that a service gives: `VK_SERVICE_HOST`, `VK_PORT_80_TCP_ADDR`. */
const serviceName = /_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP|SCTP)/;

/** Variables that look like settings of the program and are none: mistyped, most likely. */
export const unknownVariables = (
  table: AnyTable,
  program: string,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] => {
  const known = new Set(Object.keys(table).map((name) => variableOf(program, name)));
  const prefix = variableOf(program, "");
  return Object.keys(env).filter((name) =>
    name.startsWith(prefix) && !known.has(name) && !serviceName.test(name)
  ).sort();
};

const plain = (name: string): string => name.toLowerCase().replace(/[-_]/g, "");

/** The settings given by a file, and what is wrong with its keys. */
export const givenByFile = (
  table: AnyTable,
  file: string,
  data: Readonly<Record<string, unknown>>,
): { readonly given: GivenSettings; readonly wrong: readonly string[] } => {
  const given = new Map<string, Given>();
  const wrong: string[] = [];
  const known = Object.keys(table).filter((name) => table[name]?.inFile !== false);
  for (const [key, value] of Object.entries(data)) {
    const source = `${file}: ${key}`;
    if (known.includes(key)) {
      if (value !== null) given.set(key, { source, value, form: "data" });
    } else {
      const meant = known.find((name) => plain(name) === plain(key));
      wrong.push(
        meant === undefined
          ? `${source}: there is no such setting; known are ${known.join(", ")}`
          : `${source}: there is no such setting; ${meant} is meant`,
      );
    }
  }
  return { given, wrong };
};
