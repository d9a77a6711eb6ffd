import { earlier, type Millis, type Now } from "../../../core/time.ts";
import { visitAfter } from "../objects.ts";
import type { ServerRequest } from "../request.ts";
import type { Change } from "../response.ts";
import { objectsOf, type ServerState } from "../state.ts";
import type { Asked, Controller, View } from "./controller.ts";
import { controllers } from "./controllers.ts";
import { noPods, type PodsByNode, withPodChanges } from "./pods_by_node.ts";
import { type ControlSettings, defaultControlSettings } from "./settings.ts";

/** What one controller remembers between its calls. */
interface Standing {
  readonly memory: unknown;
  /** Whether it is to be told everything. */
  readonly isNew: boolean;
  readonly wakeAt?: Millis | undefined;
  /** How often in a row a request of its was refused, and that there is a pause because of it. */
  readonly failures: number;
}

/** The controllers of a server as a value, beside its state. Losable: `startControl()` comes to the same end. */
export interface Control {
  readonly settings: ControlSettings;
  readonly pods: PodsByNode;
  readonly standings: Readonly<Record<string, Standing>>;
  /** Changes that no controller was told yet. */
  readonly unseen: readonly Change[];
  /** Requests that were not sent yet; no controller is called while there are any. */
  readonly queue: readonly Asked[];
}

const begun: Standing = { memory: undefined, isNew: true, failures: 0 };

/** Controllers that have seen nothing yet. */
export const startControl = (settings: Partial<ControlSettings> = {}): Control => ({
  settings: { ...defaultControlSettings, ...settings },
  pods: noPods,
  standings: {},
  unseen: [],
  queue: [],
});

const isDue = ({ isNew, wakeAt }: Standing, now: Now): boolean =>
  wakeAt === undefined ? isNew : wakeAt <= now.mono;

const standingOf = (control: Control, { name }: Controller<unknown>): Standing =>
  control.standings[name] ?? begun;

/** Everything there is, as if it had just been created. */
const everything = (state: ServerState, looksAt: Controller<unknown>["looksAt"]): readonly Change[] => {
  const changes: Change[] = [];
  for (const resource of looksAt === "*" ? Object.keys(state.objects) : looksAt) {
    visitAfter(objectsOf(state, resource), "", (_, object) => {
      changes.push({
        revision: Number(object.metadata.resourceVersion),
        resource,
        type: "ADDED",
        object,
      });
      return true;
    });
  }
  return changes;
};

const noChanges: readonly Change[] = [];

const newsFor = (
  standing: Standing,
  { looksAt }: Controller<unknown>,
  state: ServerState,
  changes: readonly Change[],
): readonly Change[] => {
  if (standing.isNew) return everything(state, looksAt);
  if (looksAt === "*") return changes;
  const isLookedAt = ({ resource }: Change): boolean => looksAt.includes(resource);
  // most changes come alone
  if (changes.length === 1) return changes.every(isLookedAt) ? changes : noChanges;
  return changes.filter(isLookedAt);
};

interface Called {
  readonly standing: Standing;
  readonly requests: readonly ServerRequest[];
}

/** A controller that has nothing to look at is not called; one that pauses is told everything afterwards. */
const call = (
  controller: Controller<unknown>,
  standing: Standing,
  view: View,
  changes: readonly Change[],
  now: Now,
): Called | undefined => {
  const due = isDue(standing, now);
  if (standing.isNew && !due) return undefined;
  const news = newsFor(standing, controller, view.state, changes);
  if (!due && news.length === 0) return undefined;
  const memory = standing.isNew ? controller.start : standing.memory;
  const step = controller.reconcile(memory, view, news, now);
  if (
    !standing.isNew && step.memory === standing.memory && step.wakeAt === standing.wakeAt &&
    standing.failures === 0
  ) {
    return { standing, requests: step.requests };
  }
  // it is called again although nothing was refused since it was told everything
  const failures = standing.isNew ? standing.failures : 0;
  const next = { memory: step.memory, isNew: false, wakeAt: step.wakeAt, failures };
  return { standing: next, requests: step.requests };
};

/** Every controller once: what is unseen has been seen, and what they ask for is in the queue. */
export const callControllers = (control: Control, state: ServerState, now: Now): Control => {
  const pods = Object.keys(control.standings).length === 0
    ? withPodChanges(noPods, everything(state, ["pods"]))
    : withPodChanges(control.pods, control.unseen);
  const view: View = { state, pods, settings: control.settings };
  let standings = control.standings;
  const queue: Asked[] = [...control.queue];
  for (const controller of controllers) {
    const called = call(controller, standingOf(control, controller), view, control.unseen, now);
    if (called === undefined) continue;
    if (called.standing !== standings[controller.name]) {
      standings = { ...standings, [controller.name]: called.standing };
    }
    for (const request of called.requests) queue.push({ controller: controller.name, request });
  }
  return { ...control, pods, standings, unseen: [], queue };
};

/** Whether there is something to call the controllers for. */
export const hasNews = (control: Control, now: Now): boolean =>
  control.unseen.length > 0 ||
  controllers.some((controller) => isDue(standingOf(control, controller), now));

/** When the controllers are to be called again though nothing changes. */
export const nextLook = ({ standings }: Control): Millis | undefined => {
  let first: Millis | undefined;
  for (const name in standings) first = earlier(first, standings[name]?.wakeAt);
  return first;
};

/** A request was refused for another reason than that the world has changed: its controller begins anew after a pause. */
export const withFailure = (control: Control, name: string, now: Now): Control => {
  const { failures, isNew } = control.standings[name] ?? begun;
  // the other requests of one call are refused for the same reason
  if (isNew) return control;
  const { retryMs, retryMostMs } = control.settings;
  const wakeAt = now.mono + Math.min(retryMostMs, retryMs * 2 ** Math.min(failures, 30));
  const standing: Standing = { memory: undefined, isNew: true, wakeAt, failures: failures + 1 };
  return { ...control, standings: { ...control.standings, [name]: standing } };
};
