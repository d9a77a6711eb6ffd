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
export const refusalResponse = (refusal: Refusal): Response => textResponse(refusal.status, refusal.message);
