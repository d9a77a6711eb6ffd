import process from "node:process";
import { choice, integer, toggle } from "../cli/kinds.ts";
import { setting, type SettingTable } from "../cli/setting.ts";

/** What the demo may be told. */
export interface DemoSettings {
  readonly provider: "process" | "memory";
  readonly nodes: number;
  readonly port: number;
  readonly webPort: number | undefined;
  readonly keep: boolean;
  readonly plain: boolean;
  readonly once: boolean;
}

const flag = { inEnv: false, inFile: false } as const;

/** Processes need `/proc`. */
const usual = process.platform === "linux" ? "process" : "memory";

export const demoSettings: SettingTable<DemoSettings> = {
  provider: setting(choice("NAME", ["process", "memory"]), {
    ...flag,
    help: "what runs the pods: process (of this machine) or memory (simulated)",
    default: usual,
    defaultText: "process, or memory where that is not Linux",
  }),
  nodes: setting(integer("N", 1, 1_000), { ...flag, help: "how many nodes", default: 1 }),
  port: setting(integer("N", 0, 65_535), {
    ...flag,
    help: "port of the API server on 127.0.0.1",
    default: 0,
    defaultText: "any free one",
  }),
  webPort: setting(integer("N", 1, 65_535), {
    ...flag,
    help: "port on which the sample pod serves HTTP",
    defaultText: "8080, or any free one",
  }),
  keep: setting(toggle, {
    ...flag,
    help: "keep the cluster's state and the pods' folders for the next start with --keep",
    default: false,
  }),
  plain: setting(toggle, { ...flag, help: "lines instead of a screen, also on a terminal", default: false }),
  once: setting(toggle, {
    ...flag,
    help: "end by itself as soon as the sample pods have run",
    default: false,
  }),
};
