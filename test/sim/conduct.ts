import type { ApiPort, ContainerRuntime, Logger, Provider, Telemetry } from "../../adapters/ports.ts";
import { noTelemetry } from "../../adapters/silent.ts";
import { judgedBackend } from "./conduct_calls.ts";
import { judgedApi } from "./conduct_requests.ts";
import { entryOf, type Judge } from "./judge.ts";

/** An agent's ways to the outside, with a judge who sees all that it does there. */
export interface Conduct {
  api(port: ApiPort): ApiPort;
  backend(inner: Provider | ContainerRuntime): Provider | ContainerRuntime;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

const ofPods: ReadonlySet<string> = new Set([
  "PatchPodStatus",
  "FinalizePod",
  "EvictPod",
  "ReadPod",
  "CreatePod",
  "UpdatePod",
  "DeletePod",
  "StartContainer",
  "StopContainer",
  "RemovePod",
]);

/** How one agent behaves, seen from its own side: it may be one of several of its node, and the network may be bad. */
export const conductOf = (judge: Judge, logger: Logger): Conduct => {
  let podsCameFirst = false;
  const madeFrom = new Map<string, string | undefined>();
  const noteStatus = (uid: unknown): void => {
    const desired = typeof uid === "string" ? entryOf(judge, uid)?.desired : undefined;
    if (desired?._tag === "Present") {
      madeFrom.set(desired.value.metadata.uid, desired.value.metadata.resourceVersion);
    }
  };
  return {
    api: (port) => judgedApi(port, judge, madeFrom),
    backend: (inner) => judgedBackend(inner, judge),
    // the driver logs every action in the order in which it is asked for
    logger: {
      log: (level, message, fields) => {
        if (message === "RenewLease" && podsCameFirst) {
          judge.fail("promise 10: renews the lease after the work on pods");
        }
        if (message === "PatchPodStatus" && level === "debug") noteStatus(fields?.uid);
        podsCameFirst ||= level === "debug" && ofPods.has(message);
        logger.log(level, message, fields);
      },
    },
    telemetry: {
      ...noTelemetry,
      count: (name) => {
        if (name === "vk.steps") podsCameFirst = false;
      },
    },
  };
};
