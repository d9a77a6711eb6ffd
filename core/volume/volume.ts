import type { Fields } from "../fields.ts";
import type { PersistentVolume } from "../kubernetes/persistent_volume.ts";
import { withHidden } from "../hidden.ts";

/** One file of a volume. Its content can be read, but is never printed, spread or sent along. */
export interface VolumeFile {
  /** Within the volume: relative, with `/`, nothing in it leads out. */
  readonly path: string;
  /** Permission bits, for example `0o644`. */
  readonly mode: number;
  readonly content: Uint8Array;
}

export const volumeFile = (path: string, mode: number, content: Uint8Array): VolumeFile =>
  withHidden({ path, mode }, "content", content);

/** Files that Kubernetes gives: of ConfigMaps, Secrets, the downward API and tokens. */
export interface FilesVolume {
  readonly _tag: "Files";
  readonly files: readonly VolumeFile[];
  /** Equal for equal files: from what and of which version they are. */
  readonly version: string;
}

/** A volume with nothing left to look up. */
export type ResolvedVolume =
  | FilesVolume
  /** Empty at first, gone with the pod. `medium` is `""`, `Memory` or a kind of huge pages, `sizeLimit` a quantity. */
  | { readonly _tag: "EmptyDir"; readonly medium: string; readonly sizeLimit: string | undefined }
  /** A file or folder of the host; `type` as in the API (`""`: nothing is checked). */
  | { readonly _tag: "HostPath"; readonly path: string; readonly type: string }
  /** What a claim is bound to. */
  | {
    readonly _tag: "PersistentVolume";
    readonly claim: string;
    readonly readOnly: boolean;
    readonly volume: PersistentVolume;
  }
  /** Any other: `kind` is the field of `v1.Volume`, `source` what is in it. */
  | { readonly _tag: "Other"; readonly kind: string; readonly source: Fields };

/** One volume in one container. */
export interface ResolvedMount {
  /** The name of the volume. */
  readonly volume: string;
  readonly mountPath: string;
  /** A part of the volume in its place, variables expanded; never updated afterwards. */
  readonly subPath?: string;
  readonly readOnly: boolean;
}
