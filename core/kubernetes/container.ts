import * as t from "io-ts";

/** What we read of `v1.EnvVar`. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: Readonly<Record<string, unknown>>;
}

/** What we read of `v1.Container`. Fields that we do not read stay in the object, for providers that do. */
export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly unknown[];
  readonly ports?: readonly ContainerPort[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly resources?: unknown;
  readonly lifecycle?: unknown;
  readonly livenessProbe?: unknown;
  readonly readinessProbe?: unknown;
  readonly startupProbe?: unknown;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly tty?: boolean;
  readonly stdin?: boolean;
  /** Of an init container: `Always` makes it a sidecar. */
  readonly restartPolicy?: string;
  /** What counts before `restartPolicy` (1.35 and later). */
  readonly restartPolicyRules?: readonly ContainerRestartRule[];
}

/** What we read of `v1.ContainerRestartRule`. */
export interface ContainerRestartRule {
  readonly action: string;
  readonly exitCodes?: { readonly operator: string; readonly values?: readonly number[] };
}

/** What we read of `v1.ContainerPort`. */
export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly protocol?: string;
}

/** What we read of `v1.VolumeMount`. */
export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
  readonly subPathExpr?: string;
}

const EnvVarCodec: t.Type<EnvVar> = t.intersection([
  t.type({ name: t.string }),
  t.partial({ value: t.string, valueFrom: t.UnknownRecord }),
]);

const ContainerPortCodec: t.Type<ContainerPort> = t.intersection([
  t.type({ containerPort: t.number }),
  t.partial({ name: t.string, hostPort: t.number, protocol: t.string }),
]);

const ContainerRestartRuleCodec: t.Type<ContainerRestartRule> = t.intersection([
  t.type({ action: t.string }),
  t.partial({
    exitCodes: t.intersection([
      t.type({ operator: t.string }),
      t.partial({ values: t.readonlyArray(t.number) }),
    ]),
  }),
]);

const VolumeMountCodec: t.Type<VolumeMount> = t.intersection([
  t.type({ name: t.string, mountPath: t.string }),
  t.partial({ readOnly: t.boolean, subPath: t.string, subPathExpr: t.string }),
]);

export const ContainerCodec: t.Type<Container> = t.intersection([
  t.type({ name: t.string }),
  t.partial({
    image: t.string,
    command: t.readonlyArray(t.string),
    args: t.readonlyArray(t.string),
    workingDir: t.string,
    env: t.readonlyArray(EnvVarCodec),
    envFrom: t.readonlyArray(t.unknown),
    ports: t.readonlyArray(ContainerPortCodec),
    volumeMounts: t.readonlyArray(VolumeMountCodec),
    securityContext: t.UnknownRecord,
    tty: t.boolean,
    stdin: t.boolean,
    restartPolicy: t.string,
    restartPolicyRules: t.readonlyArray(ContainerRestartRuleCodec),
  }),
]);
