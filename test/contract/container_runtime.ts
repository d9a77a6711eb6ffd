import type { ContainerRuntime } from "../../adapters/ports.ts";
import { type BackendContract, type BackendSubject, freshUid, type Offer } from "./backend.ts";
import { logRows } from "./backend_logs.ts";
import { nodeRows, offerRows, pingRows } from "./backend_offers.ts";
import { type Check, checksOf, knownSkips, type Rows } from "./check.ts";
import { makePatience } from "./patience.ts";
import { type RuntimeContext, start } from "./runtime/context.ts";
import { lifeRows, previousLogRows } from "./runtime/lives.ts";
import { reopenRows } from "./runtime/reopened.ts";
import { stopRows } from "./runtime/stops.ts";
import { watchRows } from "./runtime/watches.ts";

/** A container runtime to be tried. */
export interface ContainerRuntimeSubject extends BackendSubject {
  readonly runtime: ContainerRuntime;
  /** Another adapter on the same back end, as after a restart of the agent: for `reopen`. */
  readonly reopen?: () => Promise<ContainerRuntime>;
}

/** A container runtime, and what is known of it beforehand. */
export interface ContainerRuntimeContract extends BackendContract {
  readonly make: () => Promise<ContainerRuntimeSubject>;
}

/** The checks by what of a runtime they need. */
const groups: readonly (readonly [Offer | undefined, Rows<RuntimeContext>])[] = [
  [undefined, { ...lifeRows, ...stopRows, ...offerRows }],
  ["ping", pingRows],
  ["node", nodeRows],
  ["watch", watchRows],
  ["logs", { ...logRows, ...previousLogRows }],
  ["reopen", reopenRows],
];

/**
 * What every `ContainerRuntime` keeps, as checks that any test framework can run. They take real time, as little as the
 * back end lets them: `boundMs` is for what must happen, `quietMs` for what must not.
 */
export const containerRuntimeContract = (contract: ContainerRuntimeContract): readonly Check[] => {
  const { make, without = [], skip = {} } = contract;
  const patience = makePatience(contract);
  const around = async (row: (context: RuntimeContext) => Promise<void>): Promise<void> => {
    const subject = await make();
    const ref = { namespace: "default", name: "web", uid: freshUid() };
    const { runtime, reopen } = subject;
    const { watch, ping, node, logs } = runtime;
    const context: RuntimeContext = {
      ...{ ...subject, ...patience, backend: runtime, uid: ref.uid, ref, without },
      offers: { watch, ping, node, logs, reopen },
      start: async (behaviour) => void await start(context, behaviour),
      stop: (graceMs) => runtime.stop(ref, "main", { graceMs, signal: patience.bound() }),
    };
    try {
      await row(context);
    } finally {
      await subject.close();
    }
  };
  const checks = groups.filter(([offer]) => offer === undefined || !without.includes(offer))
    .flatMap(([, rows]) => checksOf(rows, (name) => skip[name], around));
  return knownSkips(checks, skip);
};
