// Writes adapters/apiserver/schema/fields.ts: what the fields of the served kinds are called and how they encode, merge and
// are owned, and adapters/apiserver/protobuf/numbers.ts: their numbers in protobuf. By hand, for a new version of Kubernetes, with a control plane of that version and a folder whose go.mod names
// the same version of k8s.io/api:
//   deno run -A .build/schema.ts KUBECONFIG FOLDER
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { targetOfKubeconfig } from "../test/contract/apiserver/real.ts";
import { runCommand } from "../test/tools/child.ts";
import { root } from "../test/tools/files.ts";

interface GoField {
  readonly name: string;
  readonly go: string;
  readonly type: string;
  readonly shape?: "list" | "map";
  readonly pointer?: boolean;
  readonly always?: boolean;
  readonly embedded?: string;
  readonly strategy?: string;
  readonly key?: string;
  readonly number?: string;
}

// deno-lint-ignore no-explicit-any
type Schema = any;

const goTypes = async (moduleFolder: string): Promise<Record<string, readonly GoField[]>> => {
  const folder = await mkdtemp(join(tmpdir(), "schema-"));
  try {
    await copyFile(join(root, ".build/schema_facts.go"), join(folder, "main.go"));
    for (const file of ["go.mod", "go.sum"]) await copyFile(join(moduleFolder, file), join(folder, file));
    const ended = await runCommand("sh", ["-c", "go run -mod=mod . > facts.json"], { cwd: folder });
    if (ended.code !== 0) throw new Error(`go run: ${ended.output}`);
    return JSON.parse(await readFile(join(folder, "facts.json"), "utf8"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const openapiSchemas = async (kubeconfig: string): Promise<Record<string, Schema>> => {
  const { send } = await targetOfKubeconfig("the control plane", true, kubeconfig);
  const index = (await send("GET", "/openapi/v3")).body.paths;
  const schemas: Record<string, Schema> = {};
  for (const path of Object.keys(index).filter((key) => /^(api|apis\/[^/]+)\/v1$/.test(key))) {
    Object.assign(schemas, (await send("GET", `/openapi/v3/${path}`)).body.components.schemas);
  }
  return schemas;
};

/** `k8s.io/api/core/v1.Pod` is `core.Pod`. */
const short = (type: string): string => type.replace(/^.*\/([^/]+)\/v1\.(\w+)$/, "$1.$2");

/** `k8s.io/api/core/v1.Pod` is `io.k8s.api.core.v1.Pod`. */
const openapiName = (type: string): string => `io.${type.replace(/^k8s\.io/, "k8s").replaceAll("/", ".")}`;

const plainGo: Readonly<Record<string, string>> = {
  time: "v1.Time",
  microtime: "v1.MicroTime",
  quantity: "resource.Quantity",
  intstr: "intstr.IntOrString",
  bytes: "[]uint8",
  json: "v1.FieldsV1",
};

/** What the Go type would be called if nothing about it had a name of its own. */
const guessedGo = (type: string): string =>
  type.startsWith("[]")
    ? `[]${guessedGo(type.slice(2))}`
    : (plainGo[type] ?? (type.includes(".") ? `v1.${type.replace(/^.*\./, "")}` : type));

const guessedField = ({ shape, type }: GoField): string =>
  `${shape === "list" ? "[]" : shape === "map" ? "map[string]" : ""}${guessedGo(type)}`;

const shapeText = (field: GoField, property: Schema): string => {
  if (field.shape === "map") return property["x-kubernetes-map-type"] === "atomic" ? "{!}" : "{}";
  if (field.shape === undefined) return "";
  const kind = property["x-kubernetes-list-type"];
  if (kind === "map") return `[${property["x-kubernetes-list-map-keys"].join(",")}]`;
  return kind === "set" ? "[=]" : "[]";
};

const fieldText = (field: GoField, property: Schema, required: boolean): string => {
  const { name, type, go, pointer, always, embedded, strategy, key } = field;
  const marks = `${pointer ? "*" : ""}${always ? "!" : ""}${required ? "^" : ""}`;
  const granular = field.shape === undefined && property["x-kubernetes-map-type"] === "granular" ? "+" : "";
  const merge = strategy ? `~${strategy}${key ? `@${key}` : ""}` : "";
  const given = property.default;
  const fallback = typeof given === "string" && given !== "" ? `=${given}` : "";
  const goName = go === guessedField(field) ? "" : `%${go}`;
  const inside = embedded ? `&${embedded}` : "";
  return `${name}${marks}:${shapeText(field, property)}${
    short(type)
  }${granular}${merge}${fallback}${goName}${inside}`;
};

const writeNumbers = async (types: Record<string, readonly GoField[]>): Promise<void> => {
  const lines = Object.entries(types).map(([type, fields]) =>
    [short(type), ...fields.map(({ number }) => number ?? "-")].join(" ")
  );
  const text = [
    "// Written by .build/schema.ts: the numbers of fields in protobuf, a struct a line, in the order of schema/fields.ts.",
    "// `2.1` is field 1 of the struct that is field 2; `-` is not encoded.",
    "export const numbersText: string = `",
    ...lines.sort(),
    "`;",
    "",
  ].join("\n");
  await writeFile(join(root, "adapters/apiserver/protobuf/numbers.ts"), text);
};

const main = async (kubeconfig: string, moduleFolder: string): Promise<void> => {
  const schemas = await openapiSchemas(kubeconfig);
  const types = await goTypes(moduleFolder);
  await writeNumbers(types);
  const lines = Object.entries(types).map(([type, fields]) => {
    const schema = schemas[openapiName(type)] ?? {};
    const atomic = schema["x-kubernetes-map-type"] === "atomic" ? "!" : "";
    const required: readonly string[] = schema.required ?? [];
    const texts = fields.map((field) =>
      fieldText(field, schema.properties?.[field.name] ?? {}, required.includes(field.name))
    );
    return [`${short(type)}${atomic}`, ...texts].join(" ");
  });
  const text = [
    "// Written by .build/schema.ts; its grammar is read by schema.ts, a struct a line:",
    "//   name[!: atomic] field[*: pointer][!: always encoded][^: required]:[keys]type[+: granular][~patch strategy@merge key]",
    "//     [=default][%name of the Go type][&embedded struct] …",
    "// `[]` is an atomic list, `[=]` a set, `[a,b]` a list of objects with these keys, `{}` a map, `{!}` an atomic one.",
    "export const fieldsText: string = `",
    ...lines.sort(),
    "`;",
    "",
  ].join("\n");
  await writeFile(join(root, "adapters/apiserver/schema/fields.ts"), text);
  console.log(`${lines.length} types, ${text.length} bytes`);
};

const [kubeconfig, moduleFolder] = process.argv.slice(2);
if (kubeconfig === undefined || moduleFolder === undefined) {
  console.error(
    "deno run -A .build/schema.ts KUBECONFIG FOLDER: a control plane, and a folder with a go.mod",
  );
  process.exit(2);
}
await main(kubeconfig, moduleFolder);
