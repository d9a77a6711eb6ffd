import type { Course } from "./course.ts";
import type { KnownContainer } from "./known.ts";
import type { DoneWhy } from "./why.ts";

/** A container of the spec and what is to become of it. */
export interface Planned {
  readonly known: KnownContainer;
  readonly course: Course;
}

export interface Order {
  /** Those that may be started as far as the order of containers goes, in the order of the spec. */
  readonly open: readonly Planned[];
  /** Why nothing will be started any more; `undefined` while something may. */
  readonly done: DoneWhy | undefined;
  /** Which init container everything waits for. */
  readonly waitsFor: string | undefined;
}

const waiting = (open: readonly Planned[], init: KnownContainer): Order => ({
  open,
  done: undefined,
  waitsFor: init.container.name,
});

const started = ({ known, course }: Planned): boolean =>
  course._tag === "Runs" && known.seen?.started !== false;

/**
 * Init containers one by one, each to success; a sidecar has its turn among them and lets the next one go when it has
 * started; then the containers. `begun`: a container has run, so the init containers' turn is over (sidecars still are
 * started again).
 */
export const orderOf = (planned: readonly Planned[], begun: boolean): Order => {
  const apps = planned.filter(({ known }) => !known.init);
  if (apps.every(({ course }) => course._tag === "Over")) {
    return { open: [], done: "every container has ended", waitsFor: undefined };
  }
  const open: Planned[] = [];
  let missing: KnownContainer | undefined;
  for (const each of planned) {
    const { known, course } = each;
    if (!known.init || (begun && !known.sidecar)) continue;
    const { name } = known.container;
    if (!known.sidecar && course._tag === "Over") {
      if (course.exitCode === 0) continue;
      return { open: [], done: `init container ${name} failed`, waitsFor: undefined };
    }
    const turn = begun || missing === undefined || known.instance._tag === "Ended";
    if (course._tag === "Due" && turn) open.push(each);
    if (!known.sidecar) return waiting(open, missing ?? known);
    if (!started(each)) missing ??= known;
  }
  if (missing !== undefined && !begun) return waiting(open, missing);
  return {
    open: [...open, ...apps.filter(({ course }) => course._tag === "Due")],
    done: undefined,
    waitsFor: undefined,
  };
};
