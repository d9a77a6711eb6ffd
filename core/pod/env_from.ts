import { type Fields, fieldsOf, textIn } from "../fields.ts";
import { type DataObject, textKeys, textOf } from "../objects/data.ts";
import { type DataKind, findObject } from "./env_source.ts";
import { type EnvWork, maxEnvLength, miss, orTold, setVariable } from "./env_work.ts";

/** As the Go Virtual Kubelet has it (the kubelet takes names that begin with a digit, too, since 1.34). */
const validName = /^(?!\.\.)(?!\.$)[-._a-zA-Z][-._a-zA-Z0-9]*$/;

const skipped = (kind: DataKind, { metadata }: DataObject, invalid: readonly string[]): string =>
  `keys [${[...invalid].sort().join(", ")}] from ${kind.toLowerCase()} ${metadata.namespace ?? ""}/` +
  `${metadata.name} were skipped since they are invalid as environment variable names`;

/** `configMapRef` wins over `secretRef`; without either there is nothing to add. */
const chosen = (source: Fields): readonly [DataKind, Fields] | undefined => {
  if (typeof source.configMapRef === "object") return ["ConfigMap", fieldsOf(source.configMapRef)];
  return typeof source.secretRef === "object" ? ["Secret", fieldsOf(source.secretRef)] : undefined;
};

/** Adds all of an object's keys that are names of variables. (Kubernetes docs, `EnvFromSource`) */
export const addEnvFrom = (work: EnvWork, source: Fields): void => {
  const [kind, reference] = chosen(source) ?? [];
  if (kind === undefined || reference === undefined) return;
  const namespace = work.pod.metadata.namespace ?? "";
  const object = orTold(work, findObject(work.given.objects, kind, namespace, reference, ""));
  if (object === undefined) return;
  const prefix = textIn(source, "prefix") ?? "";
  const names = textKeys(object).map((key) => [key, prefix + key] as const);
  for (const [key, name] of names.filter(([, name]) => validName.test(name))) {
    const text = { pieces: [textOf(object, key) ?? ""], secret: kind === "Secret" };
    if (!setVariable(work, name, text)) {
      return miss(work, `the variables of envFrom have more than ${maxEnvLength} characters`);
    }
  }
  const invalid = names.map(([, name]) => name).filter((name) => !validName.test(name));
  if (invalid.length > 0) {
    const message = skipped(kind, object, invalid);
    work.notices.push({ reason: "InvalidEnvironmentVariableNames", message });
  }
};
