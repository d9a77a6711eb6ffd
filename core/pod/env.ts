import { fieldsOf } from "../fields.ts";
import type { Container, EnvVar } from "../kubernetes/container.ts";
import type { Pod } from "../kubernetes/pod.ts";
import { addEnvFrom } from "./env_from.ts";
import { refText } from "./env_ref.ts";
import { type EnvText, envValue, pieceLength, plainText } from "./env_value.ts";
import { type EnvWork, type Late, maxEnvLength, miss, refuse, setVariable, tooLong } from "./env_work.ts";
import { expand, expandPieces } from "./expand.ts";
import { type Given, nothingGiven } from "./given.ts";
import type { EnvPiece, EnvValue, Problem } from "./intent.ts";
import type { Missing, Notice } from "./missing.ts";
import { serviceEnv, servicesFault } from "./service_env.ts";

/** The environments of a pod's containers, as far as there are any, and what is to be told of them. */
export interface ResolvedEnv {
  /** By name of the container; of one that something is missing for there is none. */
  readonly env: Readonly<Record<string, readonly EnvValue[]>>;
  /** Every field that cannot be honoured, whatever objects there are. Always fatal. */
  readonly problems: readonly Problem[];
  readonly missing: readonly Missing[];
  readonly notices: readonly Notice[];
}

const nothingLate: Late = { addresses: { podIPs: [], hostIPs: [] }, binds: [] };

/** Variables declared before, then those of services. `undefined`: too long. */
const expandText = (work: EnvWork, text: string, limit: number): EnvText | undefined => {
  let secret = false;
  const valueOf = (name: string): readonly EnvPiece[] | undefined => {
    const value = work.values.get(name);
    if (value?.secret === true) secret = true;
    const service = value === undefined ? work.services.get(name) : undefined;
    return service === undefined ? value?.pieces : [service];
  };
  const pieces = expandPieces<EnvPiece>(text, valueOf, pieceLength, limit);
  return pieces === undefined ? undefined : { pieces, secret };
};

const addVariable = (work: EnvWork, { name, value = "", valueFrom }: EnvVar, at: number): void => {
  const isRef = value === "" && valueFrom !== undefined;
  const text = isRef
    ? refText(work, `env[${at}].valueFrom`, name, valueFrom)
    : expandText(work, value, work.room);
  if (text === undefined && isRef) return;
  if (text !== undefined && setVariable(work, name, text)) return;
  work.room = -1;
  refuse(work, `env[${at}].value`, tooLong);
};

const checkArgv = (work: EnvWork): void => {
  for (const key of ["command", "args"] as const) {
    for (const [at, text] of (work.container[key] ?? []).entries()) {
      if (expandText(work, text, maxEnvLength) === undefined) refuse(work, `${key}[${at}]`, tooLong);
    }
  }
};

const addServices = ({ services, values }: EnvWork): void => {
  for (const [name, value] of services) if (!values.has(name)) values.set(name, plainText(value));
};

const resolveContainer = (work: EnvWork): readonly EnvValue[] => {
  const { envFrom = [], env = [] } = work.container;
  for (const source of envFrom) addEnvFrom(work, fieldsOf(source));
  for (const [at, variable] of env.entries()) {
    addVariable(work, variable, at);
    // what follows would be too long as well
    if (work.room < 0) return [];
  }
  checkArgv(work);
  addServices(work);
  return [...work.values].map(([name, text]) => envValue(name, text));
};

/**
 * The environment of every init container and container, as the kubelet makes it: `envFrom` in the declared order, `env`
 * over it (`$(VAR)` expanded with what was declared before and with the services; unknown and later ones stay as
 * written), and services for names that are still free. Of several with one name the last wins, in the first one's place.
 * Pure, total and stable: the same pod and objects give the same list.
 */
export const resolveEnv = (
  pod: Pod,
  given: Given = nothingGiven,
  late: Late = nothingLate,
): ResolvedEnv => {
  const env: Record<string, readonly EnvValue[]> = {};
  const [problems, missing, notices]: [Problem[], Missing[], Notice[]] = [[], [], []];
  const services = serviceEnv(pod, given.objects);
  const fault = services === undefined ? servicesFault(pod, given.objects) : undefined;
  if (fault !== undefined) notices.push({ reason: "FailedToReadServices", message: fault });
  const resolveAll = (kind: string, containers: readonly Container[]): void => {
    for (const [at, container] of containers.entries()) {
      const work: EnvWork = {
        ...{ pod, container, given, late, problems, missing, notices },
        path: `spec.${kind}[${at}]`,
        services: services ?? new Map(),
        values: new Map(),
        room: maxEnvLength,
      };
      const before = missing.length;
      if (services === undefined) miss(work, fault);
      const values = resolveContainer(work);
      if (missing.length === before) env[container.name] = values;
    }
  };
  resolveAll("initContainers", pod.spec.initContainers ?? []);
  resolveAll("containers", pod.spec.containers);
  return { env, problems, missing, notices };
};

/** What a container is to run, as lists of words; absent ones are the image's. */
export interface Argv {
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
}

/**
 * `command` and `args` with `$(VAR)` expanded by the container's own environment, as {@link resolveEnv} gave it (and
 * `bindEnv`, where there are late addresses).
 */
export const expandArgv = (container: Container, env: readonly EnvValue[]): Argv => {
  const values = new Map(env.map(({ name, value }) => [name, value]));
  const expandAll = (words: readonly string[] | undefined): readonly string[] | undefined =>
    words?.map((word) => expand(word, (name) => values.get(name)));
  return { command: expandAll(container.command), args: expandAll(container.args) };
};
