import type { Now } from "../../../core/time.ts";
import type { Column } from "../kind.ts";
import { at, isObject, numberAt, textAt } from "../kinds/fields.ts";
import type { ApiObject, Json, JsonObject } from "../object.ts";
import { sinceText } from "./age.ts";
import { column, nameColumn, wideColumn } from "./columns.ts";

export const eventColumns: readonly Column[] = [
  column("Last Seen", "When it happened last."),
  column("Type", "Normal or Warning."),
  column("Reason", "What happened, in a word for machines."),
  column("Object", "What it happened to."),
  wideColumn("Subobject", "The part of the object that it happened to."),
  wideColumn("Source", "Who reports it."),
  column("Message", "What happened, for people."),
  wideColumn("First Seen", "When it happened first."),
  wideColumn("Count", "How often it happened."),
  { ...nameColumn, priority: 1 },
];

const sourceOf = (event: ApiObject): string => {
  const component = textAt(event, "source", "component") || textAt(event, "reportingComponent");
  const instance = textAt(event, "source", "host") || textAt(event, "reportingInstance");
  return instance === "" ? component : `${component}, ${instance}`;
};

const objectOf = (event: ApiObject): string => {
  const kind = textAt(event, "involvedObject", "kind").toLowerCase();
  const name = textAt(event, "involvedObject", "name");
  return name === "" ? kind : `${kind}/${name}`;
};

const since = (event: JsonObject, name: string, now: Now): string | undefined => {
  const time = textAt(event, name);
  return time === "" ? undefined : sinceText(time, now);
};

/** Of an event under the names of `v1`. */
export const eventCells = (event: ApiObject, now: Now): readonly Json[] => {
  const series = at(event, "series");
  const first = since(event, "firstTimestamp", now) ?? since(event, "eventTime", now) ?? "<unknown>";
  const last = isObject(series)
    ? since(series, "lastObservedTime", now) ?? "<unknown>"
    : since(event, "lastTimestamp", now) ?? first;
  const count = isObject(series) ? numberAt(series, "count") ?? 0 : numberAt(event, "count") || 1;
  return [
    last,
    textAt(event, "type"),
    textAt(event, "reason"),
    objectOf(event),
    textAt(event, "involvedObject", "fieldPath"),
    sourceOf(event),
    textAt(event, "message").trim(),
    first,
    count,
    event.metadata.name,
  ];
};
