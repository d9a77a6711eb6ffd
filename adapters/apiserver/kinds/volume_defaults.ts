import type { JsonObject } from "../object.ts";
import { fieldRefDefaults, resourceFieldRefDefaults, within } from "./container_defaults.ts";
import { textAt, withDefaults, withItems } from "./fields.ts";
import { pullPolicyOf } from "./image_tag.ts";

/** 0644 */
const fileMode = 420;

const downwardFiles = (source: JsonObject): JsonObject =>
  withItems(
    source,
    "items",
    (file) =>
      within("fieldRef", fieldRefDefaults)(within("resourceFieldRef", resourceFieldRefDefaults)(file)),
  );

const withMode = (source: JsonObject): JsonObject => withDefaults(source, { defaultMode: fileMode });

const token = (source: JsonObject): JsonObject => withDefaults(source, { expirationSeconds: 3600 });

const projection = (source: JsonObject): JsonObject =>
  within("serviceAccountToken", token)(within("downwardAPI", downwardFiles)(source));

const image = (source: JsonObject): JsonObject =>
  withDefaults(source, { pullPolicy: pullPolicyOf(textAt(source, "reference")) });

const claimTemplate = within(
  "volumeClaimTemplate",
  (template) =>
    within("spec", (spec) => withDefaults(spec, { volumeMode: "Filesystem" }))(
      withDefaults(template, { metadata: {} }),
    ),
);

const sources: Readonly<Record<string, (source: JsonObject) => JsonObject>> = {
  secret: withMode,
  configMap: withMode,
  downwardAPI: (source) => withMode(downwardFiles(source)),
  projected: (source) => withMode(withItems(source, "sources", projection)),
  hostPath: (source) => withDefaults(source, { type: "" }),
  image,
  ephemeral: claimTemplate,
};

/**
 * Defaults of a pod's volume; one that says no source is an empty directory. Those of volumes that no cluster has any more
 * (iSCSI, RBD, Azure, ScaleIO) are left as they are.
 */
export const volumeDefaults = (volume: JsonObject): JsonObject => {
  if (Object.keys(volume).every((name) => name === "name")) return { ...volume, emptyDir: {} };
  return Object.entries(sources).reduce((object, [name, change]) => within(name, change)(object), volume);
};
