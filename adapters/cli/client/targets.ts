import type { Cluster } from "./cluster.ts";
import { ClientError } from "./client_error.ts";
import { discover } from "./discovery.ts";
import type { Manifest } from "./manifests.ts";
import { objectName, objectPath, type Resource, resourceOfKind } from "./resource.ts";

/** An object's place in the cluster. */
export interface Target {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  /** `pod/web`. */
  readonly shown: string;
}

export const targetOf = (resource: Resource, namespace: string, name: string): Target => ({
  ...{ resource, namespace, name },
  path: objectPath(resource, namespace, name),
  shown: objectName(resource, name),
});

/** Where the objects of manifests are to be; `asked` is the namespace of the command line. */
export const targetsOf = async (
  { api, signal, namespace: usual }: Cluster,
  manifests: readonly Manifest[],
  asked: string | undefined,
): Promise<readonly (Target & Manifest)[]> => {
  const resources = await discover(api, signal);
  return manifests.map((manifest) => {
    const { place, object: { apiVersion, kind, metadata } } = manifest;
    const resource = resourceOfKind(resources, apiVersion, kind);
    if (resource === undefined) {
      throw new ClientError(`${place}: the API server has no ${kind} of ${apiVersion}`);
    }
    const own: unknown = metadata.namespace;
    if (resource.namespaced && asked !== undefined && typeof own === "string" && own !== asked) {
      throw new ClientError(
        `${place}: ${kind} ${metadata.name} is of namespace ${own}, and --namespace says ${asked}`,
      );
    }
    return { ...manifest, ...targetOf(resource, typeof own === "string" ? own : usual, metadata.name) };
  });
};
