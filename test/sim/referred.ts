import type { JsonObject } from "../../adapters/apiserver/object.ts";
import type { PodIntent } from "../../core/pod/intent.ts";
import type { Act } from "./act.ts";
import type { World } from "./world.ts";

// ConfigMaps and Secrets that pods refer to: they appear, change, vanish and come back

const names = ["r0", "r1"] as const;
const kinds = { configmaps: "configMapRef", secrets: "secretRef" } as const;
type Resource = keyof typeof kinds;

const collectionOf = (resource: Resource): string => `/api/v1/namespaces/default/${resource}`;

/** What is in each of them, under its own name, so that it can be seen where a variable came from. */
const keyOf = (resource: string, name: string): string => `${resource}_${name}`;

const write = ({ server, random }: World, resource: Resource, name: string): void => {
  const version = String(random.below(1_000));
  const key = keyOf(resource, name);
  const data = resource === "configmaps" ? { data: { [key]: version } } : { stringData: { [key]: version } };
  const path = `${collectionOf(resource)}/${name}`;
  if (server.get(path) === undefined) {
    server.ask("POST", collectionOf(resource), { metadata: { name }, ...data });
  } else server.ask("PATCH", path, data as JsonObject, "application/merge-patch+json");
};

/** What a container gets its environment from: mostly nothing. */
export const anyEnvFrom = ({ random, swarm, nodes }: World): readonly JsonObject[] => {
  const roll = random.next();
  if (!swarm.has("users") || nodes.some(({ isOwn }) => isOwn) || roll > 0.3) return [];
  const resource: Resource = roll < 0.2 ? "configmaps" : "secrets";
  return [{ [kinds[resource]]: { name: random.pick(names), optional: random.chance(0.3) } }];
};

const anyResource = ({ random }: World): Resource => random.pick(["configmaps", "secrets"]);

export const referredActs: readonly Act[] = [
  [
    "user: write what pods refer to",
    6,
    (world) => write(world, anyResource(world), world.random.pick(names)),
  ],
  [
    "user: delete what pods refer to",
    4,
    (world) =>
      void world.server.ask("DELETE", `${collectionOf(anyResource(world))}/${world.random.pick(names)}`),
  ],
];

/** Everything that pods refer to is there. */
export const referredHeals = (world: World): void => {
  for (const resource of ["configmaps", "secrets"] as const) {
    for (const name of names) write(world, resource, name);
  }
};

interface Source {
  readonly configMapRef?: { readonly name?: string; readonly optional?: boolean };
  readonly secretRef?: { readonly name?: string; readonly optional?: boolean };
}

/** What a container is to be given, and was not. */
export const missingOf = ({ pod, env }: PodIntent, container: string): readonly string[] => {
  const { containers, initContainers = [] } = pod.spec;
  const sources = [...initContainers, ...containers].find(({ name }) => name === container)?.envFrom ?? [];
  const given = new Set(env[container]?.map(({ name }) => name));
  return (sources as readonly Source[]).flatMap(({ configMapRef, secretRef }) => {
    const { name = "", optional = false } = configMapRef ?? secretRef ?? {};
    const key = keyOf(configMapRef === undefined ? "secrets" : "configmaps", name);
    return optional || given.has(key) ? [] : [key];
  });
};
