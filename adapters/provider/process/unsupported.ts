import type { Container } from "../../../core/kubernetes/container.ts";
import type { PodSpec } from "../../../core/kubernetes/pod.ts";
import type { PodIntent, Problem } from "../../../core/pod/intent.ts";
import type { Host, UnsupportedPolicy } from "./host.ts";
import { securityProblem } from "./security.ts";
import { isStopSignal } from "./stop.ts";
import { mountProblems, volumeProblems } from "./unsupported_volumes.ts";

type Weight =
  /** The pod cannot run at all. */
  | "always"
  /** The pod would run otherwise than it asks for. */
  | "refuse"
  | "warn";

interface Rule<A> {
  readonly field: string;
  readonly weight: Weight;
  /** Why the field cannot be honoured; `undefined`: it is fine. */
  readonly problem: (value: A, host: Host, intent: PodIntent) => string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false &&
  !(typeof value === "object" && Object.keys(value).length === 0);

/** Refused when it says anything. */
const field = <A>(name: string, message: string, weight: Weight = "refuse"): Rule<A> => ({
  field: name,
  weight,
  problem: (value) => isSet((value as Fields)[name]) ? message : undefined,
});

const probe = "probes are not run on processes yet, so it would never fail";
const shared = "processes share the machine's network and its names";

const podRules: readonly Rule<PodSpec>[] = [
  {
    field: "securityContext",
    weight: "refuse",
    problem: (spec, host) => securityProblem(spec.securityContext, host),
  },
  // never there from the start and never taken back: the pod itself must go on
  field("ephemeralContainers", "ephemeral containers are not run beside processes; the pod goes on", "warn"),
  field("dnsConfig", shared),
  field("hostAliases", shared),
  field("setHostnameAsFQDN", shared),
  field("runtimeClassName", "processes have no runtime class"),
  field("resourceClaims", "processes cannot be given devices"),
];

const lifecycleProblem = ({ lifecycle }: Container): string | undefined => {
  const { postStart, preStop, stopSignal } = (lifecycle ?? {}) as Fields;
  if (isSet(postStart) || isSet(preStop)) return "lifecycle hooks are not run on processes yet";
  return typeof stopSignal === "string" && !isStopSignal(stopSignal)
    ? `the stop signal ${stopSignal} is not known here`
    : undefined;
};

const envProblem = ({ name }: Container, { address }: Host, intent: PodIntent): string | undefined => {
  const late = intent.env[name]?.filter(({ pieces }) => pieces !== undefined) ?? [];
  return late.length === 0 || address !== undefined
    ? undefined
    : `processes have no address here, which is asked for by ${late.map(({ name }) => name).join(", ")}: ` +
      "give the node one";
};

const portProblem = ({ ports }: Container): string | undefined => {
  const moved = ports?.find(({ hostPort, containerPort }) =>
    hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort
  );
  return moved === undefined
    ? undefined
    : `a process listens on the machine itself: hostPort ${moved.hostPort} cannot lead to port ${moved.containerPort}`;
};

const containerRules: readonly Rule<Container>[] = [
  {
    field: "command",
    weight: "always",
    problem: ({ command }) =>
      command === undefined || command.length === 0
        ? "a process has no image to take its command from: set the command"
        : undefined,
  },
  { field: "env", weight: "refuse", problem: envProblem },
  { field: "ports", weight: "refuse", problem: portProblem },
  {
    field: "securityContext",
    weight: "refuse",
    problem: (container, host) => securityProblem(container.securityContext, host),
  },
  field("livenessProbe", probe),
  field("readinessProbe", probe),
  field("startupProbe", probe),
  { field: "lifecycle", weight: "refuse", problem: lifecycleProblem },
  field("volumeDevices", "volumes are not there yet"),
  field("tty", "processes are given no terminal"),
  field("stdin", "processes are given no input: they read the end of file at once"),
  {
    field: "resources",
    weight: "warn",
    problem: ({ resources }) =>
      isSet((resources as Fields | undefined)?.["limits"])
        ? "the limits are not enforced on processes"
        : undefined,
  },
];

const initRules: readonly Rule<Container>[] = [
  {
    field: "restartPolicy",
    weight: "always",
    problem: ({ restartPolicy }) =>
      restartPolicy === "Always"
        ? "sidecars (init containers that go on running) are not there yet"
        : undefined,
  },
];

const applied = <A>(
  rules: readonly Rule<A>[],
  path: string,
  value: A,
  host: Host,
  intent: PodIntent,
  policy: UnsupportedPolicy,
): readonly Problem[] =>
  rules.flatMap((rule) => {
    const message = rule.problem(value, host, intent);
    const fatal = rule.weight === "always" || (rule.weight === "refuse" && policy === "refuse");
    return message === undefined ? [] : [{ field: `${path}.${rule.field}`, message, fatal }];
  });

/**
 * Every field of the pod that processes cannot honour, in the order of the spec. `image`, `imagePullPolicy` and
 * `terminationMessagePath` mean nothing to a process and are not named; neither is a `hostPort` equal to its
 * `containerPort`, nor a security context that asks for what is so anyway.
 */
export const unsupported = (
  intent: PodIntent,
  host: Host,
  policy: UnsupportedPolicy = "refuse",
): readonly Problem[] => {
  const { spec } = intent.pod;
  const of = (
    kind: string,
    containers: readonly Container[] | undefined,
    rules: readonly Rule<Container>[],
  ) =>
    (containers ?? []).flatMap((container, at) => {
      const path = `spec.${kind}[${at}]`;
      return [
        ...applied(rules, path, container, host, intent, policy),
        ...mountProblems(path, container, intent, policy),
      ];
    });
  return [
    ...applied(podRules, "spec", spec, host, intent, policy),
    ...volumeProblems(intent, host, policy),
    ...of("initContainers", spec.initContainers, [...containerRules, ...initRules]),
    ...of("containers", spec.containers, containerRules),
  ];
};
