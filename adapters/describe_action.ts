import type { Action } from "../core/action.ts";
import type { LogFields } from "./ports.ts";

/** What a log line or a span says of an action: names and numbers, never the content of a pod. */
export const describeAction = (action: Action): LogFields => {
  switch (action._tag) {
    case "CreatePod":
    case "UpdatePod": {
      const { namespace, name, uid } = action.intent.pod.metadata;
      return { namespace, pod: name, uid };
    }
    case "StartContainer": {
      const { namespace, name, uid } = action.intent.pod.metadata;
      return {
        namespace,
        pod: name,
        uid,
        container: action.container.name,
        restartCount: action.restartCount,
      };
    }
    case "StopContainer":
      return { ...refFields(action.ref), container: action.container, graceMs: action.graceMs };
    case "DeletePod":
      return { ...refFields(action.ref), graceMs: action.graceMs };
    case "PatchPodStatus":
      return { ...refFields(action.ref), phase: action.status.phase };
    case "RemovePod":
    case "UpdateFiles":
    case "FinalizePod":
    case "EvictPod":
    case "ReadPod":
      return refFields(action.ref);
    case "ListBackend":
      return { seq: action.seq };
    case "PingBackend":
      return {};
    case "WatchObject":
    case "UnwatchObject":
    case "ReadObject":
      return { object: action.key };
    default:
      return { method: action.request.method, path: action.request.path };
  }
};

const refFields = (
  ref: { readonly namespace: string; readonly name: string; readonly uid: string },
): LogFields => ({
  namespace: ref.namespace,
  pod: ref.name,
  uid: ref.uid,
});
