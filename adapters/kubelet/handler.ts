import { methodsOf, type Route, routeOf } from "../../core/kubelet/route.ts";
import type { Logger, Telemetry } from "../ports.ts";
import { guarded } from "../telemetry/guarded.ts";
import { containerLogsHandler, type ContainerLogsOptions } from "./container_logs.ts";
import { type HealthCheck, healthzHandler } from "./healthz.ts";
import { podsHandler, runningPodsHandler, type RunningPodsOptions } from "./pods.ts";
import { textResponse } from "./respond.ts";

/** What the kubelet API is made of. */
export interface KubeletHandlerOptions
  extends Omit<ContainerLogsOptions, "logger">, Pick<RunningPodsOptions, "runningPods"> {
  readonly nodeName: string;
  /** Health checks by name; see {@link healthzHandler}. */
  readonly healthz?: Readonly<Record<string, HealthCheck>>;
  readonly logger?: Logger;
  readonly telemetry?: Telemetry;
}

/** A kubelet API, or a part of it. It never rejects. */
export type KubeletHandler = (request: Request) => Promise<Response>;

/** The answer to what a kubelet has and this node does not yet. */
const unsupportedResponse = (nodeName: string, what: string): Response =>
  textResponse(
    501,
    `${what} is not supported yet by the virtual kubelet of node ${JSON.stringify(nodeName)}`,
  );

const router = (options: KubeletHandlerOptions): (request: Request, route: Route) => Promise<Response> => {
  const healthz = healthzHandler({ checks: options.healthz, logger: options.logger });
  const pods = podsHandler(options);
  const runningPods = runningPodsHandler(options);
  const containerLogs = containerLogsHandler(options);
  return async (request, route) => {
    if (route._tag === "NotFound") return textResponse(404, "404 page not found");
    const methods = methodsOf(route);
    if (!methods.includes(request.method)) {
      return textResponse(405, "405: Method Not Allowed", { allow: methods.join(", ") });
    }
    switch (route._tag) {
      case "Healthz":
        return await healthz(request, route.check);
      case "Pods":
        return await pods(request);
      case "RunningPods":
        return await runningPods(request);
      case "ContainerLogs":
        return await containerLogs(request, route);
      case "Unsupported":
        return unsupportedResponse(options.nodeName, route.what);
    }
  };
};

/**
 * The kubelet API as one function, for any server that speaks `Request` and `Response`. It trusts its caller: put
 * `kubeletAuth` in front of it. Each part is also there alone: {@link healthzHandler}, {@link podsHandler},
 * {@link runningPodsHandler}, {@link containerLogsHandler}. Errors are plain text; it never rejects.
 */
export const kubeletHandler = (given: KubeletHandlerOptions): KubeletHandler => {
  const options = guarded(given);
  const serve = router(options);
  const { logger, telemetry } = options;
  return async (request) => {
    const route = routeOf(new URL(request.url).pathname);
    const span = telemetry?.span("kubelet.request", { method: request.method, route: route._tag });
    try {
      const response = await serve(request, route);
      span?.end(response.status < 500 ? "ok" : "error", { status: response.status });
      return response;
    } catch (error) {
      logger?.log("error", "a kubelet request failed", { route: route._tag, error: String(error) });
      span?.end("error", { status: 500 });
      return textResponse(500, "Internal Server Error");
    }
  };
};
