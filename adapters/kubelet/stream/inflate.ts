import { constants, inflateSync } from "node:zlib";
import type { Inflate } from "../../../core/stream/spdy/inflate.ts";

/** zlib's own inflater, as the SPDY machine wants it. */
export const inflate: Inflate = (zlib, dictionary, maxBytes) => {
  try {
    return inflateSync(zlib, {
      ...(dictionary.length === 0 ? {} : { dictionary }),
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: maxBytes,
    });
  } catch {
    return undefined;
  }
};
