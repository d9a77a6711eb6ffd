import * as E from "fp-ts/lib/Either.js";
import type { ApiError } from "../api_error.ts";
import { numberAt, objectsAt, textAt } from "../kinds/fields.ts";
import type { ApiObject } from "../object.ts";
import { keyOf, objectAt } from "../objects.ts";
import { objectsOf, type ServerState } from "../state.ts";

/** Where a node's own API listens. */
export interface KubeletEndpoint {
  readonly host: string;
  readonly port: number;
}

/** As kubeadm sets `--kubelet-preferred-address-types`. */
const preferredTypes: readonly string[] = ["InternalIP", "ExternalIP", "Hostname"];
const defaultPort = 10250;

/** An error that has no reason in the real server either. */
const failure = (message: string): ApiError => ({ code: 500, reason: "", message });

export const nodeNamed = (state: ServerState, name: string): ApiObject | undefined =>
  objectAt(objectsOf(state, "nodes"), keyOf(undefined, name));

/** What the node says of itself: `status.addresses` and `status.daemonEndpoints`. */
export const kubeletEndpoint = (node: ApiObject): E.Either<ApiError, KubeletEndpoint> => {
  const addresses = objectsAt(node, "status", "addresses");
  const preferred = preferredTypes
    .map((type) => addresses.find((address) => textAt(address, "type") === type))
    .find((address) => address !== undefined);
  if (preferred === undefined) {
    const known = addresses.map((address) => `{${textAt(address, "type")} ${textAt(address, "address")}}`);
    return E.left(failure(`no preferred addresses found; known addresses: [${known.join(" ")}]`));
  }
  const port = numberAt(node, "status", "daemonEndpoints", "kubeletEndpoint", "Port") ?? 0;
  return E.right({ host: textAt(preferred, "address"), port: port > 0 ? port : defaultPort });
};
