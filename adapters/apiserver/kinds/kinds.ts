import type { Kind } from "../kind.ts";
import { certificateSigningRequest } from "./certificate_signing_request.ts";
import { configMap } from "./config_map.ts";
import { coreEvent, event } from "./event.ts";
import { lease } from "./lease.ts";
import { namespace } from "./namespace.ts";
import { node } from "./node.ts";
import { persistentVolume } from "./persistent_volume.ts";
import { persistentVolumeClaim } from "./persistent_volume_claim.ts";
import { pod } from "./pod.ts";
import { reviews } from "./reviews.ts";
import { clusterRole, clusterRoleBinding, role, roleBinding } from "./roles.ts";
import { runtimeClass } from "./runtime_class.ts";
import { secret } from "./secret.ts";
import { service } from "./service.ts";
import { serviceAccount } from "./service_account.ts";
import { volumeAttachment } from "./volume_attachment.ts";

/** Everything that is served, in the order of discovery: by group, then by name. */
export const kinds: readonly Kind[] = [
  configMap,
  coreEvent,
  namespace,
  node,
  persistentVolumeClaim,
  persistentVolume,
  pod,
  secret,
  serviceAccount,
  service,
  event,
  ...reviews,
  certificateSigningRequest,
  lease,
  clusterRoleBinding,
  clusterRole,
  roleBinding,
  role,
  volumeAttachment,
  runtimeClass,
];
