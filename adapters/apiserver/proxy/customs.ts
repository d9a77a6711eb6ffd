import type { Custom } from "../call.ts";
import { nodeProxy, podProxy, serviceProxy } from "./plain.ts";
import { podAttach, podExec, podLog, podPortForward } from "./pod_streams.ts";

/** What is asked of the nodes behind the API server. Their `object` may be absent: ports are part of some names. */
export const proxyCustoms: Readonly<Record<string, Custom>> = {
  "pods/log": podLog,
  "pods/exec": podExec,
  "pods/attach": podAttach,
  "pods/portforward": podPortForward,
  "pods/proxy": podProxy,
  "nodes/proxy": nodeProxy,
  "services/proxy": serviceProxy,
};
