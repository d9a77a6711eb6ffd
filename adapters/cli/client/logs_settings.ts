import { duration, integer, text, toggle } from "../kinds.ts";
import { setting, type SettingTable } from "../setting.ts";
import { type ClientSettings, clientSettings, flagsOnly, namespaceRow } from "./settings.ts";

export interface LogsSettings extends ClientSettings {
  readonly namespace: string | undefined;
  readonly container: string | undefined;
  readonly follow: boolean;
  readonly tail: number | undefined;
  readonly previous: boolean;
  readonly since: number | undefined;
  readonly timestamps: boolean;
}

export const logsSettings: SettingTable<LogsSettings> = {
  ...flagsOnly<Omit<LogsSettings, keyof ClientSettings>>({
    namespace: namespaceRow,
    container: setting(text("NAME", "the name of a container"), {
      short: "c",
      help: "container of the pod",
      defaultText: "the only one",
    }),
    follow: setting(toggle, { short: "f", help: "go on with what is written later", default: false }),
    tail: setting(integer("N", 0, 1e9), { help: "only the last lines", defaultText: "all" }),
    previous: setting(toggle, { short: "p", help: "of the instance before", default: false }),
    since: setting(duration(1_000, 365 * 24 * 3_600_000, 1_000), { help: "only what was written since" }),
    timestamps: setting(toggle, { help: "with the time of each line", default: false }),
  }),
  ...clientSettings,
};
