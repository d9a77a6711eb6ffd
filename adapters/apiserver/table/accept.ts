import { type Either, left, right } from "fp-ts/lib/Either.js";
import type { ApiError } from "../api_error.ts";

/** What an answer is made into: the object or list itself, or what is told of it instead. */
export interface Form {
  readonly as: "Object" | "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
  /** Of `meta.k8s.io`, where it is told instead. */
  readonly version: "v1" | "v1beta1";
  readonly encoding: "json" | "yaml";
}

export const plainForm: Form = { as: "Object", version: "v1", encoding: "json" };

interface Clause {
  readonly media: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly quality: number;
}

const clauseOf = (text: string): Clause => {
  const [media = "", ...rest] = text.split(";").map((part) => part.trim());
  const pairs = rest.map((part) => part.split("=", 2).map((side) => side.trim()));
  const parameters = Object.fromEntries(pairs.map(([name = "", value = ""]) => [name, value]));
  const quality = parameters["q"] === undefined ? 1 : Number(parameters["q"]);
  return { media, parameters, quality: Number.isFinite(quality) ? quality : 0 };
};

const encodings: Readonly<Record<string, Form["encoding"]>> = {
  "application/json": "json",
  "application/yaml": "yaml",
  "*/*": "json",
};

const forms: ReadonlySet<string> = new Set(["Table", "PartialObjectMetadata", "PartialObjectMetadataList"]);

const formOfClause = ({ media, parameters }: Clause): Form | undefined => {
  const encoding = Object.hasOwn(encodings, media) ? encodings[media] : undefined;
  const { as, g: group, v: version } = parameters;
  if (encoding === undefined) return undefined;
  if (as === undefined && group === undefined && version === undefined) return { ...plainForm, encoding };
  const isKnown = as !== undefined && forms.has(as) && group === "meta.k8s.io";
  if (!isKnown || (version !== "v1" && version !== "v1beta1")) return undefined;
  return { as: as as Form["as"], version, encoding };
};

const served = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

const notAcceptable = (message: string): ApiError => ({ code: 406, reason: "NotAcceptable", message });

/** The best form that an `accept` header asks for, of those that there are; without one it is JSON. 406 when there is none. */
export const formOf = (accept = ""): Either<ApiError, Form> => {
  if (accept.trim() === "" || accept === "application/json") return right(plainForm);
  const clauses = accept.split(",").map(clauseOf).sort((a, b) => b.quality - a.quality);
  const found = clauses.find((clause) => clause.quality > 0 && formOfClause(clause) !== undefined);
  const form = found === undefined ? undefined : formOfClause(found);
  if (form !== undefined) return right(form);
  const known = clauses.some(({ media }) => Object.hasOwn(encodings, media));
  // the real API server tells the two apart, and words them so
  return left(
    known
      ? notAcceptable(`only the following media types are accepted: ${served}`)
      : { ...notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${served}`), details: {} },
  );
};

/** A single object is asked for as a list, or a list as a single object. */
export const otherForm = (form: Form, isList: boolean, kind: string): ApiError | undefined => {
  if (isList && form.as === "PartialObjectMetadata") {
    return notAcceptable(`you requested ${form.as}, but the requested object is a list (*core.${kind}List)`);
  }
  return !isList && form.as === "PartialObjectMetadataList"
    ? notAcceptable(`you requested ${form.as}, but the requested object is not a list (*core.${kind})`)
    : undefined;
};
