import type { Kind } from "./kind.ts";
import { kinds } from "./kinds/kinds.ts";

const byPath: ReadonlyMap<string, Kind> = new Map(
  kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind]),
);

const versions: ReadonlySet<string> = new Set(kinds.map(({ group, version }) => `${group}/${version}`));

/** The kind that is served under a group ("" for the core group), a version and a plural. */
export const kindOf = (group: string, version: string, plural: string): Kind | undefined =>
  byPath.get(`${group}/${version}/${plural}`);

export const isServedVersion = (group: string, version: string): boolean =>
  versions.has(`${group}/${version}`);
