import { text } from "../kinds.ts";
import { type Setting, setting, type SettingTable } from "../setting.ts";
import { runSettings } from "../settings.ts";

/** What every command that speaks to a cluster is told. */
export interface ClientSettings {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly inCluster: boolean;
}

/** The same rows as `run` has. */
const { kubeconfig, context, inCluster } = runSettings(["none"]);

export const clientSettings: SettingTable<ClientSettings> = { kubeconfig, context, inCluster };

/** Rows that are flags only: as variables they would be a trap. */
export const flagsOnly = <A>(table: SettingTable<A>): SettingTable<A> =>
  Object.fromEntries(
    Object.entries(table).map(([name, row]) => [name, { ...row as object, inEnv: false, inFile: false }]),
  ) as SettingTable<A>;

/** The namespace, where a command has one. */
export const namespaceRow: Setting<string | undefined> = setting(text("NAME", "the name of a namespace"), {
  short: "n",
  help: "namespace",
  defaultText: "the context's, else default",
});

/** A pick of objects, where a command has one. */
export const selectorRow: Setting<string | undefined> = setting(
  text("LABELS", "a label selector like app=web"),
  {
    short: "l",
    help: "only objects with these labels: app=web,tier!=front",
  },
);
