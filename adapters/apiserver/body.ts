import * as E from "fp-ts/lib/Either.js";
import { parseDocument } from "yaml";
import { type ApiError, badRequest, unsupportedMediaType } from "./api_error.ts";
import type { Json } from "./object.ts";
import type { ServerRequest } from "./request.ts";

const maxBytes = 3 * 1024 * 1024;

const encoder = new TextEncoder();

/** Text in UTF-8 has at least a byte and at most three for each code unit. */
const isTooLarge = (text: string): boolean =>
  text.length > maxBytes || (text.length * 3 > maxBytes && encoder.encode(text).length > maxBytes);

const tooLarge: ApiError = {
  code: 413,
  reason: "RequestEntityTooLarge",
  message: `Request entity too large: limit is ${maxBytes}`,
};

/** `application/json` of `application/json; charset=utf-8`. */
export const mediaType = (contentType = ""): string => {
  if (/^[a-z/+-]*$/.test(contentType)) return contentType;
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
};

export const parseJson = (text: string): E.Either<string, Json> => {
  try {
    return E.right(JSON.parse(text));
  } catch (error) {
    return E.left(text.trim() === "" ? "unexpected end of JSON input" : (error as Error).message);
  }
};

export const parseYaml = (text: string): E.Either<string, Json> => {
  try {
    const document = parseDocument(text, { logLevel: "silent" });
    const [fault] = document.errors;
    return fault === undefined ? E.right(document.toJS({ maxAliasCount: 100 })) : E.left(fault.message);
  } catch (error) {
    return E.left((error as Error).message);
  }
};

/** The text of a request, or a 413. */
export const textOfBody = ({ body = "" }: ServerRequest): E.Either<ApiError, string> =>
  isTooLarge(body) ? E.left(tooLarge) : E.right(body);

/** The text of a body that is JSON: it shows what is in it twice. */
export const jsonTextOf = ({ body, headers }: ServerRequest): string | undefined =>
  mediaType(headers["content-type"]) === "application/yaml" ? undefined : body;

/** JSON or YAML by the content type, or a 400, 413 or 415. `what` is how a text that is neither is called. */
export const parsedBody = (
  request: ServerRequest,
  what: (fault: string) => string,
): E.Either<ApiError, Json> => {
  const text = textOfBody(request);
  if (E.isLeft(text)) return text;
  const type = mediaType(request.headers["content-type"]);
  if (type !== "" && type !== "application/json" && type !== "application/yaml") {
    return E.left(unsupportedMediaType(
      "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml",
    ));
  }
  const json = type === "application/yaml" ? parseYaml(text.right) : parseJson(text.right);
  return E.isLeft(json) ? E.left(badRequest(what(json.left))) : json;
};
