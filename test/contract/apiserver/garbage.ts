import { suite } from "uvu";
import * as assert from "uvu/assert";
import { eventually, unique } from "./asking.ts";
import type { Reply, Target } from "./target.ts";

type Fields = Readonly<Record<string, unknown>>;

const pathOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps`;

const create = async (
  target: Target,
  namespace: string,
  name: string,
  metadata: Fields = {},
): Promise<Reply> => {
  const created = await target.send("POST", pathOf(namespace), { body: { metadata: { name, ...metadata } } });
  assert.is(created.status, 201, created.text);
  return created;
};

const reference = ({ body }: Reply, rest: Fields = {}): Fields => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  name: body.metadata.name,
  uid: body.metadata.uid,
  ...rest,
});

const get = (target: Target, namespace: string, name: string): Promise<Reply> =>
  target.send("GET", `${pathOf(namespace)}/${name}`);

const goes = async (target: Target, namespace: string, name: string): Promise<void> => {
  const reply = await eventually(() => get(target, namespace, name), ({ status }) => status === 404);
  assert.is(reply.status, 404, name);
};

const remove = (target: Target, namespace: string, name: string, propagationPolicy: string): Promise<Reply> =>
  target.send("DELETE", `${pathOf(namespace)}/${name}`, { body: { propagationPolicy } });

/** What becomes of those whose owners are deleted. */
export const garbageContract = (target: Target): void => {
  const test = suite(`${target.name}: owners and dependents`);

  test("what is owned goes after its owner, and what that owned too", async () => {
    const namespace = await target.namespace();
    const owner = await create(target, namespace, "owner");
    const child = await create(target, namespace, "child", { ownerReferences: [reference(owner)] });
    await create(target, namespace, "grandchild", { ownerReferences: [reference(child)] });
    await create(target, namespace, "other");
    await remove(target, namespace, "owner", "Background");
    await goes(target, namespace, "child");
    await goes(target, namespace, "grandchild");
    assert.is((await get(target, namespace, "other")).status, 200);
  });

  test("what is owned by nobody who exists goes", async () => {
    const namespace = await target.namespace();
    const gone = { apiVersion: "v1", kind: "ConfigMap", name: "never", uid: unique("uid") };
    await create(target, namespace, "child", { ownerReferences: [gone] });
    await goes(target, namespace, "child");
  });

  test("an owner of a kind that is not served is not looked for", async () => {
    const namespace = await target.namespace();
    const unheard = { apiVersion: "example.com/v1", kind: "Unheard", name: "never", uid: unique("uid") };
    await create(target, namespace, "kept", { ownerReferences: [unheard] });
    const gone = { apiVersion: "v1", kind: "ConfigMap", name: "never", uid: unique("uid") };
    await create(target, namespace, "child", { ownerReferences: [gone] });
    await goes(target, namespace, "child");
    assert.is((await get(target, namespace, "kept")).status, 200);
  });

  test("with one owner less, it is the others'", async () => {
    const namespace = await target.namespace();
    const one = await create(target, namespace, "one"), other = await create(target, namespace, "other");
    await create(target, namespace, "child", { ownerReferences: [reference(one), reference(other)] });
    await remove(target, namespace, "one", "Background");
    const child = await eventually(
      () => get(target, namespace, "child"),
      ({ body }) => body.metadata?.ownerReferences?.length === 1,
    );
    assert.equal(child.body.metadata.ownerReferences, [reference(other)]);
  });

  test("in the foreground an owner waits for those that hold it up", async () => {
    const namespace = await target.namespace();
    const owner = await create(target, namespace, "owner");
    const ownerReferences = [reference(owner, { blockOwnerDeletion: true })];
    await create(target, namespace, "child", { ownerReferences, finalizers: ["example.com/hold"] });
    const deleted = await remove(target, namespace, "owner", "Foreground");
    assert.is(deleted.status, 200);
    const child = await eventually(
      () => get(target, namespace, "child"),
      ({ body }) => body.metadata?.deletionTimestamp !== undefined,
    );
    assert.type(child.body.metadata.deletionTimestamp, "string");
    const waiting = await get(target, namespace, "owner");
    assert.equal(waiting.body.metadata.finalizers, ["foregroundDeletion"]);
    await target.send("PATCH", `${pathOf(namespace)}/child`, {
      contentType: "application/merge-patch+json",
      body: { metadata: { finalizers: null } },
    });
    await goes(target, namespace, "owner");
  });

  test("orphans stay", async () => {
    const namespace = await target.namespace();
    const owner = await create(target, namespace, "owner");
    await create(target, namespace, "child", { ownerReferences: [reference(owner)] });
    await remove(target, namespace, "owner", "Orphan");
    await goes(target, namespace, "owner");
    const child = await get(target, namespace, "child");
    assert.is(child.status, 200);
    assert.is(child.body.metadata.ownerReferences, undefined);
  });

  test.run();
};
