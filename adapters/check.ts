import type { PodIntent, Problem } from "../core/pod/intent.ts";
import type { AnyBackend } from "./perform.ts";
import { faultOfError } from "./provider_error.ts";

/** A back end's `check`, made total: one that throws refuses the pod with what it threw. */
export const checkOf = (backend: AnyBackend | undefined): (intent: PodIntent) => readonly Problem[] => {
  const check = backend?.check?.bind(backend);
  if (check === undefined) return () => [];
  return (intent) => {
    try {
      return check(intent);
    } catch (error) {
      return [{
        field: "spec",
        message: `the provider's check failed: ${faultOfError(error).message}`,
        fatal: true,
      }];
    }
  };
};
