import * as E from "fp-ts/lib/Either.js";
import { noEffect } from "../answer.ts";
import type { Call, Outcome } from "../call.ts";
import { listOptions } from "./list_options.ts";
import { answeredPage, pageOf } from "./page.ts";

/** The objects that are selected, all or a page of them. Pages of one list show what there was when it was begun. */
export const list = (call: Call): Outcome => {
  const options = listOptions(call);
  if (E.isLeft(options)) return options;
  const page = pageOf(call, options.right);
  return E.isLeft(page) ? page : E.right(answeredPage(call, noEffect(call.state), page.right));
};
