import type { JsonObject } from "../object.ts";

/** What is answered to something that was done and made nothing. */
export const success: JsonObject = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  code: 201,
};
