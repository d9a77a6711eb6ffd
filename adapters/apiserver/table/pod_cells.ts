import type { Now } from "../../../core/time.ts";
import { objectsAt, textAt } from "../kinds/fields.ts";
import type { Column } from "../kind.ts";
import type { ApiObject, Json } from "../object.ts";
import { ageOf } from "./age.ts";
import { ageColumn, column, nameColumn, wideColumn } from "./columns.ts";
import { podState } from "./pod_state.ts";

export const podColumns: readonly Column[] = [
  nameColumn,
  column("Ready", "How many of the pod's containers are ready, of how many."),
  column("Status", "What the pod and its containers are doing, in a word."),
  column("Restarts", "How often containers were restarted, and when the last one was."),
  ageColumn,
  wideColumn("IP", "The pod's address."),
  wideColumn("Node", "The node that the pod is bound to."),
  wideColumn("Nominated Node", "The node on which room is being made for the pod."),
  wideColumn("Readiness Gates", "How many of the conditions that readiness waits for are true, of how many."),
];

const orNone = (text: string): string => text === "" ? "<none>" : text;

const gates = (pod: ApiObject): string => {
  const awaited = objectsAt(pod, "spec", "readinessGates").map((gate) => textAt(gate, "conditionType"));
  const conditions = objectsAt(pod, "status", "conditions");
  const met = awaited.filter((type) =>
    textAt(conditions.find((condition) => textAt(condition, "type") === type), "status") === "True"
  );
  return awaited.length === 0 ? "<none>" : `${met.length}/${awaited.length}`;
};

export const podCells = (pod: ApiObject, now: Now): readonly Json[] => {
  const { ready, status, restarts } = podState(pod, now);
  return [
    pod.metadata.name,
    ready,
    status,
    restarts,
    ageOf(pod, now),
    orNone(textAt(objectsAt(pod, "status", "podIPs")[0], "ip")),
    orNone(textAt(pod, "spec", "nodeName")),
    orNone(textAt(pod, "status", "nominatedNodeName")),
    gates(pod),
  ];
};
