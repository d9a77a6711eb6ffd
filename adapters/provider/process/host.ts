/** What a rule is told of the machine. */
export interface Host {
  readonly uid: number;
  readonly gid: number;
  /** Of the machine, where it was told. */
  readonly address?: string;
  /** Folders that pods may mount. */
  readonly hostPaths?: readonly string[];
}

/** `refuse`: as the rule says. `warn`: only what no process could start without stays fatal. */
export type UnsupportedPolicy = "refuse" | "warn";
