import * as E from "fp-ts/lib/Either.js";
import type { Fields } from "../fields.ts";
import { textIn } from "../fields.ts";
import type { Pod } from "../kubernetes/pod.ts";
import { goQuote } from "./quote.ts";

/** The fields that only the back end may know, and not before it has begun. */
export const lateFields = ["status.podIP", "status.podIPs", "status.hostIP", "status.hostIPs"] as const;
/** One of {@link lateFields}. */
export type LateField = typeof lateFields[number];

/** What a `fieldRef` stands for: a text, or an address that is put in later. */
export type FieldValue = { readonly text: string } | { readonly late: LateField };

type Found = E.Either<string, FieldValue>;

const text = (value: string | undefined): Found => E.right({ text: value ?? "" });

/** Sorted lines `key="value"`, the values quoted as Go does. */
export const formatMap = (map: Readonly<Record<string, string>> = {}): string =>
  Object.keys(map).sort().map((key) => `${key}=${goQuote(map[key] ?? "")}`).join("\n");

const label = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** `name` or `prefix/name`, as keys of labels and annotations are. */
const isQualifiedName = (key: string): boolean => {
  const parts = key.split("/");
  const [name = "", prefix] = parts.reverse();
  return parts.length <= 2 && label.test(name) && (prefix === undefined || subdomain.test(prefix));
};

const subscript = /^(.*)\['(.*)'\]$/s;

const inMap = (path: string, map: Readonly<Record<string, string>> = {}, key: string): Found => {
  // keys of annotations are compared without regard to case
  const checked = path === "metadata.annotations" ? key.toLowerCase() : key;
  return isQualifiedName(checked)
    ? text(Object.hasOwn(map, key) ? map[key] : undefined)
    : E.left(`invalid key subscript in ${path}['${key}']: it is not the key of a label or annotation`);
};

const subscripted = (pod: Pod, path: string, key: string): Found => {
  switch (path) {
    case "metadata.labels":
      return inMap(path, pod.metadata.labels, key);
    case "metadata.annotations":
      return inMap(path, pod.metadata.annotations, key);
    default:
      return E.left(`field label does not support subscript: ${path}`);
  }
};

const unsupported = new Set(["spec.restartPolicy", "spec.schedulerName", "status.phase"]);

const isLate = (path: string): path is LateField => lateFields.some((field) => field === path);

const plain = (pod: Pod, path: string): Found => {
  const { metadata, spec } = pod;
  switch (path) {
    case "metadata.name":
      return text(metadata.name);
    case "metadata.namespace":
      return text(metadata.namespace);
    case "metadata.uid":
      return text(metadata.uid);
    case "metadata.labels":
      return text(formatMap(metadata.labels));
    case "metadata.annotations":
      return text(formatMap(metadata.annotations));
    case "spec.nodeName":
    case "spec.host":
      return text(spec.nodeName);
    case "spec.serviceAccountName":
      return text(spec.serviceAccountName);
    default:
      if (isLate(path)) return E.right({ late: path });
      return E.left(
        unsupported.has(path) ? `unsupported fieldPath: ${path}` : `field label not supported: ${path}`,
      );
  }
};

/**
 * The value of an `ObjectFieldSelector` (Kubernetes docs, "Downward API": every field it names, and `metadata.labels` and
 * `metadata.annotations` as a whole). Left: why there is none, which only another spec can change.
 */
export const fieldValue = (pod: Pod, fieldRef: Fields): Found => {
  const version = textIn(fieldRef, "apiVersion") ?? "v1";
  if (version !== "v1") return E.left(`unsupported pod version: ${version}`);
  const path = textIn(fieldRef, "fieldPath") ?? "";
  const [, map, key] = subscript.exec(path) ?? [];
  return map === undefined || key === undefined ? plain(pod, path) : subscripted(pod, map, key);
};
