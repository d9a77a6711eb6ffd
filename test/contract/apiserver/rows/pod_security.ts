// Who a pod's processes are and what they may do.
import { one, podKind } from "./pod.ts";
import { type Row, rowsOf } from "./row.ts";

const tooLarge = 2 ** 31;

const rows = {
  "the pod's own security": one({}, {
    securityContext: {
      runAsUser: 0,
      runAsGroup: 2,
      fsGroup: 3,
      supplementalGroups: [4],
      runAsNonRoot: true,
      fsGroupChangePolicy: "OnRootMismatch",
      supplementalGroupsPolicy: "Strict",
      seccompProfile: { type: "RuntimeDefault" },
      appArmorProfile: { type: "Localhost", localhostProfile: "p" },
      sysctls: [{ name: "kernel.shm_rmid_forced", value: "1" }, { name: "net/ipv4/x", value: "" }],
    },
  }),
  "the pod's own security that is none": one({}, {
    hostPID: true,
    shareProcessNamespace: true,
    securityContext: {
      runAsUser: -1,
      runAsGroup: tooLarge,
      fsGroup: tooLarge,
      supplementalGroups: [1, -1, tooLarge],
      fsGroupChangePolicy: "Foo",
      supplementalGroupsPolicy: "Foo",
      seccompProfile: { type: "Foo" },
      appArmorProfile: { type: "Foo" },
      sysctls: [{ name: "", value: "1" }, { name: "A b" }, { name: "a.b" }, { name: "a/b" }, { name: "a.b" }],
    },
  }),
  "profiles of the pod without what they need": one({}, {
    securityContext: {
      seccompProfile: { type: "Localhost" },
      appArmorProfile: { type: "Localhost" },
    },
  }),
  "profiles without a type": one({ securityContext: { seccompProfile: {}, appArmorProfile: {} } }, {
    securityContext: { seccompProfile: {}, appArmorProfile: {} },
  }),
  "sysctls of the node's namespaces": one({}, {
    hostNetwork: true,
    hostIPC: true,
    securityContext: {
      sysctls: [{ name: "net.ipv4.x", value: "1" }, { name: "kernel.sem", value: "1" }],
    },
  }),
  "a container's security": one({
    securityContext: {
      privileged: false,
      runAsUser: 5,
      runAsGroup: 5,
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { add: ["NET_ADMIN"], drop: ["ALL"] },
      seccompProfile: { type: "Localhost", localhostProfile: "a/b" },
      appArmorProfile: { type: "Unconfined" },
      procMount: "Default",
    },
  }),
  "a container's security that is none": one({
    securityContext: {
      runAsUser: tooLarge,
      runAsGroup: -1,
      procMount: "Foo",
      seccompProfile: { type: "Localhost", localhostProfile: "../x" },
      appArmorProfile: { type: "Localhost", localhostProfile: " x" },
    },
  }),
  "proc unmasked beside the node's users": one({ securityContext: { procMount: "Unmasked" } }),
  "an empty profile of AppArmor": one({
    securityContext: { appArmorProfile: { type: "Localhost", localhostProfile: "" } },
  }),
  "profiles of a type that has no file": one({
    securityContext: { appArmorProfile: { type: "RuntimeDefault", localhostProfile: "x" } },
  }, { securityContext: { appArmorProfile: { type: "Unconfined", localhostProfile: "y" } } }),
  "security of every sort of container": one({}, {
    initContainers: [{ name: "i", image: "x", securityContext: { runAsUser: -1 } }],
  }),
  "an operating system that is none": one({}, { os: { name: "plan9" } }),
  "an operating system without a name": one({}, { os: {} }),
  "Linux, said": one({}, { os: { name: "linux" } }),
  "options of Windows on Linux": one(
    { securityContext: { windowsOptions: { runAsUserName: "x" } } },
    { os: { name: "linux" }, securityContext: { windowsOptions: { runAsUserName: "x" } } },
  ),
  "what changes without a restart": one({
    resizePolicy: [
      { resourceName: "cpu", restartPolicy: "NotRequired" },
      { resourceName: "memory", restartPolicy: "RestartContainer" },
    ],
  }),
  "changes without a restart that are none": one({
    resizePolicy: [
      { resourceName: "disk", restartPolicy: "Foo" },
      { resourceName: "cpu", restartPolicy: "NotRequired" },
      { resourceName: "cpu", restartPolicy: "NotRequired" },
    ],
  }),
  "a change without a restart that says nothing": one({ resizePolicy: [{}] }),
  "restarts for a change of what never restarts": one(
    { resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }] },
    { restartPolicy: "Never" },
  ),
};

export const podSecurityRows: readonly Row[] = rowsOf("Pod", podKind, rows);
