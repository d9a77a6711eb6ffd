import { notFound } from "../../api_error.ts";
import { at, listAt, textAt } from "../../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../../object.ts";
import { keyOf, objectAt } from "../../objects.ts";
import { objectsOf, type ServerState } from "../../state.ts";
import type { User } from "../../user.ts";
import { resourceAttributes } from "../attributes.ts";
import { authorize } from "../authorize.ts";
import { type Fault, quote, type Write } from "./write.ts";

const projectsToken = (pod: ApiObject, audience: string): boolean =>
  listAt(pod, "spec", "volumes").some((volume) =>
    listAt(volume, "projected", "sources").some((source) =>
      at(source, "serviceAccountToken") !== undefined &&
      textAt(source, "serviceAccountToken", "audience") === audience
    )
  );

const audienceFault = (
  state: ServerState,
  user: User,
  pod: ApiObject,
  { namespace, name, object }: Write,
): Fault => {
  const audiences = listAt(object, "spec", "audiences");
  if (audiences.length > 1) return "node may only request 0 or 1 audiences";
  const audience = typeof audiences[0] === "string" ? audiences[0] : "";
  const verb = "request-serviceaccounts-token-audience";
  const asked = resourceAttributes({ verb, namespace, resource: audience, name });
  return projectsToken(pod, audience) || authorize(state, user, asked).allowed
    ? undefined
    : `audience ${
      quote(audience)
    } not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`;
};

const podReference = (
  object: JsonObject | undefined,
): { readonly name: string; readonly uid: string } | string => {
  const reference = at(object, "spec", "boundObjectRef");
  const [name, uid] = [textAt(reference, "name"), textAt(reference, "uid")];
  const isPod = textAt(reference, "apiVersion") === "v1" && textAt(reference, "kind") === "Pod";
  if (!isPod || name === "") return "node requested token not bound to a pod";
  return uid === "" ? "node requested token with a pod binding without a uid" : { name, uid };
};

/** A node gets tokens that are bound to its own pods, for the audiences that these ask for. */
export const tokenFault = (state: ServerState, node: string, user: User, write: Write): Fault => {
  if (write.operation !== "CREATE" || write.subresource !== "token") return undefined;
  const reference = podReference(write.object);
  if (typeof reference === "string") return reference;
  const { name, uid } = reference;
  const pod = objectAt(objectsOf(state, "pods"), keyOf(write.namespace, name));
  if (pod === undefined) return notFound({ group: "", plural: "pods", name });
  if (uid !== pod.metadata.uid) {
    return `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  }
  return textAt(pod, "spec", "nodeName") === node
    ? audienceFault(state, user, pod, write)
    : "node requested token bound to a pod scheduled on a different node";
};
