import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest, type Cause } from "../api_error.ts";
import type { Call } from "../call.ts";
import { forbiddenField, notSupported } from "../kinds/causes.ts";
import { parseRevision, type Query, textOf, wholeOf } from "../query.ts";
import { selectionOf } from "../select/select.ts";
import type { Selection } from "../select/selection.ts";
import { invalidOptions } from "../write_options.ts";
import { type Continue, readContinue } from "./continue_token.ts";
import { tooLargeRevision } from "./revisions.ts";

/** What a list is asked for. */
export interface ListOptions {
  readonly selection: Selection;
  /** 0: no limit. */
  readonly limit: number;
  readonly from?: Continue;
  /** As of this revision and no other. */
  readonly exactly?: number;
}

const match = "resourceVersionMatch";

const matches = ["Exact", "NotOlderThan", ""];

const faultsOf = (query: Query): readonly Cause[] => {
  const how = textOf(query, match), version = textOf(query, "resourceVersion");
  const forbid = (is: boolean, why: string, name = match): readonly Cause[] =>
    is ? [forbiddenField(name, why)] : [];
  return [
    ...forbid(
      query["sendInitialEvents"] !== undefined,
      "sendInitialEvents is forbidden for list",
      "sendInitialEvents",
    ),
    ...forbid(how !== "" && version === "", `${match} is forbidden unless resourceVersion is provided`),
    ...forbid(
      how !== "" && textOf(query, "continue") !== "",
      `${match} is forbidden when continue is provided`,
    ),
    ...(matches.includes(how) ? [] : [notSupported(match, how, matches)]),
    ...forbid(how === "Exact" && version === "0", `${match} "exact" is forbidden for resourceVersion "0"`),
  ];
};

const revisionOf = (query: Query, current: number): E.Either<ApiError, number | undefined> => {
  const text = textOf(query, "resourceVersion"), revision = parseRevision(text);
  if (E.isLeft(revision)) {
    const why = `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${revision.left}`;
    return E.left(badRequest(`invalid resource version: ${why}`));
  }
  const { right: asked = 0 } = revision;
  return asked > current ? E.left(tooLargeRevision(asked, current)) : revision;
};

const continueOf = (query: Query, revision: number): E.Either<ApiError, Continue | undefined> => {
  const token = textOf(query, "continue");
  if (token === "") return E.right(undefined);
  return revision > 0
    ? E.left(badRequest("specifying resource version is not allowed when using continue"))
    : readContinue(token);
};

/** Without a limit a version only says how old the answer may be; with one it has been the version of the pages. */
const exactly = (query: Query, revision: number, limit: number): number | undefined => {
  const how = textOf(query, match);
  return revision > 0 && (how === "Exact" || (how === "" && limit > 0)) ? revision : undefined;
};

/** Whatever is there may be told: the pages of it are not asked for one by one. */
const isAnyVersion = (query: Query): boolean =>
  textOf(query, "resourceVersion") === "0" && textOf(query, "continue") === "";

/** The options of a list or of a deletecollection, or what is wrong with them. */
export const listOptions = ({ kind, request: { query }, state }: Call): E.Either<ApiError, ListOptions> => {
  const asked = wholeOf(query, "limit"), timeout = wholeOf(query, "timeoutSeconds");
  if (E.isLeft(asked)) return asked;
  if (E.isLeft(timeout)) return timeout;
  const selection = selectionOf(kind, textOf(query, "labelSelector"), textOf(query, "fieldSelector"));
  if (E.isLeft(selection)) return selection;
  const causes = faultsOf(query);
  if (causes.length > 0) return E.left(invalidOptions("ListOptions", causes));
  const revision = revisionOf(query, state.revision);
  if (E.isLeft(revision)) return revision;
  const { right: version = 0 } = revision;
  const from = continueOf(query, version);
  if (E.isLeft(from)) return from;
  const limit = isAnyVersion(query) ? 0 : Math.max(0, asked.right ?? 0);
  const exact = exactly(query, version, limit);
  return E.right({
    selection: selection.right,
    limit,
    ...(from.right === undefined ? {} : { from: from.right }),
    ...(exact === undefined ? {} : { exactly: exact }),
  });
};
