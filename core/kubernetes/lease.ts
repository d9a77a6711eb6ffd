import * as t from "io-ts";
import { type Decode, decoder } from "./decode.ts";
import { type ObjectMeta, ObjectMetaCodec, slimMeta } from "./meta.ts";

/** What we read and write of `coordination.k8s.io/v1 LeaseSpec`. */
export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  /** `metav1.MicroTime`. */
  readonly renewTime?: string;
}

/** What we keep of a `coordination.k8s.io/v1 Lease`. */
export interface Lease {
  readonly metadata: ObjectMeta;
  readonly spec: LeaseSpec;
}

/** The codec of what we read of a Lease. */
export const LeaseCodec: t.Type<Lease> = t.type({
  metadata: ObjectMetaCodec,
  spec: t.partial({ holderIdentity: t.string, leaseDurationSeconds: t.number, renewTime: t.string }),
});

/** Reads one lease of the API server. */
export const decodeLease: Decode<Lease> = decoder(LeaseCodec, (lease) => ({
  metadata: slimMeta(lease.metadata),
  spec: lease.spec,
}));
