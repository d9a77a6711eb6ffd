import type { Subject } from "./api_error.ts";
import type { Call } from "./call.ts";

/** What a call's refusals are about. */
export const subjectOf = (
  { kind, name = "" }: Pick<Call, "kind" | "name">,
  given: string = name,
): Subject => ({
  group: kind.group,
  plural: kind.plural,
  name: given,
});
