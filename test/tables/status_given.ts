// Containers as the tables of statuses name them.
import type { Container } from "../../core/kubernetes/container.ts";
import type { ObservedContainer } from "../../core/pod/observed.ts";
import { container, ended, preparing, running } from "../tools/containers.ts";

/** What the back end tells of a container in a state that a table names. `none` and `waiting`: nothing. */
export const seenAs = (name: string, state: string): readonly ObservedContainer[] => {
  switch (state.replace("sidecar ", "")) {
    case "running":
      return [running(name, 10)];
    case "starting":
      return [running(name, 10, { started: false })];
    case "unready":
      return [running(name, 10, { ready: false })];
    case "exited 0":
      return [ended(name, 0, 50, {}, 10)];
    case "exited 1":
    case "exited":
      return [ended(name, 1, 50, {}, 10)];
    case "crash loop":
      return [
        preparing(name, "CrashLoopBackOff", { restartCount: 1, last: { _tag: "Terminated", exitCode: 1 } }),
      ];
    case "completed loop":
      return [
        preparing(name, "CrashLoopBackOff", { restartCount: 1, last: { _tag: "Terminated", exitCode: 0 } }),
      ];
    default:
      return [];
  }
};

/** The init container of a table: none, `i`, or the sidecar `s`. */
export const initOf = (state: string): readonly Container[] =>
  state === "none"
    ? []
    : state.startsWith("sidecar")
    ? [container("s", { restartPolicy: "Always" })]
    : [container("i")];

export const seenInit = (state: string): readonly ObservedContainer[] =>
  seenAs(state.startsWith("sidecar") ? "s" : "i", state);
