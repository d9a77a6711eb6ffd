import type { ApiError } from "../api_error.ts";
import { type FieldSet, pathsOf } from "./field_set.ts";
import { pathText } from "./fields_v1.ts";
import type { Manager } from "./managers.ts";

const managerText = ({ manager, operation, apiVersion, subresource }: Manager): string => {
  const through = subresource === "" ? "" : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${through}${operation === "Update" ? ` using ${apiVersion}` : ""}`;
};

/** As the real server sorts them: by this text. */
const placeOf = ({ manager, operation, apiVersion, subresource }: Manager): string =>
  JSON.stringify({
    manager,
    operation,
    ...(operation === "Update" ? { apiVersion } : {}),
    ...(subresource === "" ? {} : { subresource }),
  });

/** 409: what is applied belongs to others, who are named with the fields. */
export const applyConflict = (taken: ReadonlyMap<Manager, FieldSet>): ApiError => {
  const owners = [...taken]
    .sort(([a], [b]) => placeOf(a) < placeOf(b) ? -1 : 1)
    .map(([manager, fields]) => ({ text: managerText(manager), fields: pathsOf(fields).map(pathText) }));
  const causes = owners.flatMap(({ text, fields }) =>
    fields.map((field) => ({ reason: "FieldManagerConflict", message: `conflict with ${text}`, field }))
  );
  const told = causes.length === 1
    ? `1 conflict: ${causes[0]?.message}: ${causes[0]?.field}`
    : `${causes.length} conflicts: ${
      owners.map(({ text, fields }) =>
        [`conflicts with ${text}:`, ...fields.map((field) => `- ${field}`)].join("\n")
      )
        .join("\n")
    }`;
  return { code: 409, reason: "Conflict", message: `Apply failed with ${told}`, details: { causes } };
};
