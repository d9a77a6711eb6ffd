import type { JsonObject } from "../object.ts";

/** The version of the real API server that the contract is checked with. kubectl compares major and minor with its own. */
const major = "1";
const minor = "36";

/** `version.Info`, what `GET /version` answers: `gitVersion` says that it is none of the project's own builds. */
export const versionInfo: JsonObject = {
  major,
  minor,
  emulationMajor: major,
  emulationMinor: minor,
  minCompatibilityMajor: major,
  minCompatibilityMinor: "35",
  gitVersion: `v${major}.${minor}.3+virtual-kubelet`,
  gitCommit: "",
  gitTreeState: "",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "",
  platform: "javascript/any",
};
