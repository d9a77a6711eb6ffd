import type { Backend, BackendEvent, LogOptions } from "../../adapters/ports.ts";
import { isProviderError, type ProviderErrorCode } from "../../adapters/provider_error.ts";
import type { Container } from "../../core/kubernetes/container.ts";
import type { ObjectRef } from "../../core/kubernetes/meta.ts";
import type { ContainerTerminated, ObservedContainer, ObservedPod, Owner } from "../../core/pod/observed.ts";
import { expect } from "./expect.ts";
import type { Patience, PatienceOptions } from "./patience.ts";

/** What a container of a check is to do, after it has written its lines. */
export type Behaviour =
  /** It ends at once. */
  | { readonly _tag: "Exit"; readonly code: number; readonly lines?: readonly string[] }
  /** It runs until it is asked to stop, and ends then at once. */
  | { readonly _tag: "Run"; readonly lines?: readonly string[] }
  /** It ignores being asked, from before it writes its lines: it can only be killed. */
  | { readonly _tag: "Stubborn"; readonly lines?: readonly string[] };

/** A back end to be tried: an adapter of its own for every check. */
export interface BackendSubject {
  /** The mark that its pods are to carry. */
  readonly owner: Owner;
  /** A container that behaves so on this back end: an image, a command, whatever it takes. */
  readonly container: (name: string, behaviour: Behaviour) => Container;
  /** Ends and frees everything. */
  readonly close: () => Promise<void>;
}

/**
 * What a back end may leave out: a function; or what a subject needs for a check of it, `reopen`, and `outage` for being cut
 * off.
 */
export type Offer = "watch" | "update" | "check" | "ping" | "node" | "logs" | "reopen" | "outage";

/** What is said of a back end beforehand, beside how to make it. */
export interface BackendContract extends PatienceOptions {
  /** What it does not offer: that it does not is checked, and all that needs it is not among the checks. */
  readonly without?: readonly Offer[];
  /** Names of checks that it cannot pass, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** What both kinds of back end are asked through. */
export interface BackendContext extends Patience, BackendSubject {
  readonly backend: Backend;
  /** What it is said not to offer. */
  readonly without: readonly Offer[];
  /** What it offers or not. */
  readonly offers: Readonly<Partial<Record<Offer, unknown>>>;
  /** Of the pod of this check. */
  readonly uid: string;
  readonly ref: ObjectRef;
  /** Starts its container `main`, which is not to be started again when it ends. */
  readonly start: (behaviour: Behaviour) => Promise<void>;
  /** Asks for its end. */
  readonly stop: (graceMs: number) => Promise<unknown>;
}

/** A name for everything of one check. */
export const freshUid = (): string => `contract-${Math.random().toString(36).slice(2, 10)}`;

/** What is listed, by the bound. */
export const listOf = (
  { backend, bound, within }: BackendContext,
  from: Backend = backend,
): Promise<readonly ObservedPod[]> => within("the answer of list", from.list({ signal: bound() }));

/** A pod as the list shows it. */
export const look = async (
  context: BackendContext,
  uid: string = context.uid,
  from: Backend = context.backend,
): Promise<ObservedPod | undefined> => (await listOf(context, from)).find((pod) => pod.uid === uid);

export const containerOf = (
  pod: ObservedPod | undefined,
  container = "main",
): ObservedContainer | undefined => pod?.containers.find(({ name }) => name === container);

/** Waits until the container runs. */
export const running = (
  context: BackendContext,
  uid: string = context.uid,
  from: Backend = context.backend,
): Promise<ObservedContainer> =>
  context.until("it runs", async () => {
    const container = containerOf(await look(context, uid, from));
    return container?.state._tag === "Running" ? container : undefined;
  });

/** Waits until the container has ended. */
export const endOf = (
  context: BackendContext,
  container = "main",
  from: Backend = context.backend,
  restartCount = 0,
): Promise<ContainerTerminated> =>
  context.until("it has ended", async () => {
    const found = containerOf(await look(context, context.uid, from), container);
    return found?.state._tag === "Terminated" && found.restartCount === restartCount
      ? found.state
      : undefined;
  });

/** The instance that runs: another one has another of these. */
export const instanceOf = ({ id, restartCount, state }: ObservedContainer): unknown => ({
  id,
  restartCount,
  startedAt: state._tag === "Waiting" ? undefined : state.startedAt,
});

export const logsOf = async (
  { backend, ref, bound }: BackendContext,
  options: Partial<LogOptions> = {},
  container = "main",
): Promise<string> => {
  if (backend.logs === undefined) throw new Error(`it has no logs: name "logs" in "without"`);
  const all = { follow: false, previous: false, timestamps: false, ...options, signal: bound() };
  return await new Response(await backend.logs(ref, container, all)).text();
};

/** Its line says that it ignores signals by now; where there are no logs, that it runs has to do. */
export const startStubborn = async (context: BackendContext): Promise<void> => {
  await context.start({ _tag: "Stubborn", lines: ["ready"] });
  await running(context);
  if (context.backend.logs === undefined) return;
  await context.until("it is ready", async () => (await logsOf(context)) === "ready\n" || undefined);
};

/** What a watch tells, until it is ended. */
export interface Watched {
  readonly seen: readonly BackendEvent[];
  /** Aborts it; rejects when it does not end then. */
  end(): Promise<void>;
}

export const watched = (context: BackendContext): Watched => {
  const seen: BackendEvent[] = [];
  const over = new AbortController();
  const iterable = context.backend.watch?.({ signal: over.signal });
  if (iterable === undefined) throw new Error(`it has no watch: name "watch" in "without"`);
  const reading = (async () => {
    for await (const event of iterable) seen.push(event);
  })();
  // reported by `end`
  reading.catch(() => {});
  return {
    seen,
    end: async () => {
      over.abort();
      await context.within("the end of an aborted watch", reading);
    },
  };
};

/** Throws unless it is a `ProviderError` with one of the codes. */
export const expectCode = (error: unknown, codes: readonly ProviderErrorCode[], what: string): void => {
  expect(isProviderError(error), `${what}: expected a ProviderError, but it is ${error}`);
  expect(
    codes.includes(error.code),
    `${what}: expected ${codes.join(" or ")}, but it is ${error.code} (${error.message})`,
  );
};
