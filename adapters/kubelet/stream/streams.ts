import * as E from "fp-ts/lib/Either.js";
import type { Refusal } from "../../../core/kubelet/log_options.ts";
import { methodsOf, type StreamRoute } from "../../../core/kubelet/route.ts";
import { findContainer, findPod } from "../../../core/kubelet/stream_access.ts";
import { type ObjectRef, refOf } from "../../../core/kubernetes/meta.ts";
import type { Pod } from "../../../core/kubernetes/pod.ts";
import type { CommandMachine } from "../../../core/stream/remote_command/machine.ts";
import type { CommandOutcome } from "../../../core/stream/remote_command/outcome.ts";
import { type CommandRequest, readCommandRequest } from "../../../core/stream/remote_command/request.ts";
import type {
  Backend,
  CallOptions,
  CommandOptions,
  Logger,
  PodConnection,
  RunningCommand,
} from "../../ports.ts";
import { faultOfError } from "../../provider_error.ts";
import { methodNotAllowed, refusalResponse, textResponse, unsupported } from "../respond.ts";
import { serveCommand } from "./command.ts";
import { serveForward } from "./forward.ts";
import { defaultSessionLimits, type SessionLimits } from "./session.ts";
import type { StreamUpgrade } from "./stream_upgrade.ts";
import { acceptCommand, type Accepted, acceptForward, type NodeUpgrade } from "./upgrade.ts";
import type { Wire } from "./wire.ts";

/** What exec, attach and port-forward need. */
export interface KubeletStreamsOptions extends Pick<Backend, "exec" | "attach" | "portForward"> {
  readonly nodeName: string;
  /** The pods of this node, as the API has them. */
  readonly pods: () => readonly Pod[];
  readonly limits?: Partial<SessionLimits>;
  /** Further ones are refused with 429. Default 256. */
  readonly maxStreams?: number;
  readonly logger?: Logger;
}

/** Answers an upgrade request: takes its socket, or gives the refusal. */
export type KubeletStreams = (
  route: StreamRoute,
  request: Request,
  upgrade: StreamUpgrade,
) => Response | undefined;

type Serve<Tag> = (
  route: Extract<StreamRoute, { _tag: Tag }>,
  query: URLSearchParams,
  upgrade: NodeUpgrade,
) => Response | undefined;

type CommandRoute = Extract<StreamRoute, { _tag: "Exec" | "Attach" }>;

/** What is asked of which container. */
interface Asked {
  readonly ref: ObjectRef;
  readonly request: CommandRequest;
  readonly hasTerminal: boolean;
}

const defaultMaxStreams = 256;

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

const failed = (what: string) => (error: unknown): CommandOutcome => ({
  _tag: "Failed",
  message: `${what}: ${faultOfError(error).message}`,
});

/** What of an exit code the client is told. */
const exited = (code: number | undefined): CommandOutcome =>
  code === undefined
    ? { _tag: "Failed", message: "the command has ended, but its exit code is not known" }
    : { _tag: "Exited", code };

/** Who attaches sees a container, and whether that fails is told by its status. */
const detached = (): CommandOutcome => ({ _tag: "Exited", code: 0 });

/**
 * `/exec`, `/attach` and `/portForward`, over SPDY/3.1 and WebSocket. It trusts its caller: authorization comes before. Refusals
 * are plain text: 400, 403, 404, 405, 429 as the kubelet's, 501 where the back end has no such stream. What fails once the protocol
 * is switched is told in it.
 */
