import * as E from "fp-ts/lib/Either.js";
import type { Route } from "../../core/kubelet/route.ts";
import { findContainer, findPod } from "../../core/kubelet/stream_access.ts";
import { refOf } from "../../core/kubernetes/meta.ts";
import type { Pod } from "../../core/kubernetes/pod.ts";
import type { Backend } from "../ports.ts";
import { refusalResponse, textResponse, unsupported } from "./respond.ts";

/** What `/run` needs. */
export interface RunOptions extends Pick<Backend, "exec"> {
  readonly nodeName: string;
  readonly pods: () => readonly Pod[];
}

const maxOutputBytes = 16_777_216;
const ignore = (): void => undefined;

/** Reads both streams into one list, in the order in which they come. */
const collect = async (
  streams: readonly (ReadableStream<Uint8Array> | undefined)[],
): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  await Promise.all(streams.map(async (stream) => {
    if (stream === undefined) return;
    for await (const chunk of stream) {
      size += chunk.byteLength;
      if (size > maxOutputBytes) throw new Error(`the command has written more than ${maxOutputBytes} bytes`);
      chunks.push(chunk);
    }
  }));
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
};

/**
 * The handler of `POST /run/{namespace}/{pod}[/{uid}]/{container}?cmd=`: runs a command, whose words are separated by blanks, and answers
 * with what it has written, stdout and stderr. 500 with a text when it fails or exits otherwise than with 0.
 */
export const runHandler = (
  { exec, nodeName, pods }: RunOptions,
): (request: Request, route: Extract<Route, { _tag: "Run" }>) => Promise<Response> =>
async (request, route) => {
  if (exec === undefined) return unsupported(nodeName, "run");
  const pod = findPod(pods(), route);
  if (E.isLeft(pod)) return refusalResponse(pod.left);
  const container = findContainer(pod.right, route.container);
  if (E.isLeft(container)) return refusalResponse(container.left);
  const command = new URL(request.url).searchParams.get("cmd")?.split(" ").filter((word) => word !== "") ??
    [];
  if (command.length === 0) return textResponse(400, "you must specify a command: ?cmd=");
  const abort = new AbortController();
  const signal = AbortSignal.any([request.signal, abort.signal]);
  try {
    const options = { stdout: true, stderr: true, tty: false, signal };
    const running = await exec(refOf(pod.right), route.container, command, options);
    running.exit.catch(ignore);
    const output = await collect([running.stdout, running.stderr]);
    const code = await running.exit;
    if (code === 0) return new Response(output, { headers: { "content-type": "text/plain" } });
    const text = new TextDecoder().decode(output);
    return textResponse(500, `command terminated with exit code ${code ?? "unknown"}: ${text}`);
  } catch (error) {
    abort.abort(error);
    return textResponse(500, error instanceof Error ? error.message : String(error));
  }
};
