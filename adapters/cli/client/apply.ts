import type { CommandCall } from "../command.ts";
import type { ApplySettings } from "./apply_settings.ts";
import { askText } from "./ask.ts";
import { withCluster } from "./cluster.ts";
import { readManifests } from "./manifests.ts";
import { targetsOf } from "./targets.ts";

const applyPatch = "application/apply-patch+yaml";

/** Makes objects what files say, by server-side apply. */
export const apply = (call: CommandCall<ApplySettings>): Promise<number> =>
  withCluster(call, async (cluster) => {
    const { filename, namespace, forceConflicts } = call.settings;
    const manifests = await readManifests(filename);
    for (const { path, shown, object } of await targetsOf(cluster, manifests, namespace)) {
      const query = {
        fieldManager: call.program,
        fieldValidation: "Strict",
        ...(forceConflicts ? { force: "true" } : {}),
      };
      const { status } = await askText(cluster.api, {
        ...{ method: "PATCH", path, query, contentType: applyPatch, body: object },
        discardAnswer: true,
      }, cluster.signal);
      await call.out(`${shown} ${status === 201 ? "created" : "applied"}\n`);
    }
  });
