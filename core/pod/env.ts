import * as E from "fp-ts/lib/Either.js";
import type { Container } from "../kubernetes/container.ts";
import type { Pod } from "../kubernetes/pod.ts";
import { expand, expandWithin } from "./expand.ts";
import type { EnvValue, Problem } from "./intent.ts";

/** Why a pod's environment cannot be made; `field` is the path of the field at fault. Always fatal. */
export type EnvProblem = Problem;

/** Characters that all variables of a container, or one argument, may have: expansion can double with every line. */
export const maxEnvLength: number = 1 << 20;

const problem = (field: string, message: string): EnvProblem => ({ field, message, fatal: true });

const tooLong = (field: string): EnvProblem =>
  problem(
    field,
    `Expanding $(VAR) makes more than ${maxEnvLength} characters: make the value, or what it names, shorter`,
  );

const lookupIn = (values: ReadonlyMap<string, string>) => (name: string): string | undefined =>
  values.get(name);

const unsupported = (path: string, container: Container): readonly EnvProblem[] => [
  ...(container.envFrom ?? []).map((_, at) =>
    problem(
      `${path}.envFrom[${at}]`,
      "envFrom is not supported yet: write the variables as literal values in env",
    )
  ),
  ...(container.env ?? []).flatMap(({ valueFrom }, at) =>
    valueFrom === undefined ? [] : [
      problem(
        `${path}.env[${at}].valueFrom`,
        `valueFrom (${
          Object.keys(valueFrom).join(", ")
        }) is not supported yet: write the variable as a literal value`,
      ),
    ]
  ),
];

const argvProblems = (
  path: string,
  container: Container,
  values: ReadonlyMap<string, string>,
): readonly EnvProblem[] =>
  (["command", "args"] as const).flatMap((key) =>
    (container[key] ?? []).flatMap((text, at) =>
      expandWithin(text, lookupIn(values), maxEnvLength) === undefined
        ? [tooLong(`${path}.${key}[${at}]`)]
        : []
    )
  );

const resolveContainer = (
  path: string,
  container: Container,
): E.Either<readonly EnvProblem[], readonly EnvValue[]> => {
  const problems = unsupported(path, container);
  if (problems.length > 0) return E.left(problems);
  const values = new Map<string, string>();
  let room = maxEnvLength;
  for (const [at, { name, value = "" }] of (container.env ?? []).entries()) {
    const expanded = expandWithin(value, lookupIn(values), room);
    if (expanded === undefined) return E.left([tooLong(`${path}.env[${at}].value`)]);
    room -= expanded.length;
    values.set(name, expanded);
  }
  const long = argvProblems(path, container, values);
  return long.length > 0 ? E.left(long) : E.right([...values].map(([name, value]) => ({ name, value })));
};

/**
 * The environment of every init container and container, by name: literal values in the declared order, `$(VAR)`
 * expanded with the variables declared before it (unknown and later ones stay as written). Of several with one name
 * the last wins, in the first one's place. Left: every field that cannot be honoured, `envFrom` and `valueFrom` for now.
 */
export const resolveEnv = (
  pod: Pod,
): E.Either<readonly EnvProblem[], Readonly<Record<string, readonly EnvValue[]>>> => {
  const problems: EnvProblem[] = [];
  const env: Record<string, readonly EnvValue[]> = {};
  const resolveAll = (path: string, containers: readonly Container[]): void => {
    for (const [at, container] of containers.entries()) {
      const resolved = resolveContainer(`${path}[${at}]`, container);
      if (E.isLeft(resolved)) problems.push(...resolved.left);
      else env[container.name] = resolved.right;
    }
  };
  resolveAll("spec.initContainers", pod.spec.initContainers ?? []);
  resolveAll("spec.containers", pod.spec.containers);
  return problems.length > 0 ? E.left(problems) : E.right(env);
};

/** What a container is to run, as lists of words; absent ones are the image's. */
export interface Argv {
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
}

/** `command` and `args` with `$(VAR)` expanded by the container's own environment, as {@link resolveEnv} gave it. */
export const expandArgv = (container: Container, env: readonly EnvValue[]): Argv => {
  const lookup = lookupIn(new Map(env.map(({ name, value }) => [name, value])));
  const expandAll = (words: readonly string[] | undefined): readonly string[] | undefined =>
    words?.map((word) => expand(word, lookup));
  return { command: expandAll(container.command), args: expandAll(container.args) };
};
