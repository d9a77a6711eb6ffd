import { setTimeout } from "node:timers/promises";
import { ClientError } from "./client_error.ts";
import { type Json, jsonLines, open } from "./ask.ts";
import type { Cluster } from "./cluster.ts";
import { type Format, nextText } from "./format.ts";
import { asTable, collectionPath } from "./resource.ts";
import { alignedLines, cellsOf, textTable, widthsOf } from "./table.ts";
import type { Wanted } from "./wanted.ts";

/** A watch is asked to end after that, and then goes on with a new request. */
const timeoutSeconds = "300";
/** From one watch to the next, where they end at once. */
const betweenMs = 1_000;

/** Of a table: the version is with its rows. */
const versionOf = (object: Json): string | undefined =>
  object?.metadata?.resourceVersion || object?.rows?.at(-1)?.object?.metadata?.resourceVersion;

const isObject = (type: string): boolean => ["ADDED", "MODIFIED", "DELETED"].includes(type);

/**
 * Every change after `resourceVersion`, until the signal aborts: a watch that ends is opened again where it ended.
 * Throws {@link ClientError} when the server has forgotten what came after, or cannot be reached any more.
 */
async function* changes(
  { api, signal }: Cluster,
  wanted: Wanted,
  resourceVersion: string,
  accept: { readonly accept?: string },
): AsyncGenerator<{ readonly type: string; readonly object: Json }> {
  const path = collectionPath(wanted.resource, wanted.namespace);
  const common = { ...wanted.query, watch: "true", allowWatchBookmarks: "true", timeoutSeconds };
  for (let from = resourceVersion; !signal.aborted;) {
    const query = { ...common, resourceVersion: from };
    const earliest = performance.now() + betweenMs;
    const body = await open(api, { method: "GET", path, query, ...accept }, signal);
    for await (const { type, object } of jsonLines(body)) {
      if (type === "ERROR") {
        throw new ClientError(
          `the watch has ended: ${object?.message ?? "without a reason"}; start it again`,
        );
      }
      from = versionOf(object) ?? from;
      if (isObject(type)) yield { type, object };
    }
    const left = earliest - performance.now();
    if (left > 0) await setTimeout(left, undefined, { signal });
  }
}

/** How a table that was printed goes on. */
interface Table {
  readonly resourceVersion: string;
  readonly columnDefinitions: Json;
  readonly wide: boolean;
  readonly everywhere: boolean;
  readonly widths: readonly number[];
}

type Write = (text: string) => Promise<void>;

/** A line for each change, under the columns of the table. */
export const followTable = async (
  cluster: Cluster,
  wanted: Wanted,
  table: Table,
  out: Write,
): Promise<void> => {
  let { widths } = table;
  for await (const { object } of changes(cluster, wanted, table.resourceVersion, asTable)) {
    const lines = cellsOf(textTable(object, table.wide, table.columnDefinitions).rows, table.everywhere);
    widths = widthsOf(lines, widths);
    await out(alignedLines(lines, widths).map((line) => `${line}\n`).join(""));
  }
};

export const followObjects = async (
  cluster: Cluster,
  wanted: Wanted,
  resourceVersion: string,
  format: Exclude<Format, "table" | "wide">,
  out: Write,
): Promise<void> => {
  for await (const { object } of changes(cluster, wanted, resourceVersion, {})) {
    await out(nextText(format, object, wanted.resource));
  }
};
