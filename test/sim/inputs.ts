import type { PodIntent } from "../../core/pod/intent.ts";

/** What is in each of them, under its own name, so that it can be seen where a variable came from. */
export const keyOf = (resource: string, name: string): string => `${resource}_${name}`;

/** The name of the volume that some pods mount a ConfigMap as. */
export const mountedVolume = "referred";

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
