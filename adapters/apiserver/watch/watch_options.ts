import * as E from "fp-ts/lib/Either.js";
import type { ApiError, Cause } from "../api_error.ts";
import type { Call } from "../call.ts";
import { forbiddenField, notSupported } from "../kinds/causes.ts";
import { isTrue, parseRevision, type Query, textOf, wholeOf } from "../query.ts";
import { selectionOf } from "../select/select.ts";
import type { Selection } from "../select/selection.ts";
import { invalidRevision } from "../verbs/revisions.ts";
import { invalidOptions } from "../write_options.ts";

/** What a watch is asked for. */
export interface WatchOptions {
  readonly selection: Selection;
  /** Changes after it are told. `undefined` or 0: what there is, and what changes after that. */
  readonly revision: number | undefined;
  readonly bookmarks: boolean;
  /** Whether what there is is told first; `undefined` leaves it to `revision`. */
  readonly initial: boolean | undefined;
  readonly timeoutSeconds: number | undefined;
}

const match = "resourceVersionMatch";

const faultsOf = (query: Query): readonly Cause[] => {
  const how = textOf(query, match), isSaid = query["sendInitialEvents"] !== undefined;
  const forbid = (is: boolean, why: string): readonly Cause[] => is ? [forbiddenField(match, why)] : [];
  return [
    ...forbid(
      isSaid && how !== "NotOlderThan",
      "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    ),
    ...forbid(
      !isSaid && how !== "",
      "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
    ),
    ...(how === "" || how === "NotOlderThan" ? [] : [notSupported(match, how, ["NotOlderThan"])]),
    ...forbid(
      textOf(query, "continue") !== "",
      "resourceVersionMatch is forbidden when continue is provided",
    ),
  ];
};

/** The options of a watch, or what is wrong with them. */
export const watchOptions = ({ kind, request: { query } }: Call): E.Either<ApiError, WatchOptions> => {
  const limit = wholeOf(query, "limit"), timeout = wholeOf(query, "timeoutSeconds");
  if (E.isLeft(limit)) return limit;
  if (E.isLeft(timeout)) return timeout;
  const selection = selectionOf(kind, textOf(query, "labelSelector"), textOf(query, "fieldSelector"));
  if (E.isLeft(selection)) return selection;
  const causes = faultsOf(query);
  if (causes.length > 0) return E.left(invalidOptions("ListOptions", causes));
  const text = textOf(query, "resourceVersion"), revision = parseRevision(text);
  if (E.isLeft(revision)) return E.left(invalidRevision(text, revision.left));
  return E.right({
    selection: selection.right,
    revision: revision.right,
    bookmarks: isTrue(query, "allowWatchBookmarks"),
    initial: query["sendInitialEvents"] === undefined ? undefined : isTrue(query, "sendInitialEvents"),
    timeoutSeconds: timeout.right,
  });
};
