import type { ObjectRef } from "../../../core/kubernetes/meta.ts";
import { containerOf, listOf, look, running } from "../backend.ts";
import type { Rows } from "../check.ts";
import { expect, expectEqual } from "../expect.ts";
import { create, gone, otherRef, type ProviderContext, remove, wanted } from "./context.ts";

/** As long as Kubernetes lets them be; a static pod's UID is a hash. */
const unusual: readonly ObjectRef[] = [
  {
    namespace: "n".repeat(63),
    name: `${"web.".repeat(62)}a-0.1`,
    uid: "1d2f0c3b-75a0-4a1e-9d53-8b0ad29d9f10",
  },
  { namespace: "0", name: "0", uid: "5c0f2d1f8b6f1a6d2a1f0c9e7b3d4e5f" },
];

const longest = "c".repeat(63);

/** A pod is its UID, and everything about it comes back as it was given. */
export const identityRows: Rows<ProviderContext> = {
  "pods of one name are told apart by their UIDs": async (context) => {
    const other = otherRef(context);
    await create(context, wanted(context, { _tag: "Run" }));
    await create(context, wanted(context, { _tag: "Run" }, { ref: other }));
    await running(context);
    await running(context, other.uid);
    await remove(context, context.ref, 15_000);
    await gone(context);
    await running(context, other.uid);
  },
  "names and UIDs survive the round trip": async (context) => {
    for (const ref of unusual) {
      const containers = [context.container(longest, { _tag: "Run" })];
      await create(context, wanted(context, { _tag: "Run" }, { ref, containers }));
      const pod = await context.until("it is listed", () => look(context, ref.uid));
      expectEqual([pod.uid, pod.namespace, pod.name], [ref.uid, ref.namespace, ref.name], "UID and names");
      await context.until(
        "its container is listed",
        async () => containerOf(await look(context, ref.uid), longest),
      );
      await remove(context, ref, 0);
      await gone(context, ref.uid);
    }
  },
  "another node's pods are not taken for ours": async (context) => {
    const owner = { cluster: context.owner.cluster, node: `${context.owner.node}-other` };
    await create(context, wanted(context, { _tag: "Run" }));
    await create(context, wanted(context, { _tag: "Run" }, { ref: otherRef(context), owner }));
    await running(context);
    const other = await look(context, otherRef(context).uid);
    expect(
      other === undefined || other.owner?.node === owner.node,
      `another node's pod is listed with the mark ${JSON.stringify(other?.owner)}`,
    );
  },
  "a list is whole, however many there are": async (context) => {
    const refs = Array.from({ length: context.many }, (_, at) => otherRef(context, `${at}`));
    const uids = refs.map(({ uid }) => uid).sort();
    await Promise.all(refs.map((ref) => create(context, wanted(context, { _tag: "Run" }, { ref }))));
    const listed = async (): Promise<readonly string[]> =>
      (await listOf(context)).map(({ uid }) => uid).sort();
    for (const found of await Promise.all([listed(), listed()])) {
      expectEqual(found, uids, "the UIDs that are listed");
    }
    await Promise.all(refs.map((ref) => remove(context, ref, 0)));
    await context.until("all are gone", async () => (await listed()).length === 0 || undefined);
  },
};
