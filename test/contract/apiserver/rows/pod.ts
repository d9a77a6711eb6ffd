import type { Body, Row } from "./row.ts";

export const podKind: Pick<Row, "base" | "plural" | "namespaced"> = {
  base: "/api/v1",
  plural: "pods",
  namespaced: true,
};

export const pod = (spec: Body, metadata: Body = {}): Body => ({
  metadata: { name: "a", ...metadata },
  spec,
});

/** A pod of one container with these fields. */
export const one = (container: Body = {}, spec: Body = {}): Body =>
  pod({ containers: [{ name: "a", image: "nginx", ...container }], ...spec });
