import * as E from "fp-ts/lib/Either.js";
import { type Fields, fieldsOf, textIn } from "../fields.ts";
import { textOf } from "../objects/data.ts";
import { allContainers } from "../objects/references.ts";
import { type DataKind, findObject, missingKey, skipping } from "./env_source.ts";
import { type EnvText, lateText, plainText } from "./env_value.ts";
import { type EnvWork, orTold, refuse } from "./env_work.ts";
import { fieldValue } from "./field_ref.ts";
import { resourceValue } from "./resource_field_ref.ts";

const ofKey = (work: EnvWork, kind: DataKind, reference: Fields, variable: string): EnvText | undefined => {
  const { given, pod } = work;
  const before = skipping(variable);
  const namespace = pod.metadata.namespace ?? "";
  const object = orTold(work, findObject(given.objects, kind, namespace, reference, before));
  if (object === undefined) return undefined;
  const text = textOf(object, textIn(reference, "key") ?? "");
  if (text === undefined) return orTold<EnvText>(work, missingKey(kind, reference, before));
  return { pieces: [text], secret: kind === "Secret" };
};

const ofField = (work: EnvWork, field: string, reference: Fields): EnvText | undefined => {
  const found = fieldValue(work.pod, reference);
  if (E.isLeft(found)) return refuse(work, `${field}.fieldRef`, found.left);
  if ("text" in found.right) return plainText(found.right.text);
  const { late } = found.right;
  const text = lateText(late, work.late.addresses);
  if (text !== undefined) return plainText(text);
  if (work.late.binds.includes(late)) return { pieces: [{ field: late }], secret: false };
  const message = `${late} is not known before the pod runs, and this provider does not put it in then`;
  return refuse(work, `${field}.fieldRef`, message);
};

const ofResource = (work: EnvWork, field: string, selector: Fields): EnvText | undefined => {
  const { container, pod, given } = work;
  const found = resourceValue(container, allContainers(pod.spec), selector, given.allocatable);
  return E.isLeft(found) ? refuse(work, `${field}.resourceFieldRef`, found.left) : plainText(found.right);
};

/**
 * The value of a variable with `valueFrom`; `undefined`: the variable is left out, and why was noted. Of several sources
 * the first one counts, in the order of the Go Virtual Kubelet.
 */
export const refText = (
  work: EnvWork,
  field: string,
  variable: string,
  valueFrom: Fields,
): EnvText | undefined => {
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef, fileKeyRef } = valueFrom;
  if (configMapKeyRef !== undefined) return ofKey(work, "ConfigMap", fieldsOf(configMapKeyRef), variable);
  if (secretKeyRef !== undefined) return ofKey(work, "Secret", fieldsOf(secretKeyRef), variable);
  if (fieldRef !== undefined) return ofField(work, field, fieldsOf(fieldRef));
  if (resourceFieldRef !== undefined) return ofResource(work, field, fieldsOf(resourceFieldRef));
  if (fileKeyRef !== undefined) {
    const message = "variables from files of a volume are not supported: use configMapKeyRef or secretKeyRef";
    return refuse(work, `${field}.fileKeyRef`, message);
  }
  const names = Object.keys(valueFrom).join(", ");
  return refuse(work, field, `a source of this kind is not known: ${names === "" ? "it is empty" : names}`);
};
