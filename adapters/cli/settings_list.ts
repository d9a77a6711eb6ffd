import { type AnyTable, flagOf, variableOf } from "./setting.ts";

type Row = AnyTable[string];

/** The default in words, or `undefined` when there is none. */
export const defaultText = ({ kind, default: value, defaultText: told }: Row): string | undefined =>
  told ?? (value === undefined ? undefined : kind.show(value));

const yamlKey = (name: string, row: Row): string => {
  const { kind, default: value } = row;
  const shown = value !== undefined ? kind.show(value) : kind.placeholder;
  return `# ${name}: ${shown}`;
};

/**
 * Every setting with its flag, its variable, its default and its meaning, as a YAML file in which all is commented out: a
 * file for `--config` to begin with.
 */
export const settingsFile = (table: AnyTable, program: string): string => {
  const blocks = Object.entries(table).filter(([, row]) => row.inFile !== false).map(([name, row]) => {
    const told = row.required === true ? "required" : `default: ${defaultText(row) ?? "none"}`;
    return [
      `# ${row.help} (${told})`,
      `# ${row.kind.expected}; also ${flagOf(name)} and ${variableOf(program, name)}`,
      yamlKey(name, row),
    ].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
};
