import type { ApiRequest } from "../../core/kubernetes/request.ts";
import { eventLine, listBody, thing } from "./watch.ts";

interface Entry {
  readonly version: number;
  readonly line: string;
}

interface Snapshot {
  readonly version: number;
  readonly things: readonly Record<string, unknown>[];
  readonly offset: number;
}

/** What an API server has to say about things: versions, pages with tokens, a log of events that is compacted. */
export class ThingServer {
  readonly #things = new Map<string, Record<string, unknown>>();
  readonly #tokens = new Map<string, Snapshot>();
  #log: Entry[] = [];
  #version = 1;
  #compacted = 0;
  /** The names in the last list that began. */
  listed: readonly string[] = [];

  /** Opaque: nothing that sorts or parses. */
  get version(): string {
    return this.#name(this.#version);
  }

  names(): readonly string[] {
    return [...this.#things.keys()].sort();
  }

  /** Every thing's name and version, in order. */
  versions(): readonly (readonly [name: string, version: string])[] {
    return this.names().map((name) => {
      const meta = this.#things.get(name)?.metadata as { readonly resourceVersion: string };
      return [name, meta.resourceVersion];
    });
  }

  put(name: string, size: unknown): string {
    const type = this.#things.has(name) ? "MODIFIED" : "ADDED";
    this.#version += 1;
    const object = thing(name, this.version, size);
    this.#things.set(name, object);
    return this.#record(type, object);
  }

  remove(name: string): string | undefined {
    const object = this.#things.get(name);
    if (object === undefined) return undefined;
    this.#things.delete(name);
    this.#version += 1;
    return this.#record("DELETED", {
      ...object,
      metadata: { ...object.metadata as object, resourceVersion: this.version },
    });
  }

  /** Forgets the log and every token: whoever is behind gets a 410. */
  compact(): void {
    this.#compacted = this.#version;
    this.#log = [];
    this.#tokens.clear();
  }

  list(query: ApiRequest["query"] = {}): readonly [status: number, text: string] {
    const token = query.continue;
    const from: Snapshot | undefined = token === undefined
      ? { version: this.#version, things: [...this.#things.values()], offset: 0 }
      : this.#tokens.get(token);
    if (from === undefined) return [410, '{"kind":"Status","code":410,"reason":"Expired"}'];
    if (token === undefined) this.listed = this.names();
    const end = from.offset + Number(query.limit ?? Infinity);
    const next = end < from.things.length ? `${from.version}/${end}/${this.#tokens.size}` : undefined;
    if (next !== undefined) this.#tokens.set(next, { ...from, offset: end });
    return [200, listBody(this.#name(from.version), from.things.slice(from.offset, end), next)];
  }

  /** What a watch from `version` begins with, or `undefined` when that has been compacted. */
  since(version: string): string | undefined {
    const from = this.#number(version);
    if (from < this.#compacted) return undefined;
    return this.#log.filter((entry) => entry.version > from).map((entry) => entry.line).join("");
  }

  #record(type: string, object: Record<string, unknown>): string {
    const line = eventLine(type, object);
    this.#log.push({ version: this.#version, line });
    return line;
  }

  #name(version: number): string {
    return `${"zyxwvutsrq"[version % 10]}-${version}`;
  }

  #number(name: string): number {
    return Number(name.split("-")[1]);
  }
}