export const kubeletStreams = (options: KubeletStreamsOptions): KubeletStreams => {
  const { nodeName, maxStreams = defaultMaxStreams, logger } = options;
  const limits = { ...defaultSessionLimits, ...options.limits };
  let open = 0;

  /** Takes the socket, and counts until it is closed. */
  const taken = (accepted: E.Either<Refusal, Accepted>, upgrade: NodeUpgrade): Response | undefined => {
    if (E.isLeft(accepted)) return refusalResponse(accepted.left);
    if (open >= maxStreams) {
      logger?.log("warn", "too many streams: one is refused", { limit: maxStreams });
      return textResponse(
        429,
        `too many streams are open on node ${JSON.stringify(nodeName)}: at most ${maxStreams}`,
      );
    }
    open++;
    upgrade.socket.once("close", () => open--);
    accepted.right();
    return undefined;
  };

  const command = (
    request: CommandRequest,
    begin: (options: CommandOptions) => Promise<RunningCommand>,
    told: { readonly outcome: (code: number | undefined) => CommandOutcome; readonly failing: string },
    upgrade: NodeUpgrade,
  ): Response | undefined => {
    const serve = <S>(wire: Wire, machine: CommandMachine<S>): void =>
      serveCommand({
        wire,
        machine,
        request,
        limits,
        signal: upgrade.signal,
        begin,
        outcome: told.outcome,
        failure: (error) => {
          logger?.log("debug", told.failing, { error: messageOf(error) });
          return failed(told.failing)(error);
        },
      });
    return taken(acceptCommand(upgrade, request, serve), upgrade);
  };

  const commandRequest = (route: CommandRoute, query: URLSearchParams): E.Either<Refusal, Asked> => {
    const pod = findPod(options.pods(), route);
    if (E.isLeft(pod)) return pod;
    const container = findContainer(pod.right, route.container);
    if (E.isLeft(container)) return container;
    const request = readCommandRequest(query);
    if (E.isLeft(request)) return request;
    return E.right({
      ref: refOf(pod.right),
      request: request.right,
      hasTerminal: container.right.tty === true,
    });
  };

  const exec: Serve<"Exec"> = (route, query, upgrade) => {
    const { exec: run } = options;
    if (run === undefined) return unsupported(nodeName, "exec");
    const read = commandRequest(route, query);
    if (E.isLeft(read)) return refusalResponse(read.left);
    const { ref, request } = read.right;
    const { command: words } = request;
    if (words.length === 0) return textResponse(400, "you must specify a command");
    const told = { outcome: exited, failing: "error executing command in container" };
    return command(
      request,
      async (given) => await run(ref, route.container, words, given),
      told,
      upgrade,
    );
  };

  const attach: Serve<"Attach"> = (route, query, upgrade) => {
    const { attach: run } = options;
    if (run === undefined) return unsupported(nodeName, "attach");
    const read = commandRequest(route, query);
    if (E.isLeft(read)) return refusalResponse(read.left);
    // as the container has a terminal or not, whatever the client says of its own
    const { ref, request: asked, hasTerminal: tty } = read.right;
    const request = { ...asked, command: [], tty, stderr: asked.stderr && !tty };
    const told = { outcome: detached, failing: "error attaching to container" };
    return command(request, async (given) => await run(ref, route.container, given), told, upgrade);
  };

  const portForward: Serve<"PortForward"> = (route, query, upgrade) => {
    const { portForward: dial } = options;
    if (dial === undefined) return unsupported(nodeName, "port-forward");
    const pod = findPod(options.pods(), route);
    if (E.isLeft(pod)) return refusalResponse(pod.left);
    const ref = refOf(pod.right);
    const failure = (port: number, error: unknown): string => {
      logger?.log("debug", "a port could not be forwarded", { port, error: messageOf(error) });
      return `error forwarding port ${port} to pod ${ref.name}, uid ${ref.uid}: ${
        faultOfError(error).message
      }`;
    };
    const connect = async (port: number, given: CallOptions): Promise<PodConnection> =>
      await dial(ref, port, given);
    const accepted = acceptForward(
      upgrade,
      query,
      (wire, machine) => serveForward({ wire, machine, limits, signal: upgrade.signal, connect, failure }),
    );
    return taken(accepted, upgrade);
  };

  return (route, request, given) => {
    const upgrade = given as NodeUpgrade;
    const methods = methodsOf(route);
    if (!methods.includes(request.method)) return methodNotAllowed(methods);
    const query = new URL(request.url).searchParams;
    switch (route._tag) {
      case "Exec":
        return exec(route, query, upgrade);
      case "Attach":
        return attach(route, query, upgrade);
      case "PortForward":
        return portForward(route, query, upgrade);
    }
  };
};
