import { absentKinds } from "../discovery/absent.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import { kinds } from "../kinds/kinds.ts";
import type { JsonObject } from "../object.ts";
import { applyType } from "../patch/patch.ts";
import { fieldsText } from "../schema/fields.ts";
import { structName } from "../schema/type_of.ts";
import type { Verb } from "../verb.ts";
import { componentsOf } from "./components.ts";
import { contentHash } from "./content_hash.ts";
import { wordsText } from "./words.ts";

/** What a document says of a kind beside its fields. */
type Described = Pick<Kind, "group" | "version" | "kind" | "plural" | "namespaced" | "verbs">;

const isServed = (absent: Pick<Kind, "group" | "plural">): boolean =>
  kinds.some(({ group, plural }) => group === absent.group && plural === absent.plural);

/** Of kinds that are known by name only, kubectl finds that the server checks their fields, and so asks the server. */
const described: readonly Described[] = [
  ...kinds,
  ...absentKinds.filter((absent) => !isServed(absent)).map((absent) => ({
    ...absent,
    verbs: ["patch"] as const,
  })),
];

const group = ({ group, version }: Pick<Kind, "group" | "version">): string =>
  group === "" ? `api/${version}` : `apis/${group}/${version}`;

const gvk = ({ group, version, kind }: Described): JsonObject => ({ group, version, kind });

const parameter = (name: string, place: "query" | "path", type = "string"): JsonObject => ({
  name,
  in: place,
  ...(place === "path" ? { required: true } : {}),
  schema: { type },
});

const writeParameters = ["dryRun", "fieldManager", "fieldValidation"].map((name) => parameter(name, "query"));

const patchTypes = [
  applyType,
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];

const actions: Readonly<Record<Verb, string>> = {
  get: "get",
  list: "list",
  watch: "watch",
  create: "post",
  update: "put",
  patch: "patch",
  delete: "delete",
  deletecollection: "deletecollection",
};

const parametersOf = (verb: Verb): readonly JsonObject[] => {
  if (verb === "create" || verb === "update") return writeParameters;
  return verb === "patch" ? [...writeParameters, parameter("force", "query", "boolean")] : [];
};

const operation = (kind: Described, verb: Verb): JsonObject => {
  const parameters = parametersOf(verb);
  const content = Object.fromEntries(patchTypes.map((type) => [type, { schema: { type: "object" } }]));
  return {
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(verb === "patch" ? { requestBody: { content, required: true } } : {}),
    responses: { 200: { description: "OK" } },
    "x-kubernetes-action": actions[verb],
    "x-kubernetes-group-version-kind": gvk(kind),
  };
};

const operations = (kind: Described, methods: Readonly<Record<string, Verb>>): JsonObject =>
  Object.fromEntries(
    Object.entries(methods).filter(([, verb]) => kind.verbs.includes(verb)).map(([method, verb]) => [
      method,
      operation(kind, verb),
    ]),
  );

const pathsOf = (kind: Described): readonly (readonly [string, JsonObject])[] => {
  const inNamespace = kind.namespaced ? "namespaces/{namespace}/" : "";
  const collection = `/${group(kind)}/${inNamespace}${kind.plural}`;
  const place = kind.namespaced ? [parameter("namespace", "path")] : [];
  const all: readonly (readonly [string, JsonObject, readonly JsonObject[]])[] = [
    [collection, operations(kind, { get: "list", post: "create", delete: "deletecollection" }), place],
    [
      `${collection}/{name}`,
      operations(kind, { get: "get", put: "update", patch: "patch", delete: "delete" }),
      [...place, parameter("name", "path")],
    ],
  ];
  return all.filter(([, methods]) => Object.keys(methods).length > 0).map(([path, methods, parameters]) =>
    [path, parameters.length === 0 ? methods : { ...methods, parameters }] as const
  );
};

const document = (path: string): JsonObject | undefined => {
  const own = described.filter((kind) => group(kind) === path);
  const [first] = own;
  if (first === undefined) return undefined;
  return {
    openapi: "3.0.0",
    info: { title: "Virtual Kubelet's in-memory API server", version: apiVersionOf(first) },
    paths: Object.fromEntries(own.flatMap(pathsOf)),
    components: { schemas: componentsOf(new Map(own.map((kind) => [structName(kind), gvk(kind)]))) },
  };
};

const index = (): JsonObject => {
  // what the documents are made of: kubectl keeps one as long as its hash is the same
  const served = described.map(({ group, version, kind, verbs }) => [group, version, kind, verbs]);
  const hash = contentHash(`${fieldsText}${wordsText}${JSON.stringify(served)}`);
  const paths = [...new Set(described.map(group))].map((path) =>
    [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }] as const
  );
  return { paths: Object.fromEntries(paths) };
};

const root = "/openapi/v3";

/**
 * The answer to a path below `/openapi/v3`: the index, or the document of a group's version. It has what kubectl reads: which
 * kinds can be patched and with which parameters, how their lists merge, and the fields that `kubectl explain` tells, with
 * words of ours for the most asked ones.
 */
export const openapiAnswer = (path: string): JsonObject | undefined => {
  if (path === root || path === `${root}/`) return index();
  return path.startsWith(`${root}/`) ? document(path.slice(root.length + 1).replace(/\/$/, "")) : undefined;
};
