// What follows from a plan and its cell without a row of its own: the fields of actions, and what is remembered of them.
import type { PodAction } from "../../core/action.ts";
import type { BackendOp, PodMemory } from "../../core/pod/memory.ts";
import type { PodPlan } from "../../core/pod/plan.ts";
import { owner } from "../tools/pods.ts";
import type { PodCell } from "./pod_cells.ts";
import { type Given, now } from "./pod_given.ts";

const ref = { namespace: "shop", name: "web", uid: "u-1" };
const pods = "/api/v1/namespaces/shop/pods";

/** Where a back end's call stops something by: the end of the grace that it is given, which is never given twice. */
const opOf = (action: PodAction, kill: PodMemory["kill"]): BackendOp | undefined => {
  const at = now.mono;
  const whole = (kind: BackendOp["kind"], until: number): BackendOp => ({
    kind,
    container: undefined,
    at,
    until,
  });
  switch (action._tag) {
    case "CreatePod":
      return whole("create", at);
    case "UpdatePod":
      return whole("update", at);
    case "RemovePod":
      return whole("remove", at);
    case "DeletePod":
      return whole("delete", kill?.at ?? NaN);
    case "StartContainer":
      return { kind: "start", container: action.container.name, at, until: at };
    case "StopContainer":
      return { kind: "stop", container: action.container, at, until: kill?.at ?? NaN };
    default:
      return undefined;
  }
};

const apiOpOf = (action: PodAction): PodMemory["apiOp"] => {
  switch (action._tag) {
    case "PatchPodStatus":
      return "status";
    case "FinalizePod":
      return "finalize";
    case "ReadPod":
      return "read";
    case "EvictPod":
      return "evict";
    default:
      return undefined;
  }
};

const actionsOf = (plan: PodPlan): readonly PodAction[] =>
  plan.actions.filter((action) => action._tag !== "EmitEvent");

/** Every call is noted as in flight, until when its grace lasts, and nothing else is. */
export const noted = (
  given: Pick<Given, "memory">,
  plan: PodPlan,
): readonly (readonly [unknown, unknown])[] => {
  const actions = actionsOf(plan);
  const { kill, ops, apiOp, writing } = plan.memory;
  const wanted = actions.flatMap((action) => opOf(action, kill) ?? []);
  const status = actions.find((action) => action._tag === "PatchPodStatus");
  return [
    [ops, [...given.memory.ops, ...wanted]],
    [apiOp, actions.map(apiOpOf).find((op) => op !== undefined) ?? given.memory.apiOp],
    [writing, status?._tag === "PatchPodStatus" ? status.status : given.memory.writing],
    ...actions.flatMap((action): readonly (readonly [unknown, unknown])[] =>
      "graceMs" in action ? [[action.graceMs, Math.max(0, (kill?.at ?? NaN) - now.mono)]] : []
    ),
  ];
};

const bodyOf = (action: PodAction): unknown => {
  if (!("request" in action)) return undefined;
  const { body } = action.request;
  return action._tag === "PatchPodStatus" ? (body as { metadata: unknown }).metadata : body;
};

/** Every action is about this pod and no other, and every request has its UID as a precondition (promise 6). */
export const aimed = (given: Given, plan: PodPlan): readonly (readonly [unknown, unknown])[] => {
  const desired = given.desired._tag === "Present" ? given.desired.value : undefined;
  return actionsOf(plan).flatMap((action): readonly (readonly [unknown, unknown])[] => {
    const uid = [action.uid, "u-1"] as const;
    switch (action._tag) {
      case "CreatePod":
      case "UpdatePod":
      case "StartContainer":
        return [uid, [action.intent.pod.metadata, desired?.metadata], [action.intent.owner, owner], [
          action.intent.env,
          { a: [] },
        ]];
      case "PatchPodStatus":
        return [uid, [action.ref, ref], [action.request.path, `${pods}/web/status`], [bodyOf(action), {
          uid: "u-1",
          resourceVersion: "1",
        }]];
      case "FinalizePod":
        return [uid, [action.ref, ref], [action.request.path, `${pods}/web`], [
          action.request.method,
          "DELETE",
        ], [
          bodyOf(action),
          {
            kind: "DeleteOptions",
            apiVersion: "v1",
            gracePeriodSeconds: 0,
            preconditions: { uid: "u-1" },
          },
        ]];
      default:
        return [uid, ["ref" in action ? action.ref : undefined, ref]];
    }
  });
};

const isLooked = ({ lifecycle, container }: PodCell): boolean =>
  lifecycle !== "unlisted" && lifecycle !== "gone" && container !== "unknown";

const began = { accepted: 90, creating: 90, new: 100 } as const;

/** What a look at a pod alone is remembered as. Without a look the memory stays the same value. */
export const remembers = (
  cell: PodCell,
  given: Given,
  { memory }: PodPlan,
): readonly (readonly [unknown, unknown])[] => {
  const { lifecycle, container, deletion, fault } = cell;
  const rests = lifecycle === "unlisted" || container === "unknown" ||
    (lifecycle === "gone" && container === "absent");
  if (rests) return [[memory === given.memory, true]];
  if (!isLooked(cell)) return [[memory.gone, fault === "restart" ? "list" : "event"]];
  const forgot = fault === "restart";
  const young = lifecycle === "new" || lifecycle === "accepted" || lifecycle === "creating";
  const seconds = forgot ? 100 : young ? began[lifecycle] : 10;
  const away = container === "absent" || container === "lost";
  const missed = lifecycle === "running" && deletion === "none" && container === "absent"
    ? 100_000
    : undefined;
  const over = container === "exited 0" || container === "exited 1";
  return [
    [memory.accepted?.mono, seconds * 1000],
    [memory.seenLive, deletion === "none" || !(forgot || lifecycle === "new")],
    [memory.ran, !young || container === "running" || over],
    [memory.missingSince, container === "lost" ? 90_000 : away ? missed : undefined],
    [memory.ended === undefined, !over],
    [memory.gone, undefined],
  ];
};
