import type { Now } from "../../../core/time.ts";
import type { Column } from "../kind.ts";
import { numberAt, objectsAt, textAt } from "../kinds/fields.ts";
import type { ApiObject, Json } from "../object.ts";
import { ageOf, humanDuration } from "./age.ts";
import { ageColumn, column, nameColumn } from "./columns.ts";

export const csrColumns: readonly Column[] = [
  nameColumn,
  ageColumn,
  column("SignerName", "Who is asked to sign."),
  column("Requestor", "Who asks."),
  column("RequestedDuration", "How long the certificate is to be good."),
  column("Condition", "What has come of it."),
];

const conditionText = (request: ApiObject): string => {
  const types = new Set(
    objectsAt(request, "status", "conditions").map((condition) => textAt(condition, "type")),
  );
  const decided = types.has("Denied") ? "Denied" : types.has("Approved") ? "Approved" : "Pending";
  const failed = types.has("Failed") ? ",Failed" : "";
  return `${decided}${failed}${textAt(request, "status", "certificate") === "" ? "" : ",Issued"}`;
};

export const csrCells = (request: ApiObject, now: Now): readonly Json[] => {
  const seconds = numberAt(request, "spec", "expirationSeconds");
  return [
    request.metadata.name,
    ageOf(request, now),
    textAt(request, "spec", "signerName") || "<none>",
    textAt(request, "spec", "username"),
    seconds === undefined ? "<none>" : humanDuration(seconds * 1000),
    conditionText(request),
  ];
};
