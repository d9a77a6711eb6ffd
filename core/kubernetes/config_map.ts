import * as t from "io-ts";
import { type Decode, decoder } from "./decode.ts";
import { type ObjectMeta, ObjectMetaCodec, slimMeta } from "./meta.ts";

/** What we keep of a `v1.ConfigMap`. */
export interface ConfigMap {
  readonly kind: "ConfigMap";
  readonly metadata: ObjectMeta;
  readonly data: Readonly<Record<string, string>>;
  /** In base64. */
  readonly binaryData: Readonly<Record<string, string>>;
  readonly immutable: boolean;
}

const strings: t.Type<Readonly<Record<string, string>>> = t.record(t.string, t.string);

interface WireConfigMap {
  readonly metadata: ObjectMeta;
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}

const ConfigMapCodec: t.Type<WireConfigMap> = t.intersection([
  t.type({ metadata: ObjectMetaCodec }),
  t.partial({ data: strings, binaryData: strings, immutable: t.boolean }),
]);

/** Reads one ConfigMap of the API server. */
export const decodeConfigMap: Decode<ConfigMap> = decoder(
  ConfigMapCodec,
  ({ metadata, data = {}, binaryData = {}, immutable = false }) => ({
    kind: "ConfigMap",
    metadata: slimMeta(metadata),
    ...{ data, binaryData, immutable },
  }),
);
