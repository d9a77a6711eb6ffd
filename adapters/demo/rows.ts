import { parseQuantity } from "../../core/kubernetes/quantity.ts";
import type { Now } from "../../core/time.ts";
import type { Kind } from "../apiserver/kind.ts";
import { node as nodeKind } from "../apiserver/kinds/node.ts";
import { pod as podKind } from "../apiserver/kinds/pod.ts";
import type { ApiObject, Json } from "../apiserver/object.ts";
import { humanDuration } from "../apiserver/table/age.ts";
import type { Cell, GridColumn, GridRow } from "./grid.ts";
import { clean, type Style } from "./line.ts";
import { eventSecond, newestEvents, oldestFirst, shownPod, type View } from "./view.ts";

/** What the API server's table says of an object, by the column's name: the screen says what kubectl says. */
export const tableCells = (kind: Kind, object: ApiObject, now: Now): Readonly<Record<string, string>> => {
  const cells = kind.cells(object, now);
  return Object.fromEntries(
    kind.columns.map(({ name }, at) => [name.toUpperCase(), clean(String(cells[at] ?? ""))]),
  );
};

const good = /^(Running|Completed|Succeeded|Ready|Active)$/;
const bad = /(Error|BackOff|NotReady|Failed|Unknown|Evicted|OOMKilled|Invalid|Cannot|Unsupported|NotFound)/;

const styleOf = (status: string): Style => good.test(status) ? "green" : bad.test(status) ? "red" : "yellow";

const cell = (text: string | undefined, style?: Style): Cell => ({ text: text ?? "", style });

const nowOf = ({ wall }: View): Now => ({ mono: 0, wall });

const at = (object: ApiObject, ...path: readonly string[]): Json | undefined => {
  let found: Json | undefined = object;
  for (const name of path) {
    if (typeof found !== "object" || found === null || Array.isArray(found)) return undefined;
    found = (found as { readonly [field: string]: Json | undefined })[name];
  }
  return found;
};

const textAt = (object: ApiObject, ...path: readonly string[]): string => {
  const found = at(object, ...path);
  return typeof found === "string" || typeof found === "number" ? clean(String(found)) : "";
};

const billionthsOfGi = 1_024n ** 3n * 1_000_000_000n;

/** `7.6Gi`: what a node says in bytes or Ki is not for reading. */
const memoryText = (text: string): string => {
  const billionths = parseQuantity(text);
  return billionths === undefined ? text : `${Number(billionths * 10n / billionthsOfGi) / 10}Gi`;
};

export const nodeColumns: readonly GridColumn[] = [
  { title: "NODE", elastic: true },
  { title: "STATUS" },
  { title: "PODS" },
  { title: "AGE" },
  { title: "CPU", dispensable: 2 },
  { title: "MEMORY", dispensable: 3 },
  { title: "VERSION", dispensable: 4 },
];

export const nodeRows = (view: View): readonly GridRow[] => {
  const counts = new Map<string, number>();
  for (const pod of view.objects.pods.values()) {
    const name = textAt(pod, "spec", "nodeName");
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return oldestFirst(view.objects.nodes).map((node) => {
    const { NAME, STATUS, AGE, VERSION } = tableCells(nodeKind, node, nowOf(view));
    const limit = textAt(node, "status", "allocatable", "pods");
    return {
      cells: {
        NODE: cell(NAME),
        STATUS: cell(STATUS, styleOf(STATUS?.split(",")[0] ?? "")),
        PODS: cell(`${counts.get(node.metadata.name) ?? 0}${limit === "" ? "" : `/${limit}`}`),
        AGE: cell(AGE, "dim"),
        CPU: cell(textAt(node, "status", "allocatable", "cpu"), "dim"),
        MEMORY: cell(memoryText(textAt(node, "status", "allocatable", "memory")), "dim"),
        VERSION: cell(VERSION, "dim"),
      },
    };
  });
};

export const podColumns: readonly GridColumn[] = [
  { title: "POD", elastic: true },
  { title: "READY" },
  { title: "STATUS" },
  { title: "RESTARTS" },
  { title: "AGE" },
  { title: "NODE", dispensable: 1 },
];

/** The name, with its namespace where that is not `default`. */
export const podName = ({ metadata: { namespace = "default", name } }: ApiObject): string =>
  clean(namespace === "default" ? name : `${namespace}/${name}`);

export const podRows = (view: View): readonly GridRow[] => {
  const shown = shownPod(view)?.metadata.uid;
  return oldestFirst(view.objects.pods).map((pod) => {
    const { READY, STATUS = "", RESTARTS, AGE } = tableCells(podKind, pod, nowOf(view));
    return {
      mark: pod.metadata.uid === shown ? "› " : "  ",
      cells: {
        POD: cell(podName(pod)),
        READY: cell(READY),
        STATUS: cell(STATUS, styleOf(STATUS)),
        RESTARTS: cell(RESTARTS),
        AGE: cell(AGE, "dim"),
        NODE: cell(textAt(pod, "spec", "nodeName"), "dim"),
      },
    };
  });
};

const stateText = (status: Json): string => {
  for (const name of ["waiting", "terminated"]) {
    const message = at(status as ApiObject, "state", name, "message");
    if (typeof message === "string" && message !== "") return clean(message);
  }
  return "";
};

/** What keeps a pod from running, in words, where its status tells; else empty. */
export const troubleOf = (pod: ApiObject): string => {
  const statuses = ["initContainerStatuses", "containerStatuses"].flatMap((name) => {
    const found = at(pod, "status", name);
    return Array.isArray(found) ? found as readonly Json[] : [];
  });
  return statuses.map(stateText).find((text) => text !== "") ?? textAt(pod, "status", "message");
};

export const eventColumns: readonly GridColumn[] = [
  { title: "SEEN" },
  { title: "OBJECT", dispensable: 1 },
  { title: "REASON" },
  { title: "MESSAGE", elastic: true },
];

/** `pod/web` of an event. */
export const regarding = (event: ApiObject): string =>
  `${textAt(event, "involvedObject", "kind").toLowerCase()}/${textAt(event, "involvedObject", "name")}`;

export const eventRows = (view: View, limit: number): readonly GridRow[] =>
  newestEvents(view).slice(0, limit).map((event) => {
    const warning = textAt(event, "type") === "Warning";
    const count = at(event, "count");
    const times = typeof count === "number" && count > 1 ? ` (x${count})` : "";
    return {
      cells: {
        SEEN: cell(humanDuration(Math.max(0, view.wall - eventSecond(event))), "dim"),
        OBJECT: cell(regarding(event)),
        REASON: cell(textAt(event, "reason"), warning ? "yellow" : undefined),
        MESSAGE: cell(`${textAt(event, "message")}${times}`),
      },
    };
  });
