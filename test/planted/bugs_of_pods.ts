import type { PlantedBug } from "./bug.ts";

/** Mistakes about a pod's life: what is done at the back end, and when. */
export const bugsOfPods: readonly PlantedBug[] = [
  {
    name: "create without looking at what is in flight",
    why: "Every look at the pod before the answer asks for it once more.",
    edits: [{
      file: "core/pod/run_provider.ts",
      find:
        `  if (memory.ops.length > 0) return writeStatus(context, rest(memory, "Creating"), waitingStatus(context));\n`,
      replace: "",
    }],
    caughtBy: ["test/tables/pods.test.ts", "test/property/histories.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "start without looking at what is in flight",
    why: "The same for back ends that run containers.",
    edits: [{
      file: "core/pod/run_runtime.ts",
      find: `if (next === undefined || plan.memory.ops.some((op) => op.kind !== "stop")) return plan;`,
      replace: "if (next === undefined) return plan;",
    }, {
      file: "core/pod/memory.ts",
      find: "new Set(memory.ops.flatMap((op) => op.container === undefined ? [] : [op.container]));",
      replace: `new Set(memory.ops.flatMap((op) => op.kind !== "stop" ? [] : [op.container!]));`,
    }],
    caughtBy: ["test/property/histories.test.ts"],
    withinSeeds: 30,
  },
  {
    name: "a failed list of the back end is taken for an empty one",
    why: "Pods that run are said to be lost, and new ones created in their place.",
    edits: [{
      file: "core/fold.ts",
      find: `  if (action._tag === "ListBackend") return listFailed(state, askedMs(fault), now);`,
      replace: `  if (action._tag === "ListBackend") {
    const empty = listBackend(state, action.seq, [], now);
    return { ...empty, state: listFailed(empty.state, askedMs(fault), now).state };
  }`,
    }],
    caughtBy: ["test/unit/fold.test.ts"],
    withinSeeds: 30,
  },
  {
    name: "a partial list of the back end is believed at once",
    why: "What one list has left out is taken for lost.",
    edits: [{
      file: "core/fold_backend.ts",
      find: "(entry.missed ? missing : isNew(entry) ? fresh : missed).push(uid);",
      replace: "missing.push(uid);",
    }],
    caughtBy: ["test/unit/fold.test.ts", "test/property/histories.test.ts", "test/model/pods.test.ts"],
    withinSeeds: 60,
  },
  {
    name: "unknown is taken for absent",
    why: "What the back end has is not known, and the pod is created all the same.",
    edits: [{
      file: "core/pod/reconcile.ts",
      find: `  if (observed._tag === "Unknown") return rest(memory, "BackendUnknown");\n`,
      replace: "",
    }],
    caughtBy: ["test/tables/pods.test.ts", "test/property/pods.test.ts", "test/model/pods.test.ts"],
    withinSeeds: 30,
  },
  {
    name: "a pod that is gone from the back end is created again",
    why: "It ran, so it may have done its work: it must fail instead, and its owner makes another.",
    edits: [{
      file: "core/pod/lost.ts",
      find: "context.observed === undefined && (hasRun(context) || context.memory.created);",
      replace: "context.observed === undefined && hasRun(context) && context.policy.draining;",
    }],
    caughtBy: ["test/tables/pods.test.ts", "test/property/pods.test.ts"],
    withinSeeds: 60,
  },
  {
    name: "finalize before the stop has ended",
    why: "The object goes while its containers run: their node could be given their name once more.",
    edits: [{
      file: "core/pod/terminate.ts",
      find: "  if (!stopped) return wakeBy(plan, context.recheckAt);\n",
      replace: "  if (!stopped) return finalize(context, plan);\n",
    }],
    caughtBy: ["test/tables/pod_deletions.test.ts", "test/property/pods.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "give back a longer grace",
    why: "The grace period begins anew with every look, and the pod never has to stop.",
    edits: [{
      file: "core/pod/stop.ts",
      find:
        "  if (graceMs >= kill.graceMs) return kill;\n  return { at: Math.min(kill.at, now.mono + graceMs), graceMs };",
      replace: "  return { at: now.mono + graceMs, graceMs };",
    }],
    caughtBy: ["test/tables/pod_deletions.test.ts", "test/property/pods.test.ts"],
    withinSeeds: 30,
  },
  {
    name: "kill at once, without grace",
    why: "The pod has no time to end its work.",
    edits: [{
      file: "core/pod/terminate.ts",
      find: "  return { at: now.mono + left, graceMs };",
      replace: "  return { at: now.mono, graceMs: left - left };",
    }, {
      file: "core/pod/stop.ts",
      find: "  if (kill === undefined) return { at: now.mono + graceMs, graceMs };",
      replace: "  if (kill === undefined) return { at: now.mono, graceMs: 0 };",
    }],
    caughtBy: ["test/tables/pod_deletions.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "trust a stale notification",
    why: "News that came late undo what is known: what has ended seems to run.",
    edits: [{
      file: "core/pod/merge_observed.ts",
      find: "    return before === undefined ? container : laterContainer(before, container);",
      replace: "    return container;",
    }],
    caughtBy: ["test/unit/fold.test.ts"],
    withinSeeds: 60,
  },
  {
    name: "forget a pod after five failures",
    why: "It stays as it is until somebody notices.",
    edits: [{
      file: "core/pod/record.ts",
      find: "  return { attempt, notBefore: Math.max(retry.notBefore, now.mono + delay) };",
      replace: "  return { attempt, notBefore: attempt < 5 ? now.mono + delay : Infinity };",
    }],
    caughtBy: ["test/unit/pod/record.test.ts", "test/property/pods.test.ts"],
    withinSeeds: 60,
  },
  {
    name: "drop a pod's wakeAt",
    why: "Whatever has to wait for a time waits for the next news of the pod instead.",
    edits: [{
      file: "core/step.ts",
      find: "at === undefined ? state.deadlines : pushDeadline(state.deadlines, at, uid)",
      replace: "state.deadlines",
    }],
    caughtBy: ["test/property/histories.test.ts", "test/unit/virtual_node/provider.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "drop every wakeAt",
    why: "The agent only ever does something when it hears something.",
    edits: [{
      file: "core/step.ts",
      find: "return [work.state, { actions: work.actions, wakeAt, why: work.why }];",
      replace: "return [work.state, { actions: work.actions, wakeAt: undefined, why: work.why }];",
    }],
    caughtBy: ["test/property/histories.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "key by name instead of UID",
    why: "A pod that was created again takes over what is known of the one before.",
    edits: [{
      file: "core/fold_pods.ts",
      find: "  const uid = pod.metadata.uid;\n  const entry",
      replace: `  let uid = pod.metadata.uid;
  forEachEntry(state.pods, (key, { desired, observed }) => {
    const metadata = desired._tag === "Present" ? desired.value.metadata : undefined;
    const name = metadata?.name ?? (observed._tag === "Present" ? observed.value.name : undefined);
    if (name === pod.metadata.name) uid = key;
  });
  const entry`,
    }],
    caughtBy: ["test/property/histories.test.ts"],
    withinSeeds: 30,
  },
  {
    name: "an orphan is looked up by its name",
    why: "The pod that was created again under the name keeps the containers of the old one alive.",
    edits: [{
      file: "adapters/perform.ts",
      find: "item?.metadata?.uid === uid);",
      replace: "item?.metadata?.uid !== undefined && uid !== undefined);",
    }],
    caughtBy: [],
    withinSeeds: 60,
  },
  {
    name: "remove what another cluster has marked",
    why: "Two clusters may share a back end: its pods are not ours.",
    edits: [{
      file: "core/pod/orphan.ts",
      find: "observed.owner.cluster === owner.cluster &&",
      replace: "owner.cluster !== undefined &&",
    }],
    caughtBy: ["test/tables/orphans.test.ts", "test/property/pods.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "remove what another node has marked",
    why: "Two nodes may share a back end: its pods are not ours.",
    edits: [{
      file: "core/pod/orphan.ts",
      find: "    observed.owner.node === owner.node);",
      replace: "    owner.node !== undefined);",
    }],
    caughtBy: ["test/tables/orphans.test.ts", "test/property/pods.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "one call of the back end at a time",
    why: "A call that hangs delays every other pod.",
    edits: [{ file: "adapters/driver.ts", find: "const calls = 256;", replace: "const calls = 1;" }],
    caughtBy: ["test/unit/virtual_node/provider.test.ts"],
    withinSeeds: 10,
  },
];
