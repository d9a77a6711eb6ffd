import fc from "fast-check";
import type { Container, ContainerPort, EnvVar } from "../../core/kubernetes/container.ts";
import { anyOf, anyRecord } from "./record.ts";
import { anyResources } from "./quantity.ts";

const anyText = anyOf("", "1", "two words", "$(A)", "$$(A)", "$(B)-$(C)", "$(", "$", ")$(A", "ä€😀");

/** A variable of literal text, with every kind of `$(VAR)` in it. */
export const anyLiteral: fc.Arbitrary<EnvVar> = anyRecord({ name: anyOf("A", "B", "C") }, { value: anyText });

/** A variable; seldom one that is looked up elsewhere. */
export const anyEnvVar: fc.Arbitrary<EnvVar> = fc.oneof(
  { weight: 9, arbitrary: anyLiteral },
  {
    weight: 1,
    arbitrary: anyRecord({
      name: anyOf("A", "D"),
      valueFrom: anyOf({ fieldRef: { fieldPath: "metadata.name" } }, {
        secretKeyRef: { name: "s", key: "k" },
      }),
    }),
  },
);

/** A port that a container says it listens on. */
export const anyContainerPort: fc.Arbitrary<ContainerPort> = anyRecord({ containerPort: anyOf(80, 8080) }, {
  name: anyOf("http", "dns"),
  hostPort: anyOf(80, 30_000),
  protocol: anyOf("TCP", "UDP", "SCTP"),
});

const probe = anyOf({ httpGet: { path: "/", port: 80 } }, { exec: { command: ["true"] } });

/** What of a container does not decide when it runs. */
const anyTrimmings: fc.Arbitrary<Partial<Container>> = anyRecord({}, {
  command: fc.array(anyText, { maxLength: 2 }),
  args: fc.array(anyText, { maxLength: 2 }),
  workingDir: fc.constant("/srv"),
  env: fc.array(anyLiteral, { maxLength: 3 }),
  ports: fc.array(anyContainerPort, { maxLength: 2 }),
  volumeMounts: fc.constant([{ name: "data", mountPath: "/data" }]),
  resources: anyRecord({}, { limits: anyResources, requests: anyResources }),
  readinessProbe: probe,
  livenessProbe: probe,
  startupProbe: probe,
  lifecycle: fc.constant({ preStop: { sleep: { seconds: 1 } } }),
  securityContext: fc.constant({ runAsNonRoot: true }),
  tty: fc.boolean(),
  stdin: fc.boolean(),
});

/** The image of a container: one of two. */
export const anyImage: fc.Arbitrary<string> = anyOf("v1", "v1", "v1", "v2");

/** A container of this name; now and then with all that a container may have. */
export const anyContainerOf = (name: string): fc.Arbitrary<Container> =>
  fc.oneof(
    { weight: 3, arbitrary: anyRecord({ name: fc.constant(name), image: anyImage }) },
    {
      weight: 1,
      arbitrary: fc.tuple(anyImage, anyTrimmings, fc.array(anyEnvVar, { maxLength: 1 })).map((
        [image, more, env],
      ) => ({ name, image, ...more, env: [...more.env ?? [], ...env] })),
    },
  );

/** An init container of this name; seldom one that goes on running. */
export const anyInitContainerOf = (name: string): fc.Arbitrary<Container> =>
  fc.tuple(anyContainerOf(name), anyOf(false, false, false, true)).map(([container, sidecar]) =>
    sidecar ? { ...container, restartPolicy: "Always" } : container
  );

/** Any container. */
export const anyContainer: fc.Arbitrary<Container> = anyOf("a", "b", "main", "x".repeat(63)).chain(
  anyContainerOf,
);
