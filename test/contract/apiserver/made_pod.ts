import * as assert from "uvu/assert";
import type { Body } from "./rows/row.ts";
import type { Reply, Target } from "./target.ts";

export const merge = "application/merge-patch+json";
export const strategic = "application/strategic-merge-patch+json";

/** The causes' fields and messages, without what the real API server prints of its own insides. */
export const faults = ({ body }: Reply): readonly string[] =>
  (body.details?.causes ?? []).map(({ field, message }: Body) => `${field}: ${message.split("\n", 1)[0]}`);

export interface MadePod {
  readonly path: string;
  readonly pod: Body;
  patch(body: Body, subresource?: string, contentType?: string): Promise<Reply>;
}

/** A pod on a node that nobody is, so that nothing else writes it. */
export const makePod = async (target: Target, spec: Body = {}, metadata: Body = {}): Promise<MadePod> => {
  const pods = `/api/v1/namespaces/${await target.namespace()}/pods`;
  const body = {
    metadata: { name: "p", ...metadata },
    spec: { nodeName: "nobody", containers: [{ name: "a", image: "nginx" }], ...spec },
  };
  const created = await target.send("POST", pods, { body });
  assert.is(created.status, 201, created.text);
  const path = `${pods}/p`;
  return {
    path,
    pod: created.body,
    patch: (patch, subresource = "", contentType = merge) =>
      target.send("PATCH", `${path}${subresource}`, { body: patch, contentType }),
  };
};
