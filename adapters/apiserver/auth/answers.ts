import * as E from "fp-ts/lib/Either.js";
import type { ApiError, Cause } from "../api_error.ts";
import type { Call, Outcome } from "../call.ts";
import { objectAt } from "../kinds/fields.ts";
import { apiVersionOf } from "../kind.ts";
import type { JsonObject } from "../object.ts";

/** 201 with a review and what it was answered; nothing is stored. `rest` may replace what was asked. */
export const reviewed = (call: Call, body: JsonObject | undefined, rest: JsonObject): Outcome =>
  E.right({
    state: call.state,
    changes: [],
    response: {
      _tag: "Answer",
      status: 201,
      body: {
        kind: call.kind.kind,
        apiVersion: apiVersionOf(call.kind),
        metadata: objectAt(body, "metadata"),
        ...rest,
      },
    },
  });

/** 422 of what is never stored and so has no name; the real API server leaves the kind of a review out too. */
export const invalidQuestion = (kind: string, group: string, causes: readonly Cause[]): ApiError => {
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return {
    code: 422,
    reason: "Invalid",
    message: `${kind}.${group} "" is invalid: ${list}`,
    details: {
      group,
      ...(kind === "" ? {} : { kind }),
      causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
    },
  };
};
