import type { Millis } from "../../core/time.ts";
import type { Chaos } from "./chaos.ts";

/** How an instance ends by itself; without one it runs until it is stopped. */
export interface Course {
  readonly lastsMs: Millis;
  readonly exitCode: number;
  /** Once all is healed it goes on instead. */
  readonly onlyInChaos: boolean;
}

/** Annotated with this, a pod's containers end so: `MILLISECONDS/EXITCODE`, or `forever`. */
export const scriptMark = "sim/script";

/** How this instance ends: by the pod's script, if it has one, or by chance. When all is healed, what starts stays. */
export const courseOf = (
  script: string | undefined,
  container: string,
  { random, isOn }: Chaos,
): Course | undefined => {
  if (script === "forever" || container.startsWith("sidecar")) return undefined;
  const [ms, code] = script?.split("/") ?? [];
  if (ms !== undefined) return { lastsMs: Number(ms), exitCode: Number(code), onlyInChaos: false };
  if (container.startsWith("init")) {
    const exitCode = isOn && random.chance(0.2) ? 1 : 0;
    return { lastsMs: random.below(3_000), exitCode, onlyInChaos: false };
  }
  if (!isOn || random.chance(0.5)) return undefined;
  // some flap, some take long
  const most = random.pick([500, 60_000, 1_800_000]);
  return { lastsMs: random.below(most), exitCode: random.chance(0.5) ? 0 : 7, onlyInChaos: true };
};
