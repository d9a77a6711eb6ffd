import type { Kind } from "../kind.ts";
import type { ApiObject } from "../object.ts";
import { eventCells, eventColumns } from "../table/event_cells.ts";
import { define } from "./define.ts";
import { textAt, withField } from "./fields.ts";
import { metaFaults } from "./meta_rules.ts";
import { pathSegment } from "./name_rules.ts";
import { eventChangeFaults, eventFaults, newEventFaults } from "./event_rules.ts";

const referred = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"] as const;

const fieldsUnder = (reference: string): Kind["fields"] =>
  Object.fromEntries(
    referred.map((name) => [`${reference}.${name}`, (object: ApiObject) => textAt(object, reference, name)]),
  );

/** Names of `core/v1` to those of `events.k8s.io/v1`. */
const renamed = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
] as const;

const toNew: Readonly<Record<string, string>> = Object.fromEntries(renamed);
const toCore: Readonly<Record<string, string>> = Object.fromEntries(
  renamed.map(([core, now]) => [now, core]),
);

const withNames = (object: ApiObject, names: Readonly<Record<string, string>>): ApiObject => {
  const fields = Object.entries(object).map(([name, value]) => [names[name] ?? name, value]);
  return Object.fromEntries(fields) as ApiObject;
};

const asCore = (object: ApiObject): ApiObject => ({ ...withNames(object, toCore), apiVersion: "v1" });

/** Texts that only `v1` has when they are empty. */
const fromCore = (object: ApiObject): ApiObject => {
  const named = { ...withNames(object, toNew), apiVersion: "events.k8s.io/v1" };
  return ["reportingController", "reportingInstance"].reduce(
    (event, name) => withField(event, name, (value) => value === "" ? undefined : value),
    named,
  );
};

/** Events as everybody writes and stores them. */
export const coreEvent: Kind = define({
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  namespaced: true,
  lifeMs: ({ eventMs }) => eventMs,
  fields: {
    ...fieldsUnder("involvedObject"),
    reason: (object) => textAt(object, "reason"),
    reportingComponent: (object) => textAt(object, "reportingComponent"),
    source: (object) => textAt(object, "source", "component") || textAt(object, "reportingComponent"),
    type: (object) => textAt(object, "type"),
  },
  columns: eventColumns,
  cells: eventCells,
  validate: (object, before) => {
    const own = eventFaults(object, "reportingComponent");
    // metadata are only looked at where nothing else is wrong, and names may be any part of a path
    return own.length > 0 ? own : metaFaults(object, before, { namespaced: true, name: pathSegment });
  },
});

/** The same objects under the names of `events.k8s.io/v1`. */
export const event: Kind = define({
  group: "events.k8s.io",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  namespaced: true,
  lifeMs: ({ eventMs }) => eventMs,
  fields: {
    ...fieldsUnder("regarding"),
    reason: (object) => textAt(object, "reason"),
    reportingController: (object) => textAt(object, "reportingController"),
    type: (object) => textAt(object, "type"),
  },
  columns: eventColumns,
  cells: (object, now) => eventCells(asCore(object), now),
  validate: (object, before) => {
    const core = asCore(object);
    const own = eventFaults(core, "reportingController");
    return [
      ...own,
      ...(before === undefined ? newEventFaults(core) : eventChangeFaults(core, asCore(before))),
    ];
  },
  stored: {
    resource: "events",
    toStored: (object) => coreEvent.defaults(asCore(object)),
    fromStored: fromCore,
  },
});
