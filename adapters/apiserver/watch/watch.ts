import type { Json } from "../object.ts";
import type { Selection } from "../select/selection.ts";

/** `metav1.WatchEvent`. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: Json;
}

/** An open watch as a value: what it selects, how far it has told, and when it ends. Opaque to those who carry it. */
export interface Watch {
  /** Under which its objects are kept: changes of another resource are not its own. */
  readonly resource: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Absent: every namespace. */
  readonly namespace?: string;
  readonly selection: Selection;
  /** The last revision that was looked at. */
  readonly revision: number;
  readonly bookmarks: boolean;
  /** The `accept` header: tables and partial metadata are told as such. */
  readonly accept: string;
  /** With metadata in tables, whole objects, or nothing. */
  readonly includeObject: string;
  /** A table's columns have been told. */
  readonly columnsTold?: true;
  /** On the steady clock. */
  readonly endsAt: number;
  readonly nextBookmarkAt: number;
}
