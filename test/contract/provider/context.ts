import type { Provider } from "../../../adapters/ports.ts";
import type { ObjectRef } from "../../../core/kubernetes/meta.ts";
import type { PodIntent } from "../../../core/pod/intent.ts";
import type { ObservedPod } from "../../../core/pod/observed.ts";
import { type BackendContext, type Behaviour, look } from "../backend.ts";
import { expect } from "../expect.ts";
import { intentOf, type Wanted } from "../intent.ts";

/** What a check of a provider works with. */
export interface ProviderContext extends BackendContext {
  readonly provider: Provider;
  readonly reopen?: () => Promise<Provider>;
  readonly cutOff?: () => () => void;
  readonly refused?: readonly { readonly field: string; readonly spec: PodIntent["pod"]["spec"] | object }[];
  readonly many: number;
}

/** An intent of a pod with one container `main`, unless told otherwise. */
export const wanted = (
  { ref, owner, container }: ProviderContext,
  behaviour: Behaviour,
  more: Partial<Wanted> = {},
): PodIntent => intentOf({ ref, owner, containers: [container("main", behaviour)], ...more });

/** Creates it, by the bound. */
export const create = (
  { provider, bound, within }: ProviderContext,
  intent: PodIntent,
): Promise<ObservedPod | void> =>
  within("the answer of create", provider.create(intent, { signal: bound() }));

/** Deletes it: that this is accepted is told by the bound, whatever the grace. */
export const remove = (
  { provider, bound, within }: ProviderContext,
  ref: ObjectRef,
  graceMs: number,
): Promise<void> => within("the answer of delete", provider.delete(ref, { graceMs, signal: bound() }));

/** Nothing of it runs any more: it is not listed, or everything in it has ended. */
const isOver = (pod: ObservedPod | undefined): boolean =>
  pod === undefined || pod.containers.every(({ state }) => state._tag === "Terminated");

/** Waits until the pod is no longer listed. */
export const gone = async (
  context: ProviderContext,
  uid: string = context.uid,
  from: Provider = context.provider,
): Promise<void> => {
  await context.until("it is gone", async () => {
    const pod = await look(context, uid, from);
    return pod === undefined || undefined;
  });
};

/** Throws when the pod does not run any more. */
export const expectRunning = async (
  context: ProviderContext,
  what: string,
  uid: string = context.uid,
): Promise<void> => expect(!isOver(await look(context, uid)), what);

/** Another pod of the same name. */
export const otherRef = ({ ref }: ProviderContext, suffix = "b"): ObjectRef => ({
  ...ref,
  uid: `${ref.uid}-${suffix}`,
});
