import type { Kind } from "../kind.ts";
import type { JsonObject } from "../object.ts";
import { type AbsentKind, absentKinds } from "./absent.ts";
import { absentApiResource, apiResources, discoveredAbsent, discoveredResource } from "./resources.ts";

/** What `/api` and `/apis` and everything below them answer. */
export interface Documents {
  /** By path: `/api/v1`, `/apis`, `/apis/policy`, `/apis/policy/v1`; `/api` names the server's address and is made anew. */
  readonly plain: Readonly<Record<string, JsonObject>>;
  /** The aggregated ones, of `/api` and `/apis`. */
  readonly aggregated: Readonly<Record<string, JsonObject>>;
}

/** The order of groups in the real server's answers; others follow. */
const order: readonly string[] = [
  "apps",
  "events.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "apiextensions.k8s.io",
  "scheduling.k8s.io",
  "coordination.k8s.io",
  "node.k8s.io",
  "discovery.k8s.io",
];

interface Version {
  readonly group: string;
  readonly version: string;
  readonly kinds: readonly Kind[];
  readonly absent: readonly AbsentKind[];
}

const rank = (group: string): number => order.includes(group) ? order.indexOf(group) : order.length;

type Named = Pick<Kind, "group" | "version" | "plural">;

const isSame = (a: Named) => (b: Named): boolean => a.group === b.group && a.plural === b.plural;

/** Every group and version once; the first version of a group is the preferred one. */
const versionsOf = (kinds: readonly Kind[]): readonly Version[] => {
  const missing = absentKinds.filter((absent) => !kinds.some(isSame(absent)));
  const keys = new Set([...kinds, ...missing].map(({ group, version }) => `${group}/${version}`));
  const versions = [...keys].map((key) => {
    const [group = "", version = ""] = key.split("/");
    const isHere = (kind: Named): boolean => kind.group === group && kind.version === version;
    return { group, version, kinds: kinds.filter(isHere), absent: missing.filter(isHere) };
  });
  return versions.sort((a, b) => rank(a.group) - rank(b.group) || (a.group < b.group ? -1 : 0));
};

const nameOf = (field: string) => (a: JsonObject, b: JsonObject): number =>
  String(a[field]) < String(b[field]) ? -1 : 1;

const groupVersion = ({ group, version }: Version): string => group === "" ? version : `${group}/${version}`;

const resourceList = (version: Version): JsonObject => ({
  kind: "APIResourceList",
  ...(version.group === "" ? {} : { apiVersion: "v1" }),
  groupVersion: groupVersion(version),
  resources: [...version.kinds.flatMap(apiResources), ...version.absent.map(absentApiResource)]
    .sort(nameOf("name")),
});

const discovered = (version: Version): JsonObject => ({
  version: version.version,
  resources: [...version.kinds.map(discoveredResource), ...version.absent.map(discoveredAbsent)]
    .sort(nameOf("resource")),
  freshness: "Current",
});

const discoveryList = (groups: readonly (readonly Version[])[]): JsonObject => ({
  kind: "APIGroupDiscoveryList",
  apiVersion: "apidiscovery.k8s.io/v2",
  metadata: {},
  items: groups.map((versions) => ({
    metadata: versions[0]?.group === "" ? {} : { name: versions[0]?.group },
    versions: versions.map(discovered),
  })),
});

const apiGroup = (versions: readonly Version[]): JsonObject => {
  const entries = versions.map((version) => ({
    groupVersion: groupVersion(version),
    version: version.version,
  }));
  return { name: versions[0]?.group ?? "", versions: entries, preferredVersion: entries[0] };
};

/** Every document for these kinds, and for those that are known by name only. */
export const documentsOf = (kinds: readonly Kind[]): Documents => {
  const versions = versionsOf(kinds);
  const core = versions.filter(({ group }) => group === "");
  const named = versions.filter(({ group }) => group !== "");
  const groups = [...new Set(named.map(({ group }) => group))]
    .map((group) => named.filter((version) => version.group === group));
  return {
    plain: Object.fromEntries([
      ["/apis", { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(apiGroup) }],
      ...core.map((version) => [`/api/${version.version}`, resourceList(version)]),
      ...groups.map((each) => [
        `/apis/${each[0]?.group}`,
        { kind: "APIGroup", apiVersion: "v1", ...apiGroup(each) },
      ]),
      ...named.map((version) => [`/apis/${groupVersion(version)}`, resourceList(version)]),
    ]),
    aggregated: { "/api": discoveryList([core]), "/apis": discoveryList(groups) },
  };
};
