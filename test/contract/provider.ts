import type { Provider } from "../../adapters/ports.ts";
import type { PodSpec } from "../../core/kubernetes/pod.ts";
import { type BackendContract, type BackendSubject, freshUid, type Offer } from "./backend.ts";
import { logRows } from "./backend_logs.ts";
import { nodeRows, offerRows, pingRows } from "./backend_offers.ts";
import { type Check, checksOf, knownSkips, type Rows } from "./check.ts";
import { makePatience } from "./patience.ts";
import { create, type ProviderContext, remove, wanted } from "./provider/context.ts";
import { callRows, outageRows } from "./provider/calls.ts";
import { checkRows } from "./provider/checks.ts";
import { deletionRows } from "./provider/deletions.ts";
import { identityRows } from "./provider/identities.ts";
import { lifeRows, previousLogRows, updateRows } from "./provider/lives.ts";
import { reopenRows } from "./provider/reopened.ts";
import { restartRows } from "./provider/restarts.ts";
import { watchRows } from "./provider/watches.ts";

/** A pod that the provider cannot honour, and the field that its `check` names for that. */
export interface RefusedSpec {
  readonly field: string;
  readonly spec: Partial<PodSpec>;
}

/** A provider to be tried. */
export interface ProviderSubject extends BackendSubject {
  readonly provider: Provider;
  /** Another adapter on the same back end, as after a restart of the agent: for `reopen`. */
  readonly reopen?: () => Promise<Provider>;
  /** Cuts the provider off from its back end; the function that it gives mends that: for `outage`. */
  readonly cutOff?: () => () => void;
  /** What it cannot honour: for `check`. */
  readonly refused?: readonly RefusedSpec[];
}

/** A provider, and what is known of it beforehand. */
export interface ProviderContract extends BackendContract {
  readonly make: () => Promise<ProviderSubject>;
  /** How many pods are put into a list that must be whole: more than fit on a page of the back end. 40 unless told. */
  readonly many?: number;
}

/** The checks by what of a provider they need. */
const groups: readonly (readonly [Offer | undefined, Rows<ProviderContext>])[] = [
  [undefined, { ...lifeRows, ...restartRows, ...identityRows, ...deletionRows, ...callRows, ...offerRows }],
  ["ping", pingRows],
  ["node", nodeRows],
  ["update", updateRows],
  ["check", checkRows],
  ["watch", watchRows],
  ["logs", { ...logRows, ...previousLogRows }],
  ["reopen", reopenRows],
  ["outage", outageRows],
];

/**
 * What every `Provider` keeps, as checks that any test framework can run. They take real time, as little as the back end
 * lets them: `boundMs` is for what must happen, `quietMs` for what must not.
 *
 * @example
 * ```ts
 * for (const { name, skip, run } of providerContract({ make })) test(name, { skip }, run); // with node:test
 * ```
 */
export const providerContract = (contract: ProviderContract): readonly Check[] => {
  const { make, without = [], skip = {}, many = 40 } = contract;
  const patience = makePatience(contract);
  const around = async (row: (context: ProviderContext) => Promise<void>): Promise<void> => {
    const subject = await make();
    const ref = { namespace: "default", name: "web", uid: freshUid() };
    const { provider, reopen, cutOff } = subject;
    const { watch, update, check, ping, node, logs } = provider;
    const context: ProviderContext = {
      ...{ ...subject, ...patience, backend: provider, uid: ref.uid, ref, many, without },
      offers: { watch, update, check, ping, node, logs, reopen, outage: cutOff },
      start: async (behaviour) => void await create(context, wanted(context, behaviour)),
      stop: (graceMs) => remove(context, ref, graceMs),
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
