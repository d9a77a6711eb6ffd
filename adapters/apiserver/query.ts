import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest } from "./api_error.ts";

export type Query = Readonly<Record<string, readonly string[]>>;

/** The first value of a parameter, "" when it is not given. */
export const textOf = (query: Query, name: string): string => query[name]?.[0] ?? "";

/** Given and neither `false` nor 0; given without a value is true, as in the real API server. */
export const isTrue = (query: Query, name: string): boolean => {
  const value = query[name]?.[0];
  return value !== undefined && value.toLowerCase() !== "false" && value !== "0";
};

/** A whole number, `undefined` when it is not given, or a 400. */
export const wholeOf = (query: Query, name: string): E.Either<ApiError, number | undefined> => {
  const text = textOf(query, name);
  if (text === "") return E.right(undefined);
  return /^[-+]?\d{1,15}$/.test(text)
    ? E.right(Number(text))
    : E.left(badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`));
};

/** A resourceVersion; `undefined` when it is not given. Its fault is text: who asks has a status for it. */
export const parseRevision = (text: string): E.Either<string, number | undefined> => {
  if (text === "") return E.right(undefined);
  return /^\d{1,15}$/.test(text)
    ? E.right(Number(text))
    : E.left(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
};
