import type * as E from "fp-ts/lib/Either.js";
import type { Fault } from "../core/fault.ts";
import type { NodeFacts } from "../core/event.ts";
import type { ObjectRef } from "../core/kubernetes/meta.ts";
import type { Container } from "../core/kubernetes/container.ts";
import type { LogOptions } from "../core/kubelet/log_options.ts";
import type { TerminalSize } from "../core/stream/remote_command/sizes.ts";
import type { ApiRequest } from "../core/kubernetes/request.ts";
import type { LateField } from "../core/pod/field_ref.ts";
import type { PodIntent, Problem } from "../core/pod/intent.ts";
import type { ObservedPod } from "../core/pod/observed.ts";
import type { Millis, Now } from "../core/time.ts";
import type { FilesVolume } from "../core/volume/volume.ts";

export type { LogOptions, TerminalSize };

/** The answer to an {@link ApiRequest}, whatever its status. `text` is empty when the request discards its answer. */
export interface ApiResponse {
  readonly status: number;
  readonly retryAfterMs: Millis | undefined;
  readonly text: string;
}

/** An answer whose body is read as it comes: a list page or a watch. Ends, or throws when the connection breaks. */
export interface ApiStream {
  readonly status: number;
  readonly retryAfterMs: Millis | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The way to the API server. An adapter sends request values and gives back what came, or the {@link Fault} that
 * kept an answer from coming: `Unavailable` when the request surely was not carried out, `OutcomeUnknown` when it may
 * have been, `Unauthorized` when there are no credentials. It never retries and never throws.
 */
export interface ApiPort {
  send(request: ApiRequest, signal: AbortSignal): Promise<E.Either<Fault, ApiResponse>>;
  stream(request: ApiRequest, signal: AbortSignal): Promise<E.Either<Fault, ApiStream>>;
}

/** What every call of a back end is given: `signal` ends it, and an ended call's outcome counts as unknown. */
export interface CallOptions {
  readonly signal: AbortSignal;
}

/** News from a back end. `Reset`: some may have been missed, so the core lists. */
export type BackendEvent =
  | { readonly _tag: "Changed"; readonly pod: ObservedPod }
  | { readonly _tag: "Gone"; readonly uid: string }
  | { readonly _tag: "Reset" };

/** What a command is given, and what of it is wanted. `signal` aborts when its client has left: the command is to end. */
export interface CommandOptions extends CallOptions {
  /** Its end is the end of the command's input. Absent: the command has none. */
  readonly stdin?: ReadableStream<Uint8Array>;
  readonly stdout: boolean;
  /** Never with `tty`. */
  readonly stderr: boolean;
  /** The command wants a terminal: what it writes comes on stdout. */
  readonly tty: boolean;
  /** With `tty`: the size of the client's terminal, at first and whenever it changes. The newest is what counts. */
  readonly sizes?: ReadableStream<TerminalSize>;
}

/** A command that has begun. What is not read makes it wait. */
export interface RunningCommand {
  readonly stdout?: ReadableStream<Uint8Array>;
  readonly stderr?: ReadableStream<Uint8Array>;
  /** The exit code, 128 + n after signal n; `undefined`: nobody knows it. What was written before is read to its end all the same. */
  readonly exit: Promise<number | undefined>;
}

/** A connection to a port. To close `writable` ends one half of it: what the other side still sends is read. */
export interface PodConnection {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** What both kinds of back end offer. Errors are thrown, best as a `ProviderError` (see `provider_error.ts`). */
export interface Backend {
  /**
   * Addresses that containers are to find in their environment and that are known only once the pod has begun: the back
   * end puts them in itself, with `bindEnv`. Pods that ask for others are refused before anything is created.
   */
  readonly binds?: readonly LateField[];
  /**
   * `true`: it gives containers the files of their volumes, by `PodIntent.volumes` and `mounts`. Without it what volumes are
   * made of is not read, and no token is asked for.
   */
  readonly files?: boolean;
  /** `true`: it pulls images itself, with `PodIntent.pullCredentials`. Without it `imagePullSecrets` are not read. */
  readonly pulls?: boolean;
  /**
   * Gives the volumes of a pod these files in the place of those they have: all at once, so that no reader sees half of
   * it, and never where a sub-path is mounted. A pod that is not there is success. Without it a running pod keeps its files.
   */
  updateFiles?(
    pod: ObjectRef,
    volumes: Readonly<Record<string, FilesVolume>>,
    options: CallOptions,
  ): Promise<void>;
  /** Names every field that cannot be honoured, before anything is created. Pure. */
  check?(intent: PodIntent): readonly Problem[];
  /** Everything of this cluster and node that the back end holds. Throws rather than giving part of it. */
  list(options: CallOptions): Promise<readonly ObservedPod[]>;
  /** Changes as they come, until `signal` aborts. Without it, `list` is polled. */
  watch?(options: CallOptions): AsyncIterable<BackendEvent>;
  /** Throws when the back end cannot be reached. */
  ping?(options: CallOptions): Promise<void>;
  /** What the node is to say of itself, now and whenever it changes. */
  node?(options: CallOptions): AsyncIterable<NodeFacts>;
  /** The log of a container's present (or previous) instance, as the options ask. */
  logs?(
    pod: ObjectRef,
    container: string,
    options: LogOptions & CallOptions,
  ): Promise<ReadableStream<Uint8Array>>;
  /** Runs a command in a container. Throws when it cannot be begun; what is not there is then told to the client. */
  exec?(
    pod: ObjectRef,
    container: string,
    command: readonly string[],
    options: CommandOptions,
  ): Promise<RunningCommand>;
  /** The streams of a container's own process, from now on. When the client leaves, the process goes on. */
  attach?(pod: ObjectRef, container: string, options: CommandOptions): Promise<RunningCommand>;
  /** Connects to a port in the pod's own network; throws when nobody listens there. When `signal` aborts the connection ends. */
  portForward?(pod: ObjectRef, port: number, options: CallOptions): Promise<PodConnection>;
  /** Frees what the back end holds in this process (never the pods). */
  close?(): Promise<void>;
}

/** A back end that runs whole pods, restarts and all. All calls are idempotent by the pod's UID. */
export interface Provider extends Backend {
  /** Creates the pod, or adopts what an earlier attempt with the same UID left. May tell at once what it sees. */
  create(intent: PodIntent, options: CallOptions): Promise<ObservedPod | void>;
  /** Changes a pod in place. Without it, changes of the spec are not passed on. */
  update?(intent: PodIntent, options: CallOptions): Promise<ObservedPod | void>;
  /** Stops and removes the pod. Resolves when this is accepted; a pod that is not there is success. */
  delete(pod: ObjectRef, options: CallOptions & { readonly graceMs: Millis }): Promise<void>;
}

/** One instance of a container, to be started once: its identity is pod UID, container name and `restartCount`. */
export interface ContainerRun {
  readonly intent: PodIntent;
  readonly container: Container;
  readonly restartCount: number;
}

/** A back end that runs single containers or processes: the core orders, restarts and stops them. */
export interface ContainerRuntime extends Backend {
  /**
   * Starts the instance, unless it was started before; tells what it sees of the pod then. Never while another instance
   * of the container runs: that is a `Conflict`.
   */
  start(run: ContainerRun, options: CallOptions): Promise<ObservedPod>;
  /** Asks the container to stop, kills it after `graceMs`; resolves when it has ended, best with what is seen then. Ended or absent is success. */
  stop(
    pod: ObjectRef,
    container: string,
    options: CallOptions & { readonly graceMs: Millis },
  ): Promise<ObservedPod | void>;
  /** Frees everything kept of a pod whose containers have ended: records, logs, folders. Absent is success. */
  remove(pod: ObjectRef, options: CallOptions): Promise<void>;
}

/** The two clocks and the one timer: replaced in tests and in the simulation. */
export interface Clock {
  now(): Now;
  /** Calls back once, after at least `ms`; the returned function cancels it. */
  after(ms: Millis, callback: () => void): () => void;
}

/** `debug` to `error`, as every logger has them. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Fields of a log line; values must be JSON. Secrets are never passed. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where log lines go. `noLogger` by default: a library is silent until asked. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
}

/** One timed thing: a request, a provider call, a reconcile. */
export interface Span {
  end(outcome: "ok" | "error", fields?: LogFields): void;
}

/** Where spans and counters go. `noTelemetry` by default. Every request, provider call and step passes here. */
export interface Telemetry {
  span(name: string, fields: LogFields): Span;
  count(name: string, value: number, fields?: LogFields): void;
}
