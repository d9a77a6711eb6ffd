import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest } from "../api_error.ts";
import { objectsAt, textAt } from "../kinds/fields.ts";
import type { ApiObject, JsonObject } from "../object.ts";

const named = (containers: readonly JsonObject[]): readonly string[] =>
  containers.map((container) => textAt(container, "name"));

/** The container that is asked for, or the only one there is. */
export const chooseContainer = (pod: ApiObject, asked: string): E.Either<ApiError, string> => {
  const names = named(objectsAt(pod, "spec", "containers"));
  const all = [
    ...named(objectsAt(pod, "spec", "initContainers")),
    ...names,
    ...named(objectsAt(pod, "spec", "ephemeralContainers")),
  ];
  if (asked !== "") {
    return all.includes(asked)
      ? E.right(asked)
      : E.left(badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`));
  }
  const [only] = names;
  return only !== undefined && names.length === 1 ? E.right(only) : E.left(
    badRequest(
      `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${all.join(" ")}]`,
    ),
  );
};
