import { isRuntime } from "../../adapters/perform.ts";
import type { ContainerRun, ContainerRuntime, Provider } from "../../adapters/ports.ts";
import { ProviderError } from "../../adapters/provider_error.ts";
import { isTerminal, type Pod, restartPolicyOf } from "../../core/kubernetes/pod.ts";
import type { PodIntent } from "../../core/pod/intent.ts";
import type { ObservedContainer } from "../../core/pod/observed.ts";
import { statusShowsRun } from "../../core/pod/status.ts";
import type { Millis } from "../../core/time.ts";
import { type Answered, type Attempts, makeAttempts } from "./attempts.ts";
import { missingOf } from "./inputs.ts";
import { entryOf, type Judge } from "./judge.ts";

type Options = { readonly signal: AbortSignal };

/** As long as fewer calls than that are under way, none has to wait for another. */
const manyCalls = 200;

const answeredBy = (error: unknown): Answered => ({
  failed: !(error instanceof ProviderError && error.code === "NotFound"),
  retryAfterMs: error instanceof ProviderError ? error.retryAfterMs : undefined,
});

/** Calls that make something: of one pod one at a time. All: at the moment at which they were decided, and with back-off. */
const judgeCalls = (judge: Judge, attempts: Attempts) => {
  const making = new Set<string>();
  let underWay = 0;
  return <A>(
    what: string,
    uid: string,
    container: string | undefined,
    { signal }: Options,
    call: () => Promise<A>,
  ): Promise<A> => {
    const makes = what !== "delete" && what !== "stop";
    if (makes && making.has(uid)) judge.fail(`promise 1: asks again before it was answered: ${what} ${uid}`);
    const ops = entryOf(judge, uid)?.memory.ops ?? [];
    if (underWay < manyCalls && !ops.some(({ kind, at }) => kind === what && at === judge.now())) {
      judge.fail(`promise 9: a call has waited for others: ${what} ${uid}`);
    }
    const began = attempts.begin(`${what} ${uid} ${container ?? ""}`);
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      underWay -= 1;
      if (makes) making.delete(uid);
    };
    underWay += 1;
    if (makes) making.add(uid);
    // who gives up on a call does not wait for its answer
    signal.addEventListener("abort", end, { once: true });
    const answer = call();
    answer.then(() => {
      end();
      began({ failed: false });
    }, (error) => {
      end();
      began(answeredBy(error));
    });
    return answer;
  };
};

/** Nothing begins without what it is to be given. */
const judgeInputs = (judge: Judge, intent: PodIntent, containers: readonly string[]): void => {
  for (const name of containers) {
    const missing = missingOf(intent, name);
    if (missing.length === 0) continue;
    judge.fail(`promise 3: starts ${name} of ${intent.pod.metadata.name} without ${missing.join(", ")}`);
  }
};

/** What is made anew has not run before, as far as the agent can know. */
const judgeCreation = (judge: Judge, pod: Pod): void => {
  const { uid, name } = pod.metadata;
  const entry = entryOf(judge, uid);
  if (entry?.desired._tag !== "Present") {
    return judge.fail(`promise 3: creates what the API does not have: ${name} ${uid}`);
  }
  if (statusShowsRun(entry.desired.value.status)) {
    judge.fail(`promise 2: creates what has run before: ${name} ${uid}`);
  }
};

const hasSucceeded = ({ state }: ObservedContainer): boolean =>
  state._tag === "Terminated" && state.exitCode === 0;

/**
 * Between two restarts in a row, at least (the first one after a start is at once: Pod lifecycle, CrashLoopBackOff): 10 s, but
 * what was asked for may have been started before, by what an agent that was killed has left on its way.
 */
const leastBetweenMs: Millis = 5_000;

/** The instance of a container that the agent sees runs another image than the pod names: it is to be replaced. */
const isOutdated = (pod: Pod, { name, image }: ObservedContainer): boolean => {
  const { containers, initContainers = [] } = pod.spec;
  const wanted = [...containers, ...initContainers].find((each) => each.name === name)?.image;
  return image !== undefined && wanted !== undefined && image !== wanted;
};

/** Instances that were stopped because the pod names another image: their ends are not ends by themselves. */
const judgeReplaced = (judge: Judge) => {
  const replaced = new Set<string>();
  const keyOf = (uid: string, { name, restartCount }: ObservedContainer): string =>
    `${uid}/${name}/${restartCount}`;
  return {
    onStop: (uid: string, container: string): void => {
      const entry = entryOf(judge, uid);
      if (entry?.desired._tag !== "Present" || entry.observed._tag !== "Present") return;
      const stopped = entry.observed.value.containers.find(({ name }) => name === container);
      if (stopped !== undefined && isOutdated(entry.desired.value, stopped)) {
        replaced.add(keyOf(uid, stopped));
      }
    },
    isReplaced: (uid: string, container: ObservedContainer): boolean => replaced.has(keyOf(uid, container)),
  };
};

