import fc from "fast-check";
import type { Lease } from "../../core/kubernetes/lease.ts";
import { leaseNamespace } from "../../core/kubernetes/request.ts";
import { formatMicroTime } from "../../core/time.ts";
import { anyVersion } from "./metadata.ts";
import { anyWall } from "./moment.ts";
import { anyName, anyUid } from "./names.ts";
import { anyOf, anyRecord } from "./record.ts";

/** A node's lease, held by that node, by another, or by nobody. */
export const anyLease: fc.Arbitrary<Lease> = fc.tuple(
  anyName,
  anyRecord({ uid: anyUid, resourceVersion: anyVersion }),
  anyRecord({}, {
    holderIdentity: anyName,
    leaseDurationSeconds: anyOf(1, 40),
    renewTime: anyWall.map(formatMicroTime),
  }),
).map(([name, more, spec]) => ({ metadata: { name, namespace: leaseNamespace, ...more }, spec }));
