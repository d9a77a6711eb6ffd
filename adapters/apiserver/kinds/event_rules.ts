import type { Cause } from "../api_error.ts";
import type { ApiObject } from "../object.ts";
import { immutable, invalidValue, invalidValues, required } from "./causes.ts";
import { at, isObject, numberAt, textAt } from "./fields.ts";
import { metaFaults } from "./meta_rules.ts";
import { bytesOf, dnsSubdomain, qualifiedName } from "./name_rules.ts";

/** The most bytes of an event's texts. */
const most = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

const limited = (event: ApiObject, name: keyof typeof most): readonly Cause[] =>
  bytesOf(textAt(event, name)) > most[name]
    ? [invalidValue(name, "", `can have at most ${most[name]} characters`)]
    : [];

const needed = (event: ApiObject, name: keyof typeof most): readonly Cause[] => [
  ...(textAt(event, name) === "" ? [required(name)] : []),
  ...limited(event, name),
];

const otherNamespace = "does not match event.namespace";

/** Events of objects without a namespace are in `default`, those of today's API also in `kube-system`. */
const namespaceFaults = (event: ApiObject, isNew: boolean): readonly Cause[] => {
  const own = event.metadata.namespace ?? "", theirs = textAt(event, "involvedObject", "namespace");
  const common = isNew ? ["default", "kube-system"] : ["", "default"];
  const isSame = theirs === "" ? common.includes(own) : isNew || own === theirs;
  return isSame ? [] : [invalidValue("involvedObject.namespace", theirs, otherNamespace)];
};

const reporterFaults = (event: ApiObject, field: string): readonly Cause[] => {
  const reporter = textAt(event, "reportingComponent");
  return [
    ...(reporter === "" ? [required(field)] : []),
    ...invalidValues(field, reporter, qualifiedName(reporter)),
    ...needed(event, "reportingInstance"),
    ...needed(event, "action"),
    ...needed(event, "reason"),
    ...limited(event, "message"),
  ];
};

/** What holds of every event, under the names of `v1`. `reporter` is what the reporting controller is called there. */
export const eventFaults = (event: ApiObject, reporter: string): readonly Cause[] => {
  const isNew = textAt(event, "eventTime") !== "";
  return [...namespaceFaults(event, isNew), ...(isNew ? reporterFaults(event, reporter) : [])];
};

const seriesFaults = (event: ApiObject): readonly Cause[] => {
  const series = at(event, "series");
  if (!isObject(series)) return [];
  return [
    ...((numberAt(series, "count") ?? 0) < 2
      ? [invalidValue("series.count", "", "should be at least 2")]
      : []),
    ...(textAt(series, "lastObservedTime") === "" ? [required("series.lastObservedTime")] : []),
  ];
};

const unset = (event: ApiObject): readonly string[] =>
  [
    textAt(event, "firstTimestamp") === "" ? "" : "firstTimestamp",
    textAt(event, "lastTimestamp") === "" ? "" : "lastTimestamp",
    (numberAt(event, "count") ?? 0) === 0 ? "" : "count",
    textAt(event, "source", "component") === "" && textAt(event, "source", "host") === "" ? "" : "source",
  ].filter((name) => name !== "");

const rules = { namespaced: true, name: dnsSubdomain } as const;

/** What `events.k8s.io/v1` asks of a new event beside. */
export const newEventFaults = (event: ApiObject): readonly Cause[] => {
  const type = textAt(event, "type");
  return [
    ...metaFaults(event, undefined, rules),
    ...seriesFaults(event),
    ...(textAt(event, "eventTime") === "" ? [required("eventTime")] : []),
    ...(type === "Normal" || type === "Warning"
      ? []
      : [invalidValue("type", "", `has invalid value: ${type}`)]),
    ...unset(event).map((name) => invalidValue(name, "", "needs to be unset")),
  ];
};

const fixed = [
  "involvedObject",
  "reason",
  "message",
  "source",
  "firstTimestamp",
  "lastTimestamp",
  "count",
  "type",
  "eventTime",
  "action",
  "related",
  "reportingComponent",
  "reportingInstance",
] as const;

/** All but the series of an event of `events.k8s.io/v1` stays. */
export const eventChangeFaults = (next: ApiObject, before: ApiObject): readonly Cause[] => [
  ...metaFaults(next, before, rules),
  ...seriesFaults(next),
  ...fixed.flatMap((name) =>
    immutable(name === "reportingComponent" ? "reportingController" : name, at(next, name), at(before, name))
  ),
];
