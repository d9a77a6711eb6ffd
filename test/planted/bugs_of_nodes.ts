import type { PlantedBug } from "./bug.ts";

/** Mistakes about the node and its lease. */
export const bugsOfNodes: readonly PlantedBug[] = [
  {
    name: "renew the lease last",
    why: "With many pods the lease waits behind their writes, and the node is taken for dead.",
    edits: [{
      file: "core/step.ts",
      find: "  if (nodeDue) lookAtNode(work, now);\n  emit(work, folded.events, now);",
      replace: "  emit(work, folded.events, now);",
    }, {
      file: "core/step.ts",
      find: "lookAtPod(work, uid, now);\n  if (work",
      replace: "lookAtPod(work, uid, now);\n  if (nodeDue) lookAtNode(work, now);\n  if (work",
    }],
    caughtBy: ["test/unit/step.test.ts"],
    withinSeeds: 30,
  },
  {
    name: "the lease waits in the queue of the pods' writes",
    why: "The same, where actions are carried out.",
    edits: [{
      file: "adapters/driver.ts",
      find: `    case "ReadPod":\n      return "writes";`,
      replace: `    case "ReadPod":\n    case "RenewLease":\n      return "writes";`,
    }, {
      file: "adapters/driver.ts",
      find: "const writes = { limit: 16, min: 2, max: 64 };",
      replace: "const writes = { limit: 2, min: 2, max: 2 };",
    }],
    caughtBy: [],
    withinSeeds: 10,
  },
  {
    name: "renew the lease too seldom",
    why: "It runs out between two renewals.",
    edits: [{
      file: "core/node/lease.ts",
      find: "  nextAt: (memory.sentAt ?? now.mono) + policy.leaseRenewMs,",
      replace: "  nextAt: (memory.sentAt ?? now.mono) + 5 * policy.leaseRenewMs,",
    }],
    caughtBy: ["test/unit/node/story.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "give the lease up when it is refused",
    why: "One failure, and the node is dead.",
    edits: [{
      file: "core/node/lease.ts",
      find: "  return { sentAt: undefined, nextAt: now.mono + delay, missing, failures };",
      replace:
        "  return { sentAt: undefined, nextAt: failures < 4 ? now.mono + delay : Infinity, missing, failures };",
    }],
    caughtBy: ["test/unit/node/story.test.ts"],
    withinSeeds: 10,
  },
  {
    name: "do not register a node that was deleted",
    why: "The node is gone until the agent is started again.",
    edits: [{
      file: "adapters/reflected.ts",
      find: `    case "Deleted":\n      return { _tag: "NodeAbsent" };`,
      replace: `    case "Deleted":\n      return undefined;`,
    }],
    caughtBy: ["test/unit/virtual_node/node_alone.test.ts"],
    withinSeeds: 60,
  },
];
