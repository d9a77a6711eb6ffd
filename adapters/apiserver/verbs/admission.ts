import { type ApiError, forbidden, notFound } from "../api_error.ts";
import { restrictNode } from "../auth/node_restriction.ts";
import type { Call } from "../call.ts";
import { namespace as namespaceKind } from "../kinds/namespace.ts";
import type { ApiObject, JsonObject } from "../object.ts";
import { lookup } from "../store.ts";
import { subjectOf } from "../subject.ts";

/** Everything in a namespace needs it, and nothing new comes into one that is being deleted. */
export const namespaceFault = (call: Call, name: string): ApiError | undefined => {
  const { kind, namespace, state } = call;
  if (!kind.namespaced || namespace === undefined) return undefined;
  const found = lookup(state, namespaceKind, undefined, namespace);
  if (found === undefined) return notFound({ group: "", plural: "namespaces", name: namespace });
  if (found.metadata.deletionTimestamp === undefined) return undefined;
  const error = forbidden(
    subjectOf(call, name),
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  );
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  return { ...error, details: { ...error.details, causes: [cause] } };
};

const everlasting: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public"]);

/** Namespaces that a cluster is not one without. */
export const everlastingFault = (call: Call): ApiError | undefined =>
  call.kind.group === "" && call.kind.plural === "namespaces" && everlasting.has(call.name ?? "")
    ? forbidden(subjectOf(call), "this namespace may not be deleted")
    : undefined;

/** What a node may not write. */
export const nodeFault = (
  call: Call,
  operation: "CREATE" | "UPDATE" | "DELETE",
  { object, before }: { readonly object?: JsonObject; readonly before?: ApiObject },
): ApiError | undefined =>
  restrictNode(call.state, call.user, {
    operation,
    kind: call.kind,
    subresource: call.subresource ?? "",
    namespace: call.namespace ?? "",
    name: call.name ?? "",
    ...(object === undefined ? {} : { object }),
    ...(before === undefined ? {} : { before }),
  });
