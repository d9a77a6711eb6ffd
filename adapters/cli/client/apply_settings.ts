import { file, list, toggle } from "../kinds.ts";
import { setting, type SettingTable } from "../setting.ts";
import { type ClientSettings, clientSettings, flagsOnly, namespaceRow } from "./settings.ts";

export interface ApplySettings extends ClientSettings {
  readonly filename: readonly string[];
  readonly namespace: string | undefined;
  readonly forceConflicts: boolean;
}

export const filenameHelp = "file with objects, YAML or JSON; - is standard input";

export const applySettings: SettingTable<ApplySettings> = {
  ...flagsOnly<Omit<ApplySettings, keyof ClientSettings>>({
    filename: setting(list(file), { short: "f", help: filenameHelp, required: true }),
    namespace: namespaceRow,
    forceConflicts: setting(toggle, {
      help: "take over fields that others have set, instead of being refused",
      default: false,
    }),
  }),
  ...clientSettings,
};
