import { methodsOf, type Route, routeOf } from "../../core/kubelet/route.ts";
import type { Backend, Logger, Telemetry } from "../ports.ts";
import { guarded } from "../telemetry/guarded.ts";
import { containerLogsHandler, type ContainerLogsOptions } from "./container_logs.ts";
import { type HealthCheck, healthzHandler } from "./healthz.ts";
import { podsHandler, runningPodsHandler, type RunningPodsOptions } from "./pods.ts";
import { jsonResponse, methodNotAllowed, textResponse, unsupported } from "./respond.ts";
import { runHandler } from "./run.ts";

/** What the kubelet API is made of. */
export interface KubeletHandlerOptions
  extends
    Omit<ContainerLogsOptions, "logger">,
    Pick<RunningPodsOptions, "runningPods">,
    Pick<Backend, "exec" | "attach" | "portForward"> {
  readonly nodeName: string;
  /** What `/configz` tells: a `KubeletConfiguration`, without secrets. */
  readonly configz?: () => Readonly<Record<string, unknown>>;
  /** Health checks by name; see {@link healthzHandler}. */
  readonly healthz?: Readonly<Record<string, HealthCheck>>;
  readonly logger?: Logger;
  readonly telemetry?: Telemetry;
}

/** A kubelet API, or a part of it. It never rejects. */
export type KubeletHandler = (request: Request) => Promise<Response>;

const streamNames = { Exec: "exec", Attach: "attach", PortForward: "port-forward" } as const;

/** A stream, asked for as if it were none. */
const withoutUpgrade = (options: KubeletHandlerOptions, tag: keyof typeof streamNames): Response => {
  const given = { Exec: options.exec, Attach: options.attach, PortForward: options.portForward }[tag];
  return given === undefined
    ? unsupported(options.nodeName, streamNames[tag])
    : textResponse(400, "Upgrade request required: this path speaks SPDY/3.1 and WebSocket");
};

const router = (options: KubeletHandlerOptions): (request: Request, route: Route) => Promise<Response> => {
  const healthz = healthzHandler({ checks: options.healthz, logger: options.logger });
  const pods = podsHandler(options);
  const runningPods = runningPodsHandler(options);
  const containerLogs = containerLogsHandler(options);
  const run = runHandler(options);
  return async (request, route) => {
    if (route._tag === "NotFound") return textResponse(404, "404 page not found");
    const methods = methodsOf(route);
    if (!methods.includes(request.method)) return methodNotAllowed(methods);
    switch (route._tag) {
      case "Healthz":
        return await healthz(request, route.check);
      case "Pods":
        return await pods(request);
      case "RunningPods":
        return await runningPods(request);
      case "ContainerLogs":
        return await containerLogs(request, route);
      case "Run":
        return await run(request, route);
      case "Configz":
        return jsonResponse({ kubeletconfig: options.configz?.() ?? {} });
      case "Exec":
      case "Attach":
      case "PortForward":
        return withoutUpgrade(options, route._tag);
      case "Unsupported":
        return unsupported(options.nodeName, route.what);
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
