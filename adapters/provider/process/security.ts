type Fields = Readonly<Record<string, unknown>>;

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);

/** What a process is anyway, by field; anything else that a security context asks for is refused. */
const granted: Readonly<
  { [field: string]: (value: unknown, host: { uid: number; gid: number }) => boolean }
> = {
  runAsUser: (value, { uid }) => value === uid,
  runAsGroup: (value, { gid }) => value === gid,
  runAsNonRoot: (value, { uid }) => value === false || uid !== 0,
  privileged: (value) => value === false,
  allowPrivilegeEscalation: (value) => value === true,
  readOnlyRootFilesystem: (value) => value === false,
  procMount: (value) => value === "Default",
  seccompProfile: (value) => (value as Fields)["type"] === "Unconfined",
  appArmorProfile: (value) => (value as Fields)["type"] === "Unconfined",
  capabilities: (value) => isEmpty((value as Fields)["add"]) && isEmpty((value as Fields)["drop"]),
  fsGroup: (value, { gid }) => value === gid,
  fsGroupChangePolicy: () => true,
  supplementalGroupsPolicy: () => true,
};

/** Why a `v1.SecurityContext` or `v1.PodSecurityContext` cannot be honoured: processes run as the agent does. */
export const securityProblem = (
  context: Fields | undefined,
  host: { readonly uid: number; readonly gid: number },
): string | undefined => {
  const refused = Object.entries(context ?? {})
    .filter(([name, value]) => !isEmpty(value) && !granted[name]?.(value, host)).map(([name]) => name).sort();
  return refused.length === 0
    ? undefined
    : `processes run as this program does (user ${host.uid}, group ${host.gid}), without confinement: ` +
      `${refused.join(", ")} cannot be honoured`;
};
