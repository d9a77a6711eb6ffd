import type { ApiPort } from "../../ports.ts";
import { ask, type Json } from "./ask.ts";
import { ClientError } from "./client_error.ts";
import { findResource, type Resource } from "./resource.ts";

const accept = [
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
  "application/json",
].join(",");

const texts = (value: Json): readonly string[] => Array.isArray(value) ? value.map(String) : [];

const resourceOf = (group: string, version: string, found: Json): Resource => ({
  ...{ group, version },
  kind: String(found?.responseKind?.kind ?? ""),
  plural: String(found?.resource ?? ""),
  singular: String(found?.singularResource ?? ""),
  shortNames: texts(found?.shortNames),
  namespaced: found?.scope === "Namespaced",
  verbs: texts(found?.verbs),
});

/** The resources of an `APIGroupDiscoveryList`, the preferred versions first. */
export const resourcesOf = (list: Json): readonly Resource[] =>
  (list?.items ?? []).flatMap((group: Json) =>
    (group?.versions ?? []).flatMap((version: Json) =>
      (version?.resources ?? []).map((found: Json) =>
        resourceOf(String(group?.metadata?.name ?? ""), String(version?.version ?? ""), found)
      )
    )
  );

/** Everything the API server has, by aggregated discovery (Kubernetes 1.27 and later). */
export const discover = async (api: ApiPort, signal: AbortSignal): Promise<readonly Resource[]> => {
  const lists = await Promise.all(
    ["/api", "/apis"].map((path) => ask(api, { method: "GET", path, accept }, signal)),
  );
  if (lists.some((list) => list?.kind !== "APIGroupDiscoveryList")) {
    throw new ClientError(
      "the API server is too old to be asked what it has: Kubernetes 1.27 or later is needed",
    );
  }
  return lists.flatMap(resourcesOf);
};

/** The resource that a word means. Throws {@link ClientError} where there is none that can be asked for. */
export const resourceNamed = async (api: ApiPort, word: string, signal: AbortSignal): Promise<Resource> => {
  if (word.includes(",")) throw new ClientError(`${word}: ask for one kind at a time`);
  const found = findResource(await discover(api, signal), word);
  if (found === undefined) {
    throw new ClientError(
      `the API server has no ${JSON.stringify(word)}; pods, nodes and events are such kinds`,
    );
  }
  return found;
};
