import { duration, file, integer, list, toggle } from "../kinds.ts";
import { setting, type SettingTable } from "../setting.ts";
import { filenameHelp } from "./apply_settings.ts";
import { type ClientSettings, clientSettings, flagsOnly, namespaceRow } from "./settings.ts";

export interface DeleteSettings extends ClientSettings {
  readonly filename: readonly string[];
  readonly namespace: string | undefined;
  readonly gracePeriod: number | undefined;
  readonly force: boolean;
  readonly wait: boolean;
  readonly timeout: number;
  readonly ignoreNotFound: boolean;
}

const week = 7 * 24 * 3_600;

export const deleteSettings: SettingTable<DeleteSettings> = {
  ...flagsOnly<Omit<DeleteSettings, keyof ClientSettings>>({
    filename: setting(list(file), {
      short: "f",
      help: filenameHelp,
      default: [],
      defaultText: "kind and names",
    }),
    namespace: namespaceRow,
    gracePeriod: setting(integer("SECONDS", 0, week), {
      help: "seconds that a pod has to end by itself",
      defaultText: "the pod's own",
    }),
    force: setting(toggle, {
      help: "take the object away at once, whether what it stands for has ended or not",
      default: false,
    }),
    wait: setting(toggle, { help: "waiting until the objects are gone", default: true }),
    timeout: setting(duration(1_000), { help: "how long to wait", default: 300_000 }),
    ignoreNotFound: setting(toggle, { help: "an object that is not there is no failure", default: false }),
  }),
  ...clientSettings,
};
