import type { ContainerScript, PodScript } from "../../adapters/provider/memory/script.ts";
import type { Container } from "../../core/kubernetes/container.ts";
import type { PodIntent } from "../../core/pod/intent.ts";
import type { Behaviour } from "./backend.ts";

/** A container that brings its behaviour along: for {@link memoryScript}. */
export const memoryContainer = (name: string, behaviour: Behaviour): Container => ({
  name,
  image: "memory",
  command: [JSON.stringify(behaviour)],
});

/** Others just run. */
export const behaviourOf = ({ image, command = [] }: Container): Behaviour =>
  image === "memory" ? JSON.parse(command[0] ?? "") : { _tag: "Run" };

const scriptOf = (behaviour: Behaviour): ContainerScript => ({
  log: (behaviour.lines ?? []).map((line) => `${line}\n`).join(""),
  ...(behaviour._tag === "Exit" ? { runMs: 0, exitCodes: [behaviour.code] } : {}),
});

/** Lets a memory provider's containers behave as a contract wants them to. */
export const memoryScript = ({ pod: { spec } }: PodIntent): PodScript => ({
  stopMs: spec.containers.some((container) => behaviourOf(container)._tag === "Stubborn") ? Infinity : 0,
  containers: Object.fromEntries(
    spec.containers.map((container) => [container.name, scriptOf(behaviourOf(container))]),
  ),
});
