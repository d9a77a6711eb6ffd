import * as E from "fp-ts/lib/Either.js";
import type * as t from "io-ts";

/** An object that could not be read. It exists all the same: its metadata is kept, so that nothing takes it for gone. */
export interface BadItem {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** The first three paths that were not as expected, for people. */
  readonly problems: readonly string[];
}

/** One object read, or the reason why it was not. */
export type Decoded<A> = E.Either<BadItem, A>;

/** Decodes one object of the API; turns a valid one into what we keep of it. */
export type Decode<A> = (json: unknown) => Decoded<A>;

const maxProblems = 3;

const describe = (error: t.ValidationError): string => {
  const path = error.context.map((entry) => entry.key).filter((key) => key !== "" && !/^\d+$/.test(key)).join(
    ".",
  );
  const last = error.context[error.context.length - 1];
  return `${path === "" ? "object" : path}: expected ${last?.type.name ?? "another type"}`;
};

const text = (value: unknown): string => typeof value === "string" ? value : "";

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? value as Record<string, unknown> : {};

/** The metadata of an object of which nothing else can be trusted. */
export const badItem = (json: unknown, problems: readonly string[]): BadItem => {
  const meta = record(record(json).metadata);
  return {
    namespace: text(meta.namespace),
    name: text(meta.name),
    uid: text(meta.uid),
    resourceVersion: text(meta.resourceVersion),
    problems,
  };
};

/** A {@link Decode} from a codec: `is` on the happy path (cheap), the full decode only to explain a failure. */
export const decoder = <A, B>(codec: t.Type<A>, keep: (value: A) => B): Decode<B> => (json) => {
  if (codec.is(json)) return E.right(keep(json));
  const result = codec.decode(json);
  const problems = E.isLeft(result) ? [...new Set(result.left.map(describe))].slice(0, maxProblems) : [];
  return E.left(badItem(json, problems));
};
