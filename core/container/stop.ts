import type { Pod } from "../kubernetes/pod.ts";
import { isLive, type ObservedPod } from "../pod/observed.ts";
import { isSidecar } from "./policy.ts";

/**
 * The containers of a terminating pod that are to be stopped now: all that run, but sidecars only after all others
 * have ended, one by one in reverse order (Sidecar containers, "Pod termination"). None whose name is in `inFlight`.
 * Empty while it waits for those, and when nothing runs (any more).
 */
export const planStop = (
  pod: Pod,
  observed: ObservedPod | undefined,
  inFlight: ReadonlySet<string>,
): readonly string[] => {
  const live = (observed?.containers ?? []).filter(isLive).map(({ name }) => name);
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name);
  const others = live.filter((name) => !sidecars.includes(name));
  const lastSidecar = sidecars.filter((name) => live.includes(name)).slice(-1);
  return [...new Set(others.length > 0 ? others : lastSidecar)].filter((container) =>
    !inFlight.has(container)
  );
};
