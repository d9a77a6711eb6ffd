import fc from "fast-check";
import type { ContainerMemory, ContainersMemory, RememberedEnd } from "../../core/container/memory.ts";
import { anyFault } from "./fault.ts";
import { anyMono, anyWall } from "./moment.ts";
import { anyOf, anyRecord, maybe } from "./record.ts";

const anyCount = anyOf(0, 0, 1, 4);

const anyEnd: fc.Arbitrary<RememberedEnd> = anyRecord({
  restartCount: anyCount,
  level: anyOf(0, 1, 5, 40),
  finishedAt: anyWall,
  dueAt: anyMono,
});

const anyContainerMemory: fc.Arbitrary<ContainerMemory> = anyRecord({}, {
  end: anyEnd,
  fault: anyRecord({
    restartCount: anyCount,
    fault: anyFault,
    attempts: anyOf(1, 2, 9, 1_000_000),
    at: anyMono,
    // of a pod of generation 1 with the image v1, or another
    spec: anyOf("1/v1", "1/v1", "2/v2"),
  }),
  started: anyCount,
  replaced: anyCount,
});

/** What is remembered of the containers of these names. */
export const anyContainersMemoryOf = (names: readonly string[]): fc.Arbitrary<ContainersMemory> =>
  fc.tuple(...names.map(() => maybe(anyContainerMemory))).map((all) =>
    Object.fromEntries(names.flatMap((name, index) => {
      const memory = all[index];
      return memory === undefined ? [] : [[name, memory] as const];
    }))
  );

/** What is remembered of the containers `i`, `a` and `b`. */
export const anyContainersMemory: fc.Arbitrary<ContainersMemory> = anyContainersMemoryOf(["i", "a", "b"]);
