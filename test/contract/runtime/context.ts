import type { ContainerRun, ContainerRuntime } from "../../../adapters/ports.ts";
import type { ObservedContainer } from "../../../core/pod/observed.ts";
import { type BackendContext, type Behaviour, containerOf } from "../backend.ts";
import { expect } from "../expect.ts";
import { intentOf, type Wanted } from "../intent.ts";

/** What a check of a container runtime works with. */
export interface RuntimeContext extends BackendContext {
  readonly runtime: ContainerRuntime;
  readonly reopen?: () => Promise<ContainerRuntime>;
}

/** One instance of a container `main`. */
export const runOf = (
  { ref, owner, container }: RuntimeContext,
  behaviour: Behaviour,
  restartCount: number = 0,
  more: Partial<Wanted> = {},
): ContainerRun => {
  const main = container("main", behaviour);
  return { intent: intentOf({ ref, owner, containers: [main], ...more }), container: main, restartCount };
};

/** Starts it, and gives what is told of it. */
export const start = async (
  context: RuntimeContext,
  behaviour: Behaviour,
  restartCount: number = 0,
): Promise<ObservedContainer> => {
  const run = runOf(context, behaviour, restartCount);
  const container = containerOf(await context.runtime.start(run, { signal: context.bound() }));
  expect(container !== undefined, "what was started is not among what the start tells");
  return container;
};
