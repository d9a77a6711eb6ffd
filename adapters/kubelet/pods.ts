import { podList, runningPodList } from "../../core/kubelet/pod_list.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { ObservedPod } from "../../core/pod/observed.ts";
import type { Millis } from "../../core/time.ts";
import type { Logger } from "../ports.ts";
import { bounded } from "./bounded.ts";
import { jsonResponse, textResponse } from "./respond.ts";

/** The handler of `GET /pods`: a `v1.PodList` of the node's pods, as the API has them. */
export const podsHandler =
  (options: { readonly pods: () => readonly Pod[] }): (request: Request) => Promise<Response> => () =>
    Promise.resolve(jsonResponse(podList(options.pods())));

/** What `/runningpods/` needs. */
export interface RunningPodsOptions {
  /** The back end's `list`, bound to it; without it the answer is 501. */
  readonly runningPods?: () => Promise<readonly ObservedPod[]>;
  readonly logger?: Logger;
  /** How long the back end may take. Default 30 s. */
  readonly timeoutMs?: Millis;
}

/** The handler of `GET /runningpods/`: a `v1.PodList` of what runs at the back end, names and containers only. */
export const runningPodsHandler = (
  { runningPods, logger, timeoutMs = 30_000 }: RunningPodsOptions,
): (request: Request) => Promise<Response> =>
async () => {
  if (runningPods === undefined) return textResponse(501, "running pods are not supported by this node");
  try {
    return jsonResponse(
      runningPodList(await bounded(runningPods(), timeoutMs, "listing the running pods")),
    );
  } catch (error) {
    logger?.log("error", "the running pods could not be listed", { error: String(error) });
    return textResponse(500, error instanceof Error ? error.message : String(error));
  }
};
