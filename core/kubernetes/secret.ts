import * as t from "io-ts";
import { withHidden } from "../hidden.ts";
import { type Decode, decoder } from "./decode.ts";
import type { ObjectMeta } from "./meta.ts";
import { ObjectMetaCodec } from "./meta.ts";

/** What we keep of a `v1.Secret`. `data` can be read, but is never printed. */
export interface Secret {
  readonly kind: "Secret";
  readonly metadata: ObjectMeta;
  readonly type: string;
  readonly immutable: boolean;
  /** In base64. */
  readonly data: Readonly<Record<string, string>>;
}

interface WireSecret {
  readonly metadata: ObjectMeta;
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}

const SecretCodec: t.Type<WireSecret> = t.intersection([
  t.type({ metadata: ObjectMetaCodec }),
  t.partial({ type: t.string, data: t.record(t.string, t.string), immutable: t.boolean }),
]);

/** The annotation of `kubectl apply` holds the whole object, data and all: no more of the metadata is kept than is read. */
const lean = ({ name, uid, namespace, resourceVersion }: ObjectMeta): ObjectMeta => ({
  ...{ name, uid, namespace, resourceVersion },
});

/** Reads one Secret of the API server. */
export const decodeSecret: Decode<Secret> = decoder(
  SecretCodec,
  ({ metadata, type = "Opaque", data = {}, immutable = false }) =>
    withHidden({ kind: "Secret", metadata: lean(metadata), type, immutable } as const, "data", data),
);
