import type { Resource } from "./resource.ts";

/** What is asked for: a collection, or objects by name. */
export interface Wanted {
  readonly resource: Resource;
  /** Absent: all namespaces. */
  readonly namespace: string | undefined;
  readonly names: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}
