import * as E from "fp-ts/lib/Either.js";
import { type ApiError, badRequest, type Cause } from "../api_error.ts";
import { parsedBody } from "../body.ts";
import { invalidValue } from "../kinds/causes.ts";
import { at, field, isObject, listAt, numberAt, textAt } from "../kinds/fields.ts";
import type { Json, JsonObject } from "../object.ts";
import { isTrue, textOf, wholeOf } from "../query.ts";
import type { ServerRequest } from "../request.ts";
import { dryRunFaults, invalidOptions } from "../write_options.ts";

/** `metav1.DeleteOptions`. */
export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly graceSeconds?: number;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: "Foreground" | "Background" | "Orphan";
  /** What was there before `propagation`. */
  readonly orphans?: boolean;
}

const fromQuery = ({ query }: ServerRequest): E.Either<ApiError, JsonObject> => {
  const grace = wholeOf(query, "gracePeriodSeconds");
  if (E.isLeft(grace)) return grace;
  const policy = textOf(query, "propagationPolicy");
  return E.right({
    ...(grace.right === undefined ? {} : { gracePeriodSeconds: grace.right }),
    ...(policy === "" ? {} : { propagationPolicy: policy }),
    ...(query["orphanDependents"] === undefined
      ? {}
      : { orphanDependents: isTrue(query, "orphanDependents") }),
    ...(query["dryRun"] === undefined ? {} : { dryRun: query["dryRun"] }),
  });
};

const fromBody = (request: ServerRequest): E.Either<ApiError, JsonObject> => {
  const json = parsedBody(request, (fault) => `couldn't get version/kind; json parse error: ${fault}`);
  if (E.isLeft(json)) return json;
  const body: Json = json.right ?? {};
  if (!isObject(body)) {
    return E.left(
      badRequest("couldn't get version/kind; json parse error: json: cannot unmarshal it into DeleteOptions"),
    );
  }
  const kind = textAt(body, "kind");
  return kind === "" || kind === "DeleteOptions" ? E.right(body) : E.left(
    badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${
        JSON.stringify(textAt(body, "apiVersion"))
      }`,
    ),
  );
};

const policies = ["Foreground", "Background", "Orphan"] as const;

const isPolicy = (text: string): text is (typeof policies)[number] =>
  (policies as readonly string[]).includes(text);

const faultsOf = (options: JsonObject): readonly Cause[] => {
  const policy = textAt(options, "propagationPolicy");
  const isKnown = policy === "" || isPolicy(policy);
  const supported = [...policies, "nil"].map((name) => JSON.stringify(name)).join(", ");
  return [
    ...(policy !== "" && typeof at(options, "orphanDependents") === "boolean"
      ? [
        invalidValue(
          "propagationPolicy",
          policy,
          "orphanDependents and deletionPropagation cannot be both set",
        ),
      ]
      : []),
    ...(isKnown ? [] : [{
      reason: "FieldValueNotSupported",
      message: `Unsupported value: ${JSON.stringify(policy)}: supported values: ${supported}`,
      field: "propagationPolicy",
    }]),
    ...dryRunFaults(listAt(options, "dryRun").map((value) => `${value}`)),
  ];
};

/** The options of a body, where there is one; else of the query. */
export const deleteOptions = (request: ServerRequest): E.Either<ApiError, DeleteOptions> => {
  const hasBody = (request.body ?? "").trim() !== "";
  const given = hasBody ? fromBody(request) : fromQuery(request);
  if (E.isLeft(given)) return given;
  const options = given.right, causes = faultsOf(options);
  if (causes.length > 0) return E.left(invalidOptions("DeleteOptions", causes));
  const grace = numberAt(options, "gracePeriodSeconds"), policy = textAt(options, "propagationPolicy");
  const preconditions = field(options, "preconditions"), orphans = field(options, "orphanDependents");
  const uid = at(preconditions, "uid"), version = at(preconditions, "resourceVersion");
  return E.right({
    dryRun: listAt(options, "dryRun").length > 0 || (request.query["dryRun"] ?? []).length > 0,
    ...(grace === undefined ? {} : { graceSeconds: Math.trunc(grace) }),
    ...(typeof uid === "string" ? { uid } : {}),
    ...(typeof version === "string" ? { resourceVersion: version } : {}),
    ...(isPolicy(policy) ? { propagation: policy } : {}),
    ...(typeof orphans === "boolean" ? { orphans } : {}),
  });
};
