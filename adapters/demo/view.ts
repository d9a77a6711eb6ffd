import { type Millis, parseTime } from "../../core/time.ts";
import type { ApiObject, Json } from "../apiserver/object.ts";

/** What the demo shows of the API. */
export type Shown = "nodes" | "pods" | "events";

/** Objects by UID. */
export type Objects = ReadonlyMap<string, ApiObject>;

/** What stays the same from the demo's start to its end. */
export interface Facts {
  /** Where the API server is: `https://127.0.0.1:40123`. */
  readonly server: string;
  /** One thing to know beside it: what somebody with a browser may open. */
  readonly hint: string;
  /** Lines to copy into another terminal. */
  readonly commands: readonly string[];
  /** How it is ended: `q or Ctrl-C ends it, and all that it started`. */
  readonly ending: string;
}

/** The end of a pod's log. */
export interface Log {
  readonly uid: string;
  /** Tells this reading of a log from others. */
  readonly opening: number;
  /** How many lines there were, those that are not kept included. */
  readonly count: number;
  readonly lines: readonly string[];
}

/** Everything that is shown. */
export interface View {
  readonly facts: Facts;
  readonly wall: Millis;
  readonly objects: Readonly<Record<Shown, Objects>>;
  readonly log: Log | undefined;
  /** The UID of the pod that a person has chosen; absent: the newest is shown. */
  readonly chosen: string | undefined;
  /** What is to be known just now, instead of how to end it. */
  readonly note: string | undefined;
}

/** What has happened. */
export type News =
  | { readonly _tag: "Replaced"; readonly kind: Shown; readonly items: readonly ApiObject[] }
  | { readonly _tag: "Applied"; readonly kind: Shown; readonly item: ApiObject }
  | { readonly _tag: "Deleted"; readonly kind: Shown; readonly uid: string }
  | { readonly _tag: "LogOpened"; readonly uid: string }
  | { readonly _tag: "LogRead"; readonly uid: string; readonly lines: readonly string[] }
  | { readonly _tag: "Chosen"; readonly step: 1 | -1 }
  | { readonly _tag: "Noted"; readonly note: string }
  | { readonly _tag: "Passed"; readonly wall: Millis };

export const initialView = (facts: Facts, wall: Millis): View => ({
  facts,
  wall,
  objects: { nodes: new Map(), pods: new Map(), events: new Map() },
  log: undefined,
  chosen: undefined,
  note: undefined,
});

const maxEvents = 200;
const maxLogLines = 200;

const field = (object: ApiObject, name: string): Json | undefined => object[name];

const eventTime = (event: ApiObject): Millis => {
  const times = [field(event, "lastTimestamp"), field(event, "eventTime"), event.metadata.creationTimestamp];
  for (const time of times) {
    const wall = typeof time === "string" ? parseTime(time) : undefined;
    if (wall !== undefined) return wall;
  }
  return 0;
};

const version = ({ metadata }: ApiObject): number => Number(metadata.resourceVersion) || 0;

/** When an event happened last, in whole seconds: some tell no more, and within one the order of writing is the truer one. */
export const eventSecond = (event: ApiObject): Millis => Math.floor(eventTime(event) / 1_000) * 1_000;

/** The events, the newest first. */
export const newestEvents = ({ objects }: Pick<View, "objects">): readonly ApiObject[] =>
  [...objects.events.values()].sort((a, b) => eventSecond(b) - eventSecond(a) || version(b) - version(a));

const names = new Intl.Collator("en", { numeric: true });

/** By age, then by name; times of the API are of one form, so that their texts are in order. */
const byAge = (a: ApiObject, b: ApiObject): number => {
  const [one, other] = [a.metadata, b.metadata];
  if (one.creationTimestamp !== other.creationTimestamp) {
    return one.creationTimestamp < other.creationTimestamp ? -1 : 1;
  }
  return names.compare(one.namespace ?? "", other.namespace ?? "") || names.compare(one.name, other.name);
};

/** The objects of a kind, the oldest first. */
export const oldestFirst = (objects: Objects): readonly ApiObject[] => [...objects.values()].sort(byAge);

const createdAt = ({ metadata }: ApiObject): string => metadata.creationTimestamp;

/** Of those that are of one second, the one that was heard of last. */
const newest = (objects: Objects): ApiObject | undefined => {
  let found: ApiObject | undefined;
  for (const object of objects.values()) {
    if (found === undefined || createdAt(found) <= createdAt(object)) found = object;
  }
  return found;
};

/** The pod whose log is shown. */
export const shownPod = (view: Pick<View, "objects" | "chosen">): ApiObject | undefined => {
  const { objects: { pods }, chosen } = view;
  return (chosen === undefined ? undefined : pods.get(chosen)) ?? newest(pods);
};

const choose = (view: View, step: 1 | -1): View => {
  const pods = oldestFirst(view.objects.pods);
  const at = pods.findIndex(({ metadata }) => metadata.uid === shownPod(view)?.metadata.uid);
  const next = pods[Math.min(Math.max(at + step, 0), pods.length - 1)];
  return next === undefined ? view : { ...view, chosen: next.metadata.uid };
};

const withObjects = (view: View, kind: Shown, objects: Objects): View => {
  const next = { ...view, objects: { ...view.objects, [kind]: objects } };
  if (kind !== "events" || objects.size <= maxEvents * 2) return next;
  const kept = newestEvents(next).slice(0, maxEvents);
  return { ...next, objects: { ...next.objects, events: byUid(kept) } };
};

const byUid = (items: readonly ApiObject[]): Objects =>
  new Map(items.map((item) => [item.metadata.uid, item]));

const without = (objects: Objects, uid: string): Objects =>
  new Map([...objects].filter(([key]) => key !== uid));

const longer = (log: Log, lines: readonly string[]): Log => ({
  ...log,
  count: log.count + lines.length,
  lines: [...log.lines, ...lines].slice(-maxLogLines),
});

/** The view after something has happened. */
export const fold = (view: View, news: News): View => {
  switch (news._tag) {
    case "Replaced":
      return withObjects(view, news.kind, byUid(news.items));
    case "Applied":
      return withObjects(
        view,
        news.kind,
        new Map(view.objects[news.kind]).set(news.item.metadata.uid, news.item),
      );
    case "Deleted":
      return withObjects(view, news.kind, without(view.objects[news.kind], news.uid));
    case "LogOpened":
      return { ...view, log: { uid: news.uid, opening: (view.log?.opening ?? 0) + 1, count: 0, lines: [] } };
    case "LogRead":
      return view.log?.uid === news.uid ? { ...view, log: longer(view.log, news.lines) } : view;
    case "Chosen":
      return choose(view, news.step);
    case "Noted":
      return { ...view, note: news.note };
    case "Passed":
      return { ...view, wall: news.wall };
  }
};
