import type { Refusal } from "../../core/kubelet/log_options.ts";

type Headers = Readonly<Record<string, string>>;

/** A plain-text answer: the kubelet's errors are never JSON. */
export const textResponse = (status: number, text: string, headers: Headers = {}): Response =>
  new Response(text, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", ...headers },
  });

/** An answer with a JSON body. */
export const jsonResponse = (value: unknown): Response =>
  new Response(JSON.stringify(value), { headers: { "content-type": "application/json" } });

/** What a {@link Refusal} says, as an answer. */
export const refusalResponse = (refusal: Refusal & { readonly headers?: Headers }): Response =>
  textResponse(refusal.status, refusal.message, refusal.headers);

/** The answer to a method that a path does not have. */
export const methodNotAllowed = (methods: readonly string[]): Response =>
  textResponse(405, "405: Method Not Allowed", { allow: methods.join(", ") });

/** The answer to what a kubelet has and this node, or its provider, does not. */
export const unsupported = (nodeName: string, what: string): Response =>
  textResponse(501, `${what} is not supported by the virtual kubelet of node ${JSON.stringify(nodeName)}`);
