import * as E from "fp-ts/lib/Either.js";
import type { Fault } from "../../core/fault.ts";
import { refuseLogs, wantsEarlier } from "../../core/kubelet/log_access.ts";
import { parseLogOptions, type Query } from "../../core/kubelet/log_options.ts";
import type { ContainerPath } from "../../core/kubelet/route.ts";
import { refOf } from "../../core/kubernetes/meta.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { Millis } from "../../core/time.ts";
import type { Backend, Logger } from "../ports.ts";
import { faultOfError } from "../provider_error.ts";
import { bounded } from "./bounded.ts";
import { refusalResponse, textResponse } from "./respond.ts";

/** What `/containerLogs` needs. */
export interface ContainerLogsOptions {
  /** The pods of this node, as the API has them. */
  readonly pods: () => readonly Pod[];
  /** The back end's `logs`, bound to it; without it every request is answered with 501. */
  readonly logs?: Backend["logs"];
  /** Unix time. */
  readonly now: () => Millis;
  readonly logger?: Logger;
  /** How long the back end may take until the log begins. Default 30 s. */
  readonly openTimeoutMs?: Millis;
}

const statusOf = (fault: Fault): number => {
  switch (fault._tag) {
    case "NotFound":
      return 404;
    case "Rejected":
      return 400;
    case "Unsupported":
      return 501;
    // Not 503: kube-apiserver would put a text of its own in place of ours.
    case "Unavailable":
    case "Throttled":
    case "Conflict":
    case "AlreadyExists":
    case "Gone":
    case "Unauthorized":
    case "Forbidden":
    case "OutcomeUnknown":
    case "Undecodable":
      return 500;
  }
};

/** Of a repeated name the first value counts, as in Go. */
const queryOf = (url: URL): Query => Object.fromEntries([...url.searchParams].reverse());

const ignore = (): void => undefined;

const newline = 10;

/** What stands at the end of a log that broke off: kube-apiserver hides from kubectl how its answer ended. */
const farewell = (error: unknown, last: number | undefined): Uint8Array => {
  const start = last === undefined || last === newline ? "" : "\n";
  const message = error instanceof Error ? error.message : String(error);
  return new TextEncoder().encode(`${start}virtual-kubelet: the log breaks off here: ${message}\n`);
};

/** Passes a stream on; the end of the request ends it, however deep the back end sleeps in a read. */
const guarded = (
  source: ReadableStream<Uint8Array>,
  abort: AbortController,
  failed: (error: unknown) => void,
): ReadableStream<Uint8Array> => {
  const reader = source.getReader();
  const stop = (): void => void reader.cancel(abort.signal.reason).catch(ignore);
  abort.signal.addEventListener("abort", stop, { once: true });
  let last: number | undefined;
  let broken: { readonly error: unknown } | undefined;

  const next = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const { done, value } = await reader.read();
    if (!done) {
      last = value.at(-1) ?? last;
      return controller.enqueue(value);
    }
    // Cancelled is not ended: a cut log must not look whole.
    abort.signal.throwIfAborted();
    abort.signal.removeEventListener("abort", stop);
    controller.close();
  };
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    if (broken !== undefined) return controller.error(broken.error);
    try {
      await next(controller);
    } catch (error) {
      abort.signal.removeEventListener("abort", stop);
      failed(error);
      if (abort.signal.aborted) return controller.error(error);
      broken = { error };
      controller.enqueue(farewell(error, last));
    }
  };
  return new ReadableStream<Uint8Array>({ pull, cancel: (reason) => abort.abort(reason) }, {
    highWaterMark: 0,
  });
};

/** A controller that the end of the request aborts too. */
const abortWith = (signal: AbortSignal): AbortController => {
  const abort = new AbortController();
  if (signal.aborted) abort.abort(signal.reason);
  else signal.addEventListener("abort", () => abort.abort(signal.reason), { once: true });
  return abort;
};

/**
 * The handler of `GET /containerLogs/{namespace}/{pod}/{container}`, to be mounted in any server that speaks `Request` and
 * `Response` (Go: `HandleContainerLogs`). Validates the options, looks the pod up, and passes the back end's stream on as it
 * comes; when the client leaves (the request's signal, or the body's cancellation), the back end's signal aborts.
 * Errors are plain text: 404, 400, 422 as the kubelet's; of the back end NotFound 404, InvalidInput 400, Unsupported 501, all others
 * 500. An error after the log has begun is told in a last line, and the body breaks off.
 */
export const containerLogsHandler = (
  options: ContainerLogsOptions,
): (request: Request, path: ContainerPath) => Promise<Response> => {
  const { logs, openTimeoutMs = 30_000 } = options;
  return async (request, { namespace, pod: podName, container }) => {
    if (request.method !== "GET") return textResponse(405, "405: Method Not Allowed", { allow: "GET" });
    if (logs === undefined) return textResponse(501, "logs are not supported by this node's provider");
    const parsed = parseLogOptions(queryOf(new URL(request.url)), options.now());
    if (E.isLeft(parsed)) return refusalResponse(parsed.left);
    const pod = options.pods().find(({ metadata }) =>
      metadata.name === podName && metadata.namespace === namespace
    );
    const refused = refuseLogs(pod, podName, container, parsed.right.previous);
    if (refused !== undefined || pod === undefined) {
      return refusalResponse(refused ?? { status: 404, message: "" });
    }

    const abort = abortWith(request.signal);
    const failed = (error: unknown, status: number): void =>
      options.logger?.log(
        status < 500 || abort.signal.aborted ? "debug" : "error",
        "the log of a container could not be read",
        { namespace, pod: podName, container, status, error: String(error) },
      );
    try {
      const previous = wantsEarlier(pod, container, parsed.right.previous);
      const opening = logs(refOf(pod), container, { ...parsed.right, previous, signal: abort.signal });
      const drop = (late: ReadableStream<Uint8Array>): void => void late.cancel().catch(ignore);
      const stream = await bounded(opening, openTimeoutMs, "opening the log", drop);
      const body = guarded(stream, abort, (error) => failed(error, 500));
      return new Response(body, { headers: { "content-type": "text/plain" } });
    } catch (error) {
      const fault = faultOfError(error);
      const status = statusOf(fault);
      failed(error, status);
      abort.abort(error);
      return textResponse(status, fault.message);
    }
  };
};
