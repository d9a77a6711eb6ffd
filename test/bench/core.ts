// What an event costs in the pure core, and whether that grows with the number of pods; against the same work on a `Map`
// that is written in place.
//   deno run -A test/bench/core.ts       node test/bench/core.ts
import process from "node:process";
import type { Event } from "../../core/event.ts";
import { equivalent } from "../../core/equivalent.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import { mergeObserved } from "../../core/pod/merge_observed.ts";
import { reconcilePod } from "../../core/pod/reconcile.ts";
import { present } from "../../core/seen.ts";
import type { PodEntry, State } from "../../core/state.ts";
import { step } from "../../core/step.ts";
import { forEachEntry, insertAt, lookup, type Table } from "../../core/table.ts";
import type { Now } from "../../core/time.ts";
import { forgetful, makeFeed, uidOf } from "./feed.ts";
import { atLeast, atMost, note, printRow, title } from "./report.ts";

const sizes = [100, 1_000, 10_000] as const;
const events = 4_000;
const rounds = 5;

interface Subject {
  readonly size: number;
  readonly state: State;
  readonly now: Now;
  readonly uids: readonly string[];
}

const subjectOf = async (size: number): Promise<Subject> => {
  const feed = await makeFeed(forgetful);
  for (let index = 0; index < size; index++) await feed.run(index);
  const uids = Array.from({ length: events }, (_, at) => uidOf(Math.imul(at, 7919) % size));
  return { size, state: feed.state, now: feed.now, uids };
};

const entryOf = (state: State, uid: string): PodEntry => {
  const entry = lookup(state.pods, uid);
  if (entry === undefined) throw new Error(`no pod ${uid}`);
  return entry;
};

const podOf = (entry: PodEntry): Pod => {
  if (entry.desired._tag !== "Present") throw new Error("no pod");
  return entry.desired.value;
};

/** Microseconds for one of the events: the best of some alternating rounds, for other load only ever adds. */
const compare = (ours: () => void, bare: () => void): readonly [number, number] => {
  const best = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    for (const [at, work] of [ours, bare].entries()) {
      const started = performance.now();
      work();
      best[at] = Math.min(best[at] ?? Infinity, (performance.now() - started) * 1000 / events);
    }
  }
  return [best[0] ?? NaN, best[1] ?? NaN];
};

const steps = ({ state, now }: Subject, all: readonly Event[]) => (): void => {
  let at = state;
  for (const event of all) at = step(at, event, now)[0];
};

const mapOf = (table: Table<PodEntry>): Map<string, PodEntry> => {
  const map = new Map<string, PodEntry>();
  forEachEntry(table, (uid, entry) => map.set(uid, entry));
  return map;
};

/** Another writer has changed something: the pod is reconciled, and nothing is to be done. */
const applied = (subject: Subject): readonly [number, number] => {
  const { state, now, uids } = subject;
  const pods = uids.map((uid, at): Pod => {
    const pod = podOf(entryOf(state, uid));
    return { ...pod, metadata: { ...pod.metadata, resourceVersion: `x${at}` } };
  });
  const map = mapOf(state.pods);
  return compare(
    steps(subject, pods.map((pod) => ({ _tag: "PodApplied", pod }))),
    () => {
      for (const pod of pods) {
        const { uid } = pod.metadata;
        const entry = map.get(uid);
        if (entry === undefined) continue;
        const plan = reconcilePod(present(pod), entry.observed, entry.memory, now, state.policy.pod);
        map.set(uid, {
          ...entry,
          desired: present(pod),
          memory: plan.memory,
          wakeAt: plan.wakeAt,
          why: plan.why,
        });
      }
    },
  );
};

/** The back end says what is known already. */
const told = (subject: Subject): readonly [number, number] => {
  const { state, uids } = subject;
  const facts = uids.flatMap((uid) => {
    const { observed } = entryOf(state, uid);
    return observed._tag === "Present" ? [structuredClone(observed.value)] : [];
  });
  const map = mapOf(state.pods);
  let changed = 0;
  return compare(
    steps(subject, facts.map((pod) => ({ _tag: "BackendChanged", pod }))),
    () => {
      for (const pod of facts) {
        const entry = map.get(pod.uid);
        if (entry?.observed._tag !== "Present") continue;
        const observed = present(mergeObserved(entry.observed.value, pod, false));
        if (!equivalent(entry.observed, observed)) changed += 1;
        map.set(pod.uid, { ...entry, observed });
      }
    },
  );
};

const lookups = ({ state, uids }: Subject): readonly [number, number] => {
  const map = mapOf(state.pods);
  let found = 0;
  return compare(
    () => {
      for (const uid of uids) if (lookup(state.pods, uid) !== undefined) found += 1;
    },
    () => {
      for (const uid of uids) if (map.get(uid) !== undefined) found += 1;
    },
  );
};

const inserts = ({ state, uids }: Subject): readonly [number, number] => {
  const map = mapOf(state.pods);
  const value = entryOf(state, uids[0] ?? "");
  return compare(
    () => {
      let table = state.pods;
      for (const uid of uids) table = insertAt(table, uid, value);
    },
    () => {
      for (const uid of uids) map.set(uid, value);
    },
  );
};

const micros = (value: number): string => `${value.toFixed(2)} µs`;

title(`the pure core on ${process.versions.deno === undefined ? "Node" : "Deno"}`);
const costs: (readonly [number, number])[] = [];
for (const size of sizes) {
  const subject = await subjectOf(size);
  const [ours, bare] = applied(subject);
  costs.push([ours, bare]);
  const [heard, bareHeard] = told(subject);
  note(
    `${size} pods: PodApplied ${micros(ours)} (Map ${micros(bare)}), ` +
      `BackendChanged ${micros(heard)} (Map ${micros(bareHeard)})`,
  );
  const [look, bareLook] = lookups(subject);
  const [insert, bareInsert] = inserts(subject);
  note(
    `${size} pods: table look-up ${micros(look)} (Map ${micros(bareLook)}), ` +
      `insertion ${micros(insert)} (Map ${micros(bareInsert)})`,
  );
  printRow(atLeast(`${size} pods: PodApplied, speed against a Map`, bare / ours, 0.3, " x"));
  printRow(atLeast(`${size} pods: BackendChanged, speed against a Map`, bareHeard / heard, 0.3, " x"));
}
const [few, many] = [costs[0] ?? [NaN, NaN], costs[2] ?? [NaN, NaN]];
const [growth, bareGrowth] = [many[0] / few[0], many[1] / few[1]];
note(`(with a Map an event costs ${bareGrowth.toFixed(2)} x as much with 10000 pods as with 100: caches)`);
printRow(atMost("cost of an event with 10000 pods / with 100", growth, 1.5, " x"));
