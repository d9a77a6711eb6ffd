import * as t from "io-ts";
import { type Decode, decoder } from "./decode.ts";
import { type ObjectMeta, ObjectMetaCodec } from "./meta.ts";

/** What we read of `v1.ServicePort`. */
export interface ServicePort {
  readonly name?: string;
  readonly protocol?: string;
  readonly port: number;
}

/** What we keep of a `v1.Service`: what containers are told of it. */
export interface Service {
  readonly kind: "Service";
  readonly metadata: ObjectMeta;
  /** `None` and `""`: it has no address of its own. */
  readonly clusterIP: string;
  readonly ports: readonly ServicePort[];
}

interface WireService {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly clusterIP?: string; readonly ports?: readonly ServicePort[] };
}

const ServicePortCodec: t.Type<ServicePort> = t.intersection([
  t.type({ port: t.number }),
  t.partial({ name: t.string, protocol: t.string }),
]);

const ServiceCodec: t.Type<WireService> = t.intersection([
  t.type({ metadata: ObjectMetaCodec }),
  t.partial({ spec: t.partial({ clusterIP: t.string, ports: t.readonlyArray(ServicePortCodec) }) }),
]);

/** Reads one Service of the API server. */
export const decodeService: Decode<Service> = decoder(ServiceCodec, ({ metadata, spec = {} }) => {
  const { name, uid, namespace, resourceVersion } = metadata;
  const ports = (spec.ports ?? []).map(({ name, protocol, port }) => ({ name, protocol, port }));
  return {
    kind: "Service",
    metadata: { name, uid, namespace, resourceVersion },
    clusterIP: spec.clusterIP ?? "",
    ports,
  };
});
