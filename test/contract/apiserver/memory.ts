import type { ApiServer } from "../../../adapters/apiserver/server/api_server.ts";
import { type Target, targetOf } from "./target.ts";

/** Our API server in this process, without a network. */
export const targetOfServer = (name: string, server: Pick<ApiServer, "fetch" | "fetchAs">): Target =>
  targetOf({
    name,
    isReal: false,
    server: "https://api.invalid",
    admin: server.fetch,
    nobody: server.fetchAs(undefined),
  });
