/** One test of a file, with what its suite does around it. */
export interface Test {
  readonly name: string;
  run(): Promise<void>;
}

type Step = (context: unknown) => unknown;

interface Suite {
  (name: string, handler: Step): void;
  readonly only: (name: string, handler: Step) => void;
  readonly skip: () => void;
  readonly before: ((step: Step) => void) & { readonly each: (step: Step) => void };
  readonly after: ((step: Step) => void) & { readonly each: (step: Step) => void };
  run(): void;
}

/** What stands for uvu: it keeps the tests instead of running them. */
export interface Collector {
  readonly tests: readonly Test[];
  readonly uvu: Readonly<Record<"suite", (name?: string, context?: unknown) => Suite>>;
}

const adder = (list: Step[], each: Step[]): Suite["before"] =>
  Object.assign((step: Step) => void list.push(step), { each: (step: Step) => void each.push(step) });

export const newCollector = (): Collector => {
  const tests: Test[] = [];
  const suite = (suiteName = "", context: unknown = {}): Suite => {
    const before: Step[] = [], after: Step[] = [], beforeEach: Step[] = [], afterEach: Step[] = [];
    const own: Test[] = [];
    const runAll = async (steps: readonly Step[]): Promise<void> => {
      for (const step of steps) await step(context);
    };
    const add = (name: string, handler: Step): void => {
      const run = async (): Promise<void> => {
        try {
          await runAll([...before, ...beforeEach, handler]);
        } finally {
          await runAll([...afterEach, ...after]);
        }
      };
      own.push({ name: `${suiteName} > ${name}`, run });
    };
    return Object.assign(add, {
      only: add,
      skip: () => {},
      before: adder(before, beforeEach),
      after: adder(after, afterEach),
      run: () => void tests.push(...own.splice(0)),
    });
  };
  return { tests, uvu: { suite } };
};
