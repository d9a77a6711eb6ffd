import type { JsonObject } from "../../adapters/apiserver/object.ts";
import type { Act } from "./act.ts";
import { keyOf, mountedVolume } from "./inputs.ts";
import type { World } from "./world.ts";

// ConfigMaps and Secrets that pods refer to: they appear, change, vanish and come back

const names = ["r0", "r1"] as const;
const kinds = { configmaps: "configMapRef", secrets: "secretRef" } as const;
type Resource = keyof typeof kinds;

const collectionOf = (resource: Resource): string => `/api/v1/namespaces/default/${resource}`;

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

/** A volume of a ConfigMap: mostly none. */
export const anyMounted = ({ random, swarm, nodes }: World): JsonObject | undefined => {
  const isMounted = random.chance(0.2);
  if (!swarm.has("users") || nodes.some(({ isOwn }) => isOwn) || !isMounted) return undefined;
  return { name: mountedVolume, configMap: { name: random.pick(names), optional: random.chance(0.3) } };
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
