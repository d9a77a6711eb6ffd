import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest, type Cause, invalid } from "../api_error.ts";
import { forbiddenField, invalidValue } from "../kinds/causes.ts";
import type { ServerRequest } from "../request.ts";
import { isTrue, textOf } from "../query.ts";

type Query = ServerRequest["query"];
type Pairs = readonly (readonly [string, string])[];

const numbers = ["sinceSeconds", "tailLines", "limitBytes"] as const;
const flags = ["follow", "previous", "timestamps"] as const;

const given = (query: Query, name: string): string | undefined => {
  const [value] = query[name] ?? [];
  return value === undefined || value === "" ? undefined : value;
};

const readNumbers = (query: Query): E.Either<ApiError, ReadonlyMap<string, number>> => {
  const read = new Map<string, number>();
  for (const name of numbers) {
    const text = given(query, name);
    if (text === undefined) continue;
    if (!/^[+-]?\d+$/.test(text)) {
      return E.left(badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`));
    }
    read.set(name, Number(text));
  }
  return E.right(read);
};

/** In whole seconds and UTC, as the kubelet is asked. */
const readTime = (query: Query): E.Either<ApiError, string | undefined> => {
  const text = given(query, "sinceTime");
  if (text === undefined) return E.right(undefined);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = isTime ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return E.right(`${new Date(time).toISOString().slice(0, 19)}Z`);
  const shown = JSON.stringify(text);
  return E.left(
    badRequest(`parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${shown} as "2006"`),
  );
};

const faultsOf = (
  query: Query,
  read: ReadonlyMap<string, number>,
  time: string | undefined,
): readonly Cause[] => {
  const [since, tail, limit] = numbers.map((name) => read.get(name));
  const isBoth = since !== undefined && time !== undefined;
  const positive = "must be greater than 0";
  return [
    ...(tail !== undefined && tail < 0
      ? [invalidValue("tailLines", tail, "must be greater than or equal to 0")]
      : []),
    ...(limit !== undefined && limit < 1 ? [invalidValue("limitBytes", limit, positive)] : []),
    ...(isBoth
      ? [forbiddenField("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified")]
      : since !== undefined && since < 1
      ? [invalidValue("sinceSeconds", since, positive)]
      : []),
    ...(given(query, "stream") === undefined ? [] : [forbiddenField("stream", "may not be specified")]),
  ];
};

export interface LogOptions {
  readonly container: string;
  readonly isInsecure: boolean;
  /** What the node is asked. */
  readonly pairs: Pairs;
}

/** `PodLogOptions` of a query, checked as the real server checks them. */
export const readLogOptions = (pod: string, query: Query): E.Either<ApiError, LogOptions> => {
  const read = readNumbers(query);
  if (E.isLeft(read)) return read;
  const time = readTime(query);
  if (E.isLeft(time)) return time;
  const faults = faultsOf(query, read.right, time.right);
  if (faults.length > 0) return E.left(invalid("PodLogOptions", "", pod, faults));
  return E.right({
    container: textOf(query, "container"),
    isInsecure: isTrue(query, "insecureSkipTLSVerifyBackend"),
    pairs: [
      ...flags.filter((name) => isTrue(query, name)).map((name) => [name, "true"] as const),
      ...[...read.right].map(([name, value]) => [name, `${value}`] as const),
      ...(time.right === undefined ? [] : [["sinceTime", time.right] as const]),
    ],
  });
};
