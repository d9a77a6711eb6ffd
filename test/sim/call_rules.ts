import { isProviderError, type ProviderError } from "../../adapters/provider_error.ts";
import { defaultPodPolicy } from "../../core/pod/policy.ts";
import type { Millis } from "../../core/time.ts";
import type { Ask, Heard } from "./asks.ts";
import type { Ledger, PodRecord } from "./ledger.ts";
import { countOf, type View } from "./view.ts";

/** The marks of pods that are not of this node; an agent leaves them alone. */
export const foreign = "foreign-";

export interface RuleOptions {
  readonly ledger: Ledger;
  readonly now: () => Millis;
  readonly fail: (what: string) => void;
}

/** Asking the same more often within a minute is a hot loop. */
export const mostAMinute = 60;

const keyOf = ({ call, uid, container = "" }: Ask): string => `${call} ${uid} ${container}`;

const isStopping = ({ call }: Ask): boolean => call === "delete" || call === "stop" || call === "remove";

/** Promise 2: what has ended, or was made once, is not run again. */
const againProblem = ({ speaker, created }: View, ask: Ask, record: PodRecord | undefined) => {
  if (ask.call !== "create" && ask.call !== "start") return undefined;
  const { terminalAt, terminalBy, ranAt } = record ?? {};
  const knowsEnd = terminalAt !== undefined &&
    (terminalAt < speaker.startedAt || terminalBy === speaker.name);
  if (knowsEnd) return `promise 2: asks ${keyOf(ask)} after the pod's end`;
  if (ask.call !== "create") return undefined;
  if (created.has(ask.uid)) return `promise 2: asks ${keyOf(ask)} a second time`;
  return ranAt !== undefined && ranAt < speaker.startedAt
    ? `promise 3: asks ${keyOf(ask)} after a restart, of a pod that has run`
    : undefined;
};

interface Wanted {
  readonly activeDeadlineSeconds?: number;
  readonly initContainers?: readonly unknown[];
  readonly terminationGracePeriodSeconds?: number;
}

/** Promise 3: what is to run is not stopped. */
const unaskedProblem = (ask: Ask, { object, wasEdited, terminalAt }: PodRecord): string | undefined => {
  if (object.metadata.deletionTimestamp !== undefined || terminalAt !== undefined) return undefined;
  const { activeDeadlineSeconds, initContainers } = object.spec as Wanted;
  const may = ask.call === "stop" &&
    (wasEdited || activeDeadlineSeconds !== undefined || initContainers !== undefined);
  return may ? undefined : `promise 3: asks ${keyOf(ask)}, which nobody has asked for`;
};

/** Promise 4: what the API does not know is looked up first, and later, unless its deletion was told. */
const orphanProblem = (view: View, ask: Ask, record: PodRecord | undefined, now: Millis) => {
  const { speaker, reads } = view;
  const goneAt = record?.goneAt ?? -Infinity;
  if (goneAt >= speaker.startedAt) return undefined;
  const name = record?.object.metadata.name ?? ask.uid;
  if ((reads.get(name) ?? -Infinity) < goneAt || !reads.has(name)) {
    return `promise 4: asks ${keyOf(ask)} without having looked the pod up`;
  }
  return now < speaker.startedAt + defaultPodPolicy.orphanGraceMs
    ? `promise 4: asks ${keyOf(ask)} within the grace window`
    : undefined;
};

/** Promise 5: what is gone, or going, gets no more grace than its spec and its deletion began with. */
const graceProblem = (ask: Ask, record: PodRecord | undefined): string | undefined => {
  if (ask.graceMs === undefined) return undefined;
  const isGoing = record?.goneAt !== undefined || record?.object.metadata.deletionTimestamp !== undefined;
  if (record !== undefined && !isGoing) return undefined;
  const { terminationGracePeriodSeconds = 0 } = (record?.object.spec ?? {}) as Wanted;
  const most = Math.max(
    record?.firstGraceMs ?? 0,
    terminationGracePeriodSeconds * 1000,
    defaultPodPolicy.forcedGraceMs,
  );
  return ask.graceMs > most
    ? `promise 5: asks ${keyOf(ask)} with ${ask.graceMs} ms, which is more than ${most}`
    : undefined;
};

/** Promise 7: what was refused for good is not asked again, until another spec was tried. */
const refusedProblem = ({ refused }: View, ask: Ask): string | undefined => {
  const key = keyOf(ask);
  if (refused.get(key) === ask.spec && ask.spec !== undefined) {
    return `promise 7: asks ${key} again, which was refused for good`;
  }
  refused.delete(key);
  return undefined;
};

const note = (view: View, ask: Ask, heard: Heard): void => {
  if (heard._tag === "Done" && ask.call === "create") view.created.add(ask.uid);
  if (heard._tag !== "Failed" || !isProviderError(heard.error) || ask.spec === undefined) return;
  const { code } = heard.error as ProviderError;
  if (code === "InvalidInput" || code === "Unsupported") view.refused.set(keyOf(ask), ask.spec);
};

/** What must hold of everything that an agent asks of its back end, by what the API server has told. */
export const callRules =
  ({ ledger, now, fail }: RuleOptions) => (view: View, ask: Ask): (heard: Heard) => void => {
    const record = ledger.pods.get(ask.uid);
    const isKnown = record !== undefined && record.goneAt === undefined;
    const stops = isStopping(ask);
    const isHot = ask.call !== "ping" && countOf(view, keyOf(ask), now()) > mostAMinute;
    const problems = ask.uid === "" ? [] : [
      againProblem(view, ask, record),
      ask.uid.startsWith(foreign) ? `promise 3: asks ${keyOf(ask)}, which is not its own` : undefined,
      stops && isKnown ? unaskedProblem(ask, record) : undefined,
      stops && !isKnown ? orphanProblem(view, ask, record, now()) : undefined,
      graceProblem(ask, record),
      refusedProblem(view, ask),
    ];
    const hot = isHot ? `promise 8: asks ${keyOf(ask)} more than ${mostAMinute} times a minute` : undefined;
    for (const problem of [...problems, hot]) {
      if (problem !== undefined) fail(`${view.speaker.name}: ${problem}`);
    }
    return (heard) => note(view, ask, heard);
  };
