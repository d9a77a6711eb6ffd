import { type Either, isLeft, isRight, left } from "fp-ts/lib/Either.js";
import { stringify } from "yaml";
import type { Now } from "../../core/time.ts";
import { type ApiError, statusOf } from "./api_error.ts";
import type { Call, Done } from "./call.ts";
import type { ApiObject, Json } from "./object.ts";
import type { Change, Headers } from "./response.ts";
import type { ServerState } from "./state.ts";
import { formOf } from "./table/accept.ts";
import { type Asked, type Listed, shapedList, shapedObject } from "./table/table.ts";

/** What a write leads to beside its answer. */
export interface Effect {
  readonly state: ServerState;
  readonly changes: readonly Change[];
}

export const noEffect = (state: ServerState): Effect => ({ state, changes: [] });

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** `Warning` headers, as one of their lists. */
export const warningHeaders = (warnings: readonly string[]): { readonly headers?: Headers } =>
  warnings.length === 0
    ? {}
    : { headers: { warning: warnings.map((text) => `299 - ${quoted(text)}`).join(", ") } };

/** An outcome, whose refusal tells too what was warned of before. */
export const warned = <A>(
  warnings: readonly string[],
  outcome: Either<ApiError, A>,
): Either<ApiError, A> =>
  isRight(outcome) || warnings.length === 0 ? outcome : left({
    ...outcome.left,
    headers: { ...outcome.left.headers, ...warningHeaders(warnings).headers },
  });

export const answered = (
  { state, changes }: Effect,
  status: number,
  body: Json,
  warnings: readonly string[] = [],
): Done => ({ state, changes, response: { _tag: "Answer", status, ...warningHeaders(warnings), body } });

/** In the form and the encoding that the request accepts: a table, metadata only, YAML. */
const shaped = (
  { request }: Call,
  { state, changes }: Effect,
  status: number,
  shape: (asked: Asked) => Either<ApiError, Json>,
  { now, warnings }: { readonly now: Now; readonly warnings: readonly string[] },
): Done => {
  const form = formOf(request.headers["accept"]);
  const includeObject = request.query["includeObject"]?.[0] ?? "";
  const body = isLeft(form) ? form : shape({ form: form.right, includeObject, now });
  const headers = warningHeaders(warnings);
  if (isLeft(body)) {
    const { code } = body.left;
    return {
      state,
      changes,
      response: { _tag: "Answer", status: code, ...headers, body: statusOf(body.left) },
    };
  }
  const isYaml = isRight(form) && form.right.encoding === "yaml";
  return {
    state,
    changes,
    response: isYaml
      ? { _tag: "Text", status, ...headers, contentType: "application/yaml", text: stringify(body.right) }
      : { _tag: "Answer", status, ...headers, body: body.right },
  };
};

/** Answers with an object, in the form that the request accepts. */
export const answeredObject = (
  call: Call,
  effect: Effect,
  status: number,
  object: ApiObject,
  warnings: readonly string[] = [],
): Done =>
  shaped(call, effect, status, (asked) => shapedObject(call.kind, object, asked), {
    now: call.now,
    warnings,
  });

/** Answers with a list, in the form that the request accepts; `itself` is the plain one. */
export const answeredList = (call: Call, effect: Effect, listed: Listed, itself: () => Json): Done =>
  shaped(call, effect, 200, (asked) => shapedList(call.kind, listed, asked, itself), {
    now: call.now,
    warnings: [],
  });