/** Containers start in their order, and again only when the restart policy says so. */
const judgeStarts = (
  judge: Judge,
  isReplaced: (uid: string, container: ObservedContainer) => boolean,
): (run: ContainerRun) => void => {
  const started = new Map<string, { readonly restartCount: number; readonly at: Millis }>();
  /** Init containers that it knows to have succeeded: what a back end forgets is not run again. */
  const succeeded = new Set<string>();
  return ({ intent: { pod }, container, restartCount }) => {
    const { uid } = pod.metadata;
    const what = `${container.name} (${restartCount}) of ${pod.metadata.name} ${uid}`;
    const observed = entryOf(judge, uid)?.observed;
    if (observed?._tag === "Absent") judgeCreation(judge, pod);
    const containers = observed?._tag === "Present" ? observed.value.containers : [];
    const before = containers.find(({ name }) => name === container.name);
    const inits = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy !== "Always");
    const isInit = pod.spec.initContainers?.some(({ name }) => name === container.name) ?? false;
    for (const each of containers) if (hasSucceeded(each)) succeeded.add(`${uid}/${each.name}`);
    const waits = inits.filter(({ name }) => !succeeded.has(`${uid}/${name}`));
    if (!isInit && restartCount === 0 && waits.length > 0 && !statusShowsRun(pod.status)) {
      judge.fail(`does not wait for ${waits.map(({ name }) => name).join(", ")}: start ${what}`);
    }
    // the image may have been set back since
    const image = before !== undefined && (isOutdated(pod, before) || isReplaced(uid, before));
    if (before?.state._tag === "Terminated" && restartCount > 0) {
      const policy = container.restartPolicy === "Always" ? "Always" : restartPolicyOf(pod);
      const again = policy === "Always" || (policy === "OnFailure" && before.state.exitCode !== 0);
      if (!again && !image) judge.fail(`promise 2: is not to be started again: ${what}, ${policy}`);
    }
    const key = `${uid}/${container.name}`;
    const last = started.get(key);
    if (last?.restartCount === restartCount) return;
    const inARow = last !== undefined && last.restartCount > 0 && judge.now() - last.at < leastBetweenMs;
    if (inARow && !image && !judge.isSkewed()) judge.fail(`promise 7: restarts without back-off: ${what}`);
    started.set(key, { restartCount, at: judge.now() });
  };
};

/** Nothing is stopped sooner than the API server has promised, and a grace that was given is not made longer. */
const judgeStops = (judge: Judge): (uid: string, container: string, graceMs: Millis) => void => {
  const ends = new Map<string, Millis>();
  return (uid, container, graceMs) => {
    const entry = entryOf(judge, uid);
    if (entry?.desired._tag !== "Present") return;
    const { metadata, spec, status } = entry.desired.value;
    if (metadata.deletionTimestamp === undefined) return;
    const end = judge.now() + graceMs;
    const before = ends.get(`${uid}/${container}`);
    const what = `${metadata.name} ${uid}: ${graceMs} ms`;
    if (before !== undefined && graceMs > Math.max(0, before - judge.now()) + 1) {
      judge.fail(`promise 5: gives back a longer grace to ${what}`);
    }
    ends.set(`${uid}/${container}`, end);
    const promised = judge.graceEndsAt(uid);
    const others = isTerminal(status.phase) || spec.activeDeadlineSeconds !== undefined ||
      !entry.memory.seenLive;
    if (promised !== undefined && !others && end < promised - 1_000) {
      judge.fail(`promise 5: takes the grace from ${what}`);
    }
  };
};

/** The back end, with every call looked at on its way. */
export const judgedBackend = (
  inner: Provider | ContainerRuntime,
  judge: Judge,
): Provider | ContainerRuntime => {
  const attempts = makeAttempts(judge.now, judge.fail);
  const judged = judgeCalls(judge, attempts);
  const list: Provider["list"] = (options) => {
    const began = attempts.begin("list");
    const answer = inner.list(options);
    answer.then(() => began({ failed: false }), (error) => began(answeredBy(error)));
    return answer;
  };
  const updateFiles = inner.updateFiles?.bind(inner);
  const files: Partial<Provider> = updateFiles === undefined ? {} : {
    updateFiles: (ref, volumes, options) =>
      judged("files", ref.uid, undefined, options, () => updateFiles(ref, volumes, options)),
  };
  const replacing = judgeReplaced(judge);
  const judgeStart = judgeStarts(judge, replacing.isReplaced);
  const judgeStop = judgeStops(judge);
  if (isRuntime(inner)) {
    return {
      ...inner,
      ...files,
      list,
      start: (run, options) => {
        judgeStart(run);
        judgeInputs(judge, run.intent, [run.container.name]);
        // a changed spec is tried at once
        const { uid, generation } = run.intent.pod.metadata;
        const instance = `${run.container.name} of generation ${generation}`;
        return judged("start", uid, instance, options, () => inner.start(run, options));
      },
      stop: (ref, container, options) => {
        judgeStop(ref.uid, container, options.graceMs);
        replacing.onStop(ref.uid, container);
        return judged("stop", ref.uid, container, options, () => inner.stop(ref, container, options));
      },
      remove: (ref, options) =>
        judged("remove", ref.uid, undefined, options, () => inner.remove(ref, options)),
    };
  }
  const update = inner.update?.bind(inner);
  return {
    ...inner,
    ...files,
    list,
    create: (intent, options) => {
      judgeCreation(judge, intent.pod);
      judgeInputs(judge, intent, intent.pod.spec.containers.map(({ name }) => name));
      return judged(
        "create",
        intent.pod.metadata.uid,
        undefined,
        options,
        () => inner.create(intent, options),
      );
    },
    ...(update === undefined ? {} : {
      update: (intent, options) =>
        judged("update", intent.pod.metadata.uid, undefined, options, () => update(intent, options)),
    }),
    delete: (ref, options) => {
      judgeStop(ref.uid, "", options.graceMs);
      return judged("delete", ref.uid, undefined, options, () => inner.delete(ref, options));
    },
  };
};
