import * as assert from "uvu/assert";
import type { Reply, Speaker, Target } from "./target.ts";

let count = 0;

/** A name that nothing else has, for what has no namespace. */
export const unique = (prefix: string): string => `${prefix}-${Date.now().toString(36)}-${count++}`;

const boundMs = 10_000;

/**
 * Asks until it is so, or gives the last answer after the bound. Parts of the real server look at copies that are a moment late,
 * and controllers take their time.
 */
export const eventually = async (
  ask: () => Promise<Reply>,
  isSo: (reply: Reply) => boolean,
): Promise<Reply> => {
  for (const end = performance.now() + boundMs;;) {
    const reply = await ask();
    if (isSo(reply) || performance.now() > end) return reply;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

/** The identity of a kubelet. */
export const node = (name: string): Speaker => ({ user: `system:node:${name}`, groups: ["system:nodes"] });

/** A refusal in exactly these words. */
export const forbidden = (reply: Reply, message: string): void => {
  assert.is(reply.status, 403, reply.text);
  assert.is(reply.body.message, message);
  assert.is(reply.body.reason, "Forbidden");
};

/** Posts a review of `authorization.k8s.io`. */
export const review = (
  target: Target,
  kind: string,
  spec: unknown,
  as: Speaker = "admin",
): Promise<Reply> =>
  target.send("POST", `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`, {
    as,
    body: { apiVersion: "authorization.k8s.io/v1", kind, spec },
  });
