import { choice, text, toggle } from "../kinds.ts";
import { setting, type SettingTable } from "../setting.ts";
import type { Format } from "./format.ts";
import { type ClientSettings, clientSettings, flagsOnly, namespaceRow, selectorRow } from "./settings.ts";

export interface GetSettings extends ClientSettings {
  readonly namespace: string | undefined;
  readonly allNamespaces: boolean;
  readonly output: Format;
  readonly selector: string | undefined;
  readonly fieldSelector: string | undefined;
  readonly watch: boolean;
}

export const getSettings: SettingTable<GetSettings> = {
  ...flagsOnly<Omit<GetSettings, keyof ClientSettings>>({
    namespace: namespaceRow,
    allNamespaces: setting(toggle, { short: "A", help: "of all namespaces", default: false }),
    output: setting(choice<Format>("FORMAT", ["table", "wide", "yaml", "json", "name"]), {
      short: "o",
      help: "table, wide, yaml, json or name",
      default: "table",
    }),
    selector: selectorRow,
    fieldSelector: setting(text("FIELDS", "a field selector like status.phase=Running"), {
      help: "only objects with these fields: spec.nodeName=virtual-1",
    }),
    watch: setting(toggle, { short: "w", help: "go on with every change", default: false }),
  }),
  ...clientSettings,
};
