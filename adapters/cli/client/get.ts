import type { CommandCall } from "../command.ts";
import { SettingsError } from "../settings_error.ts";
import { ask, type Json } from "./ask.ts";
import { type Cluster, withCluster } from "./cluster.ts";
import { resourceNamed } from "./discovery.ts";
import { type Format, objectsText } from "./format.ts";
import type { GetSettings } from "./get_settings.ts";
import { asTable, collectionPath, objectPath } from "./resource.ts";
import { alignedLines, cellsOf, headOf, type TextTable, textTable, widthsOf } from "./table.ts";
import type { Wanted } from "./wanted.ts";
import { followObjects, followTable } from "./watch.ts";

const pageLimit = "500";

/** What was found, and from where a watch goes on. */
interface Found {
  /** Tables, or lists. */
  readonly pages: readonly Json[];
  readonly resourceVersion: string;
}

const listAll = async ({ api, signal }: Cluster, wanted: Wanted, table: boolean): Promise<Found> => {
  const path = collectionPath(wanted.resource, wanted.namespace);
  const pages: Json[] = [];
  for (let next = "";;) {
    const query = { ...wanted.query, limit: pageLimit, ...(next === "" ? {} : { continue: next }) };
    const page = await ask(api, { method: "GET", path, query, ...(table ? asTable : {}) }, signal);
    pages.push(page);
    next = String(page?.metadata?.continue ?? "");
    if (next === "") return { pages, resourceVersion: String(pages[0]?.metadata?.resourceVersion ?? "") };
  }
};

const getEach = async (
  { api, signal, namespace }: Cluster,
  wanted: Wanted,
  table: boolean,
): Promise<Found> => {
  const { resource, names } = wanted;
  const pages: Json[] = [];
  for (const name of names) {
    const path = objectPath(resource, wanted.namespace ?? namespace, name);
    pages.push(await ask(api, { method: "GET", path, ...(table ? asTable : {}) }, signal));
  }
  return { pages, resourceVersion: String(pages[0]?.metadata?.resourceVersion ?? "") };
};

const joined = (pages: readonly Json[], wide: boolean): TextTable => {
  const tables = pages.map((page) => textTable(page, wide, pages[0]?.columnDefinitions));
  return { columns: tables[0]?.columns ?? [], rows: tables.flatMap(({ rows }) => rows) };
};

const nothing = ({ resource, namespace }: Wanted): string =>
  resource.namespaced && namespace !== undefined
    ? `No resources found in ${namespace} namespace.\n`
    : "No resources found.\n";

/** Prints a table of what there is; follows it when that is wanted. */
const showTable = async (
  { out, err, settings: { output, watch } }: CommandCall<GetSettings>,
  cluster: Cluster,
  wanted: Wanted,
): Promise<void> => {
  const wide = output === "wide";
  const { pages, resourceVersion } = await (wanted.names.length > 0 && !watch ? getEach : listAll)(
    cluster,
    wanted,
    true,
  );
  const { columns, rows } = joined(pages, wide);
  if (rows.length === 0 && !watch) return err(nothing(wanted));
  const everywhere = wanted.resource.namespaced && wanted.namespace === undefined;
  const lines = [headOf(columns, everywhere), ...cellsOf(rows, everywhere)];
  const widths = widthsOf(lines);
  await out(`${alignedLines(lines, widths).join("\n")}\n`);
  if (!watch) return;
  const columnDefinitions: Json = pages[0]?.columnDefinitions;
  await followTable(cluster, wanted, { resourceVersion, columnDefinitions, wide, everywhere, widths }, out);
};

const showObjects = async (
  { out, settings: { watch } }: CommandCall<GetSettings>,
  cluster: Cluster,
  wanted: Wanted,
  format: Exclude<Format, "table" | "wide">,
): Promise<void> => {
  const byName = wanted.names.length > 0 && !watch;
  const { pages, resourceVersion } = await (byName ? getEach : listAll)(cluster, wanted, false);
  const objects = byName ? pages : pages.flatMap((page) => page?.items ?? []);
  const single = byName && wanted.names.length === 1;
  if (!watch || objects.length > 0) await out(objectsText(format, objects, wanted.resource, single));
  if (watch) await followObjects(cluster, wanted, resourceVersion, format, out);
};

/** `pods web api`, `pods/web`, `pods`. */
const splitOperands = (operands: readonly string[]): readonly [string, readonly string[]] => {
  const [kind = "", ...names] = operands;
  const slash = kind.indexOf("/");
  return slash < 0 ? [kind, names] : [kind.slice(0, slash), [kind.slice(slash + 1), ...names]];
};

const queryOf = (settings: GetSettings, names: readonly string[]): Readonly<Record<string, string>> => {
  const { selector, fieldSelector, watch } = settings;
  const [name] = names;
  if (names.length > 0 && (selector !== undefined || fieldSelector !== undefined)) {
    throw new SettingsError("give names, or a selector, but not both");
  }
  if (names.length > 1 && watch) throw new SettingsError("--watch: give one name, or none");
  const fields = name === undefined ? fieldSelector : `metadata.name=${name}`;
  return {
    ...(selector === undefined ? {} : { labelSelector: selector }),
    ...(fields === undefined ? {} : { fieldSelector: fields }),
  };
};

/** Shows objects as the API server's table, or as they are. */
export const get = (call: CommandCall<GetSettings>): Promise<number> => {
  const { settings, operands } = call;
  const [kind, names] = splitOperands(operands);
  if (names.length > 0 && settings.allNamespaces) {
    throw new SettingsError("--all-namespaces: an object has its name in one namespace; give -n with names");
  }
  const query = queryOf(settings, names);
  return withCluster(call, async (cluster) => {
    const resource = await resourceNamed(cluster.api, kind, cluster.signal);
    const namespace = settings.allNamespaces || !resource.namespaced ? undefined : cluster.namespace;
    const wanted = { resource, namespace, names, query };
    const { output } = settings;
    if (output === "table" || output === "wide") await showTable(call, cluster, wanted);
    else await showObjects(call, cluster, wanted, output);
  });
};
