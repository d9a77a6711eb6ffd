import type { JsonObject } from "../../adapters/apiserver/object.ts";
import { mountedVolume } from "./inputs.ts";
import { anyEnvFrom, anyMounted } from "./referred.ts";
import { images } from "./scripted.ts";
import type { World } from "./world.ts";

export const collection = "/api/v1/namespaces/default/pods";

const container = (name: string, image: string): JsonObject => ({ name, image });

const imageOf = ({ random, swarm, nodes }: World): string => {
  const roll = random.next();
  if (!swarm.has("users") || nodes.some(({ isOwn }) => isOwn)) return images.good;
  return roll < 0.04
    ? images.refused
    : roll < 0.06
    ? images.unable
    : roll < 0.08
    ? images.unsupported
    : roll < 0.12
    ? images.warned
    : images.good;
};

const initsOf = ({ random, nodes }: World): readonly JsonObject[] => {
  const roll = random.next();
  if (roll < 0.65) return [];
  // not every provider of one's own runs sidecars
  if (roll < 0.85 || nodes.some(({ isOwn }) => isOwn)) return [container("init-a", images.good)];
  const sidecar = { ...container("sidecar", images.good), restartPolicy: "Always" };
  return roll < 0.95 ? [sidecar] : [sidecar, container("init-b", images.good)];
};

/** Pods as users write them: services, jobs, with and without init containers and sidecars, bound or to be scheduled. */
export const anySpec = (world: World): JsonObject => {
  const { random, nodes } = world;
  const initContainers = initsOf(world);
  const image = imageOf(world);
  const envFrom = anyEnvFrom(world);
  const mounted = anyMounted(world);
  return {
    restartPolicy: random.pick(["Always", "OnFailure", "Never"]),
    terminationGracePeriodSeconds: random.pick([1, 5, 30]),
    tolerations: [{ operator: "Exists" }],
    ...(random.chance(0.5) ? { nodeName: random.pick(nodes).name } : {}),
    ...(random.chance(0.1) ? { activeDeadlineSeconds: random.pick([20, 300]) } : {}),
    ...(mounted === undefined ? {} : { volumes: [mounted] }),
    ...(initContainers.length === 0 ? {} : { initContainers }),
    containers: (random.chance(0.3) ? ["a", "b"] : ["a"]).map((name) => ({
      ...container(name, image),
      ...(envFrom.length === 0 ? {} : { envFrom }),
      ...(mounted === undefined ? {} : { volumeMounts: [{ name: mountedVolume, mountPath: "/data" }] }),
    })),
  };
};

/** A few names, so that they are used again and again. */
export const anyName = ({ random }: World): string => `p${random.below(8)}`;

export const createPod = (
  world: World,
  name: string,
  annotations: Readonly<Record<string, string>> = {},
): void =>
  void world.server.ask("POST", collection, { metadata: { name, annotations }, spec: anySpec(world) });
