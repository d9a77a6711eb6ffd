import type { PlantedBug } from "./bug.ts";

/** Mistakes about what is written to the API server, what is heard from it, and how soon it is asked again. */
export const bugsOfRequests: readonly PlantedBug[] = [
  {
    name: "overwrite a terminal status",
    why: "Somebody else said that the pod has failed, and it is Running again.",
    edits: [{
      file: "core/pod/reconcile.ts",
      find: "  if (isTerminal(known.phase)) return keepEnded(context);\n",
      replace: "",
    }, {
      file: "core/pod/write_status.ts",
      find: "if (memory.apiOp !== undefined || isTerminal(known.phase)) return plan;",
      replace: "if (memory.apiOp !== undefined) return plan;",
    }, {
      file: "core/container/phase.ts",
      find: "  if (before !== undefined && isTerminal(before)) return before;\n",
      replace: "",
    }],
    caughtBy: ["test/tables/pods.test.ts", "test/property/pods.test.ts"],
    withinSeeds: 60,
  },
  {
    name: "write a status without the resourceVersion",
    why: "What was decided on an older object undoes what somebody else has said meanwhile.",
    edits: [{
      file: "core/pod/status_patch.ts",
      find: "{ metadata: { uid: ref.uid, resourceVersion }, status }",
      replace: "{ metadata: { uid: ref.uid }, status }",
    }],
    caughtBy: ["test/tables/pod_status_writes.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "patch without the UID",
    why: "The status of one pod is written to another that was created under its name.",
    edits: [{
      file: "core/pod/status_patch.ts",
      find: "{ metadata: { uid: ref.uid, resourceVersion }, status }",
      replace: "{ metadata: { resourceVersion }, status }",
    }],
    caughtBy: ["test/tables/pod_status_writes.test.ts", "test/property/pods.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "delete without the UID",
    why: "A pod that was created under the name of another is deleted in its place.",
    edits: [{
      file: "core/kubernetes/request.ts",
      find:
        "    ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),\n    preconditions: { uid },",
      replace:
        "    ...(graceSeconds === undefined || uid === undefined ? {} : { gracePeriodSeconds: graceSeconds }),",
    }],
    caughtBy: ["test/tables/pods.test.ts", "test/property/pods.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "patch foreign conditions",
    why: "Conditions that others have set are lost with every write of the status.",
    edits: [{
      file: "core/kubernetes/request.ts",
      find: "path: `${podPath(namespace, name)}/status`,\n  query: managed,\n  contentType: strategicMerge,",
      replace: "path: `${podPath(namespace, name)}/status`,\n  query: managed,\n  contentType: mergePatch,",
    }],
    caughtBy: [],
    withinSeeds: 10,
  },
  {
    name: "write a status that says nothing new",
    why: "A cluster at rest costs writes.",
    edits: [{
      file: "core/pod/write_status.ts",
      find: "  if (statusCovered(want, known)) return wakeBy(plan, orRecheck(context, undefined));\n",
      replace: "",
    }],
    caughtBy: ["test/tables/pods.test.ts", "test/unit/step.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "two requests of a pod at a time",
    why: "The later one may arrive first.",
    edits: [{
      file: "core/pod/write_status.ts",
      find: "if (memory.apiOp !== undefined || isTerminal(known.phase)) return plan;",
      replace: "if (isTerminal(known.phase)) return plan;",
    }],
    caughtBy: ["test/tables/pod_status_writes.test.ts", "test/property/pods.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "retry without back-off",
    why: "A server that fails is asked again at once.",
    edits: [{
      file: "core/backoff.ts",
      find: "  return Math.round(full * (1 - backoff.jitter * fraction));",
      replace: "  return Math.round(full * fraction * 0);",
    }],
    caughtBy: ["test/unit/pod/record.test.ts", "test/unit/step.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "ignore Retry-After",
    why: "A server that asks for time is not given it.",
    edits: [{
      file: "core/pod/record.ts",
      find: "Math.max(asked ?? 0, backoffMs(backoff, attempt, uid))",
      replace: "Math.max((asked ?? 0) * 0, backoffMs(backoff, attempt, uid))",
    }],
    caughtBy: ["test/unit/pod/record.test.ts", "test/property/pods.test.ts"],
    withinSeeds: 30,
  },
  {
    name: "resume a watch from what has expired",
    why: "The server answers 410 for ever, and nothing more is heard.",
    edits: [{
      file: "core/watch/retry.ts",
      find: `  fault._tag === "Gone" || fault._tag === "Undecodable" || state.barren >= maxBarren;`,
      replace: `  fault._tag === "Undecodable" || state.barren > 1000 * maxBarren;`,
    }],
    caughtBy: ["test/unit/watch/step.test.ts", "test/property/watch/convergence.test.ts"],
    withinSeeds: 30,
  },
  {
    name: "resume a watch once more before it is given up as expired",
    why: "A place that the server has forgotten is asked for again.",
    edits: [{
      file: "core/watch/retry.ts",
      find: `  fault._tag === "Gone" || fault._tag === "Undecodable" || state.barren >= maxBarren;`,
      replace: `  fault._tag === "Undecodable" || state.barren >= maxBarren;`,
    }],
    caughtBy: ["test/unit/watch/step.test.ts"],
    withinSeeds: 60,
  },
  {
    name: "the first page is the whole list",
    why: "What the other pages hold is taken for deleted.",
    edits: [{
      file: "core/watch/listing.ts",
      find: "  if (pages.next === undefined) return complete(config, state, pages, now);",
      replace: "  if (pages.items.length > 0) return complete(config, state, pages, now);",
    }],
    caughtBy: ["test/unit/watch/step.test.ts", "test/property/watch/convergence.test.ts"],
    withinSeeds: 30,
  },
  {
    name: "lose the first half of a line",
    why: "An event that comes in pieces is not understood.",
    edits: [{
      file: "core/watch/lines.ts",
      find: "line(pending.length === 0 ? first : joinBytes(addBytes(pending, first)))",
      replace: "line(first)",
    }],
    caughtBy: ["test/property/watch/machine.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "believe a watch that has gone silent",
    why: "A connection that is dead is listened to for ever.",
    edits: [{
      file: "core/watch/config.ts",
      find: "  idleTimeoutMs: 90_000,",
      replace: "  idleTimeoutMs: 90_000_000,",
    }],
    caughtBy: ["test/unit/watch/step.test.ts", "test/property/watch/convergence.test.ts"],
    withinSeeds: 30,
  },
];
