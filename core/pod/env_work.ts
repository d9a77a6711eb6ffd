import type { Container } from "../kubernetes/container.ts";
import type { Pod } from "../kubernetes/pod.ts";
import type { Found } from "./env_source.ts";
import { type Addresses, type EnvText, textLength } from "./env_value.ts";
import type { LateField } from "./field_ref.ts";
import type { Given } from "./given.ts";
import type { Problem } from "./intent.ts";
import type { Missing, Notice } from "./missing.ts";

/** Characters that all variables of a container, or one argument, may have: expansion can double with every line. */
export const maxEnvLength: number = 1 << 20;

/** What is known of a pod's addresses before it runs, and who puts in the rest. */
export interface Late {
  readonly addresses: Addresses;
  /** The fields that the back end puts in by itself. */
  readonly binds: readonly LateField[];
}

/** What one container's environment is gathered in. */
export interface EnvWork {
  readonly pod: Pod;
  readonly container: Container;
  /** Of the container: `spec.containers[0]`. */
  readonly path: string;
  readonly given: Given;
  readonly late: Late;
  readonly services: ReadonlyMap<string, string>;
  readonly values: Map<string, EnvText>;
  readonly problems: Problem[];
  readonly missing: Missing[];
  readonly notices: Notice[];
  /** Characters that may still come. */
  room: number;
}

/** Only another spec can help. */
export const refuse = (work: EnvWork, field: string, message: string): undefined =>
  void work.problems.push({ field: `${work.path}.${field}`, message, fatal: true });

/** Why a field is refused whose expansion is too long. */
export const tooLong: string =
  `Expanding $(VAR) makes more than ${maxEnvLength} characters: make the value, or what it names, shorter`;

/** The container waits. */
export const miss = (work: EnvWork, message: string | undefined): undefined =>
  void work.missing.push({ container: work.container.name, message });

/** What was found; what was not is told, and remembered where the container cannot start without. */
export const orTold = <A>(work: EnvWork, found: Found<A>): A | undefined => {
  if (found._tag === "Found") return found.value;
  if (found.notice !== undefined) work.notices.push(found.notice);
  return found._tag === "Missing" ? miss(work, found.message) : undefined;
};

/** Gives the variable its value; `false`: there is no room for it. */
export const setVariable = (work: EnvWork, name: string, text: EnvText): boolean => {
  work.room -= textLength(text);
  if (work.room < 0) return false;
  work.values.set(name, text);
  return true;
};
