import type { PlantedBug } from "./bug.ts";

/** Mistakes about containers: the order of their starts, and what follows their ends. */
export const bugsOfContainers: readonly PlantedBug[] = [
  {
    name: "start a container again that was to run once",
    why: "The restart policy Never is not heeded.",
    edits: [{
      file: "core/container/policy.ts",
      find: `    case "Never":\n      return false;`,
      replace: `    case "Never":\n      return exitCode !== 0;`,
    }],
    caughtBy: ["test/tables/containers.test.ts", "test/property/containers.test.ts"],
    withinSeeds: 30,
  },
  {
    name: "do not start a container again that has failed",
    why: "The restart policy OnFailure is not heeded.",
    edits: [{
      file: "core/container/policy.ts",
      find: `    case "OnFailure":\n      return exitCode !== 0;`,
      replace: `    case "OnFailure":\n      return false;`,
    }],
    caughtBy: ["test/tables/containers.test.ts", "test/property/containers.test.ts"],
    withinSeeds: 60,
  },
  {
    name: "do not wait for init containers",
    why: "Containers start before what they need was prepared.",
    edits: [{
      file: "core/container/order.ts",
      find: "    if (!known.sidecar) return waiting(open, missing ?? known);",
      replace: "    if (!known.sidecar) continue;",
    }],
    caughtBy: [
      "test/tables/documented.test.ts",
      "test/tables/containers.test.ts",
      "test/property/containers.test.ts",
    ],
    withinSeeds: 30,
  },
  {
    name: "start a container under its old restart count",
    why: "The back end takes it for a repetition, and answers that it has ended.",
    edits: [{
      file: "core/container/course.ts",
      find: "  const course = due(look, known, restartCount + 1, remembered, memory);",
      replace: "  const course = due(look, known, restartCount, remembered, memory);",
    }],
    caughtBy: ["test/tables/containers.test.ts", "test/property/containers.test.ts"],
    withinSeeds: 30,
  },
  {
    name: "restart a crashing container without delay",
    why: "A container that ends at once is started thousands of times.",
    edits: [{
      file: "core/container/policy.ts",
      find: `level <= 0 ? 0 : backoffMs(policy.crashLoop, level, "");`,
      replace: "level <= 0 ? 0 : policy.crashLoop.jitter;",
    }],
    caughtBy: ["test/tables/documented.test.ts", "test/tables/containers.test.ts"],
    withinSeeds: 60,
  },
  {
    name: "run past activeDeadlineSeconds",
    why: "A job that was to be given up goes on for ever.",
    edits: [{
      file: "core/pod/run_runtime.ts",
      find: "  if (seconds === undefined) return undefined;\n  return (parseTime",
      replace: "  if (seconds === undefined || seconds > 0) return undefined;\n  return (parseTime",
    }],
    caughtBy: ["test/tables/deadlines.test.ts"],
    withinSeeds: 30,
  },
];
