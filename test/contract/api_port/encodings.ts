import type { Rows } from "../check.ts";
import { expect, expectEqual } from "../expect.ts";
import { type ApiPortContext, collect, configMaps, createConfigMap } from "./context.ts";

/** What is sent arrives as it is, and so does what comes back. */
export const encodingRows: Rows<ApiPortContext> = {
  "names are percent-encoded": async ({ ok, namespace }) => {
    const name = `${namespace}: ü?#&+ =x`;
    const roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    const apiVersion = "rbac.authorization.k8s.io/v1";
    const body = { apiVersion, kind: "ClusterRole", metadata: { name }, rules: [] };
    await ok({ method: "POST", path: roles, body });
    const path = `${roles}/${encodeURIComponent(name)}`;
    expectEqual((await ok({ method: "GET", path })).metadata.name, name, "the name");
    await ok({ method: "DELETE", path });
  },
  "queries are percent-encoded": async ({ ok, namespace }) => {
    await ok(createConfigMap(namespace, "labelled"));
    const namesOf = async (labelSelector: string): Promise<readonly string[]> => {
      const query = { labelSelector, limit: "500" };
      const { items } = await ok({ method: "GET", path: configMaps(namespace), query });
      return items.map((item: any) => item.metadata.name);
    };
    expect((await namesOf("made in (here, there),made!=nowhere")).includes("labelled"), "it is not selected");
    expectEqual(await namesOf("made in (there)"), [], "what is selected");
  },
  "large bodies of many-byte characters, both ways": async ({ ok, open, namespace }) => {
    const text = "Kübelet→𝕂".repeat(40_000);
    const path = `${configMaps(namespace)}/large`;
    await ok(createConfigMap(namespace, "large", { text }));
    expect((await ok({ method: "GET", path })).data.text === text, "a whole answer is not what was sent");
    const streamed = JSON.parse(await collect(await open({ method: "GET", path })));
    expect(streamed.data.text === text, "a stream is not what was sent");
  },
  "20 requests at once": async ({ ok, namespace }) => {
    const names = Array.from({ length: 20 }, (_, index) => `concurrent-${index}`);
    const made = await Promise.all(names.map((name) => ok(createConfigMap(namespace, name))));
    expectEqual(made.map((object) => object.metadata.name), names, "the answers");
  },
};
