import { node as nodeKind } from "../apiserver/kinds/node.ts";
import { pod as podKind } from "../apiserver/kinds/pod.ts";
import type { ApiObject } from "../apiserver/object.ts";
import { clean } from "./line.ts";
import { podName, regarding, tableCells, troubleOf } from "./rows.ts";
import { newestEvents, type Objects, oldestFirst, type View } from "./view.ts";

type Say = (object: ApiObject) => string;

const now = { mono: 0, wall: 0 };

const sayNode: Say = (node) => `node ${node.metadata.name}: ${tableCells(nodeKind, node, now)["STATUS"]}`;

const sayPod: Say = (pod) => {
  const { READY, STATUS, RESTARTS = "0" } = tableCells(podKind, pod, now);
  const restarts = /^\d+/.exec(RESTARTS)?.[0] ?? "0";
  const trouble = troubleOf(pod);
  const more = `${restarts === "0" ? "" : `, restarts: ${restarts}`}${trouble === "" ? "" : ` (${trouble})`}`;
  return `pod ${podName(pod)}: ${STATUS} ${READY}${more}`;
};

/** What is said of objects now and was not said before, and what is gone. */
const news = (before: Objects, after: Objects, say: Say): readonly string[] => {
  if (before === after) return [];
  const isKnown = (object: ApiObject): boolean => before.get(object.metadata.uid) === object;
  const touched = oldestFirst(new Map([...after].filter(([, object]) => !isKnown(object))));
  const changed = touched.flatMap((object) => {
    const old = before.get(object.metadata.uid);
    const text = say(object);
    return old !== undefined && say(old) === text ? [] : [text];
  });
  const gone = oldestFirst(new Map([...before].filter(([uid]) => !after.has(uid))))
    .map((object) => say(object).replace(/:.*/, ": gone"));
  return [...changed, ...gone];
};

const sayEvent: Say = (event) =>
  clean(`event ${regarding(event)} ${String(event["reason"] ?? "")}: ${String(event["message"] ?? "")}`);

const newEvents = (before: View, after: View): readonly string[] => {
  const known = before.objects.events;
  if (known === after.objects.events) return [];
  const events = new Map([...after.objects.events].filter(([uid, event]) => known.get(uid) !== event));
  return newestEvents({ objects: { ...after.objects, events } }).map(sayEvent).reverse();
};

const newLog = ({ log: before }: View, { log: after, objects }: View): readonly string[] => {
  if (after === undefined || before === after) return [];
  const pod = objects.pods.get(after.uid);
  const name = pod === undefined ? "log" : `log ${podName(pod)}`;
  const known = before?.opening === after.opening ? before.count : 0;
  const fresh = Math.min(after.count - known, after.lines.length);
  return fresh === 0 ? [] : after.lines.slice(-fresh).map((line) => `${name}: ${clean(line)}`);
};

/** What has changed from one view to the next, for those who read lines and not a screen. */
export const plainLines = (before: View, after: View): readonly string[] => [
  ...news(before.objects.nodes, after.objects.nodes, sayNode),
  ...news(before.objects.pods, after.objects.pods, sayPod),
  ...newEvents(before, after),
  ...newLog(before, after),
  ...(after.note === undefined || after.note === before.note ? [] : [after.note]),
];
