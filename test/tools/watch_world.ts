import type { WatchInput, WatchOutput } from "../../core/watch/state.ts";
import type { ApiRequest } from "../../core/kubernetes/request.ts";
import { ThingServer } from "./thing_server.ts";
import { bookmark, broken, bytesOf, end, errorLine, Machine, response, type Thing } from "./watch.ts";

/** What a server (or the way to it) does wrong with one request. */
export const faults = [
  "none",
  "refused connection",
  "no answer",
  "cut off",
  "empty answer",
  "half open",
  "web page",
  "nonsense",
  "unknown event",
  "error event 410",
  "error event 500",
  "error event 429",
  "401",
  "403",
  "404",
  "410",
  "429",
  "429 with Retry-After",
  "500",
  "504",
  "bookmark, then closed",
] as const;

export type FaultName = typeof faults[number];

/** What happens to the things on the server. */
export type Change =
  | { readonly _tag: "Put"; readonly name: string; readonly size: unknown }
  | { readonly _tag: "Remove"; readonly name: string }
  | { readonly _tag: "Compact" };

export interface Story {
  /** One for each request; those after the last one go well. */
  readonly script: readonly FaultName[];
  /** Lists always go well, and use nothing of the script. */
  readonly onlyWatches: boolean;
  readonly changes: readonly { readonly at: number; readonly change: Change }[];
  /** The size of the pieces in which bytes come. */
  readonly cut: number;
  readonly pageLimit: number;
}

/** One request that was sent. */
export interface Sent {
  readonly at: number;
  readonly kind: "list" | "page" | "watch";
}

/**
 * A server and the machine, in virtual time. Answers take no time at all: whatever the machine repeats without
 * waiting, it repeats at one moment.
 */
export class WatchWorld {
  readonly server: ThingServer = new ThingServer();
  readonly sent: Sent[] = [];
  /** What the machine has told, by name. */
  readonly known: Map<string, unknown> = new Map();
  /** Lists that were told and are not what the server had when they began. */
  readonly partial: string[] = [];
  readonly #machine: Machine;
  readonly #story: Story;
  #changes: Story["changes"];
  #inbox: WatchInput[] = [];
  /** A healthy watch: when it says that it lives, and when it ends. */
  #watch: { bookmarkAt: number; readonly endAt: number } | undefined;
  #open = false;
  #faultsUsed = 0;

  constructor(story: Story) {
    this.#story = story;
    this.#changes = [...story.changes].sort((a, b) => a.at - b.at);
    this.#machine = new Machine({ pageLimit: story.pageLimit });
  }

  /** How many of the script's faults have not been used. */
  get faultsLeft(): number {
    return this.#story.script.length - this.#faultsUsed;
  }

  get now(): number {
    return this.#machine.now;
  }

  /** Runs until `at`; may be called again for more. */
  run(at: number): void {
    this.#give({ _tag: "Start" });
    for (let next = this.#nextTime(); next <= at; next = this.#nextTime()) {
      this.#machine.now = Math.max(this.#machine.now, next);
      this.#happen();
    }
  }

  #nextTime(): number {
    if (this.#inbox.length > 0) return this.#machine.now;
    return Math.min(
      this.#machine.state.wakeAt ?? Infinity,
      this.#changes[0]?.at ?? Infinity,
      this.#watch?.bookmarkAt ?? Infinity,
      this.#watch?.endAt ?? Infinity,
    );
  }

  #happen(): void {
    const { now } = this.#machine;
    const input = this.#inbox.shift();
    const watch = this.#watch;
    if (input !== undefined) return this.#give(input);
    if ((this.#changes[0]?.at ?? Infinity) <= now) return this.#change();
    if (watch !== undefined && watch.endAt <= now) {
      this.#watch = undefined;
      return this.#give(end);
    }
    if (watch !== undefined && watch.bookmarkAt <= now) {
      watch.bookmarkAt += 60_000;
      return this.#say(bookmark(this.server.version));
    }
    this.#give({ _tag: "Tick" });
  }

  #change(): void {
    const [first, ...rest] = this.#changes;
    this.#changes = rest;
    const change = first?.change;
    if (change?._tag === "Compact") this.server.compact();
    const line = change?._tag === "Put"
      ? this.server.put(change.name, change.size)
      : change?._tag === "Remove"
      ? this.server.remove(change.name)
      : undefined;
    if (this.#watch !== undefined && line !== undefined) this.#say(line);
  }

  #say(text: string): void {
    const bytes = bytesOf(text);
    for (let at = 0; at < bytes.length; at += this.#story.cut) {
      this.#inbox.push({ _tag: "Chunk", bytes: bytes.slice(at, at + this.#story.cut) });
    }
  }

  #give(input: WatchInput): void {
    if (input._tag === "End" || input._tag === "Broken") this.#open = false;
    const told = this.#machine.outputs.length;
    this.#machine.give(input);
    for (const output of this.#machine.outputs.splice(told)) this.#perform(output);
  }

  #perform(output: WatchOutput<Thing>): void {
    switch (output._tag) {
      case "Send":
        if (this.#open) throw new Error("a second connection was opened");
        this.#open = true;
        return this.#answer(output.request);
      case "Abort":
        if (!this.#open) throw new Error("nothing to abort");
        this.#open = false;
        this.#inbox = [];
        this.#watch = undefined;
        return;
      case "Replaced": {
        const names = [
          ...output.items.map((item) => item.metadata.name),
          ...output.bad.map((bad) => bad.name),
        ];
        if (names.sort().join() !== this.server.listed.join()) this.partial.push(names.join());
        this.known.clear();
        for (const item of output.items) this.known.set(item.metadata.name, item.metadata.resourceVersion);
        for (const bad of output.bad) this.known.set(bad.name, bad.resourceVersion);
        return;
      }
      case "Applied":
        return void this.known.set(output.item.metadata.name, output.item.metadata.resourceVersion);
      case "Undecodable":
        return void this.known.set(output.bad.name, output.bad.resourceVersion);
      case "Deleted":
        return void this.known.delete(output.ref.name);
      case "Warning":
        return;
    }
  }

  #answer(request: ApiRequest): void {
    const query = request.query ?? {};
    const watch = query.watch !== undefined;
    this.sent.push({
      at: this.#machine.now,
      kind: watch ? "watch" : query.continue === undefined ? "list" : "page",
    });
    const fault = watch || !this.#story.onlyWatches ? this.#nextFault() : "none";
    if (fault !== "none") return this.#fail(fault, query);
    if (watch) return this.#serveWatch(query);
    const [status, text] = this.server.list(query);
    this.#inbox.push(response(status));
    this.#say(text);
    this.#inbox.push(end);
  }

  #nextFault(): FaultName {
    const fault = this.#story.script[this.#faultsUsed];
    if (fault === undefined) return "none";
    this.#faultsUsed += 1;
    return fault;
  }

  #serveWatch(query: NonNullable<ApiRequest["query"]>): void {
    const { now } = this.#machine;
    const backlog = this.server.since(query.resourceVersion ?? "");
    this.#inbox.push(response());
    if (backlog === undefined) {
      this.#say(errorLine(410));
      return void this.#inbox.push(end);
    }
    this.#say(backlog);
    this.#watch = { bookmarkAt: now + 60_000, endAt: now + Number(query.timeoutSeconds) * 1000 };
  }

  #fail(fault: FaultName, query: NonNullable<ApiRequest["query"]>): void {
    const status = Number.parseInt(fault);
    if (!Number.isNaN(status)) {
      this.#inbox.push(response(status, fault.endsWith("Retry-After") ? 2000 : undefined));
      this.#say("{}");
      return void this.#inbox.push(end);
    }
    switch (fault) {
      case "refused connection":
        return void this.#inbox.push(broken);
      case "no answer":
        return;
      case "half open":
        return void this.#inbox.push(response());
      default:
        this.#inbox.push(response());
        this.#say(this.#wrongBody(fault, query));
        this.#inbox.push(fault === "cut off" ? broken : end);
    }
  }

  #wrongBody(fault: FaultName, query: NonNullable<ApiRequest["query"]>): string {
    switch (fault) {
      case "cut off": {
        const right = query.watch === undefined
          ? this.server.list(query)[1]
          : this.server.since(query.resourceVersion ?? "") ?? "";
        return right.slice(0, Math.floor(right.length * 2 / 3));
      }
      case "web page":
        return "<html>sign in, please</html>\n";
      case "nonsense":
        return '{"type":"ADDED"}\n[]\n';
      case "unknown event":
        return '{"type":"TELEPORTED","object":{}}\n';
      case "error event 410":
      case "error event 429":
      case "error event 500":
        return errorLine(Number(fault.slice(-3)));
      case "bookmark, then closed":
        return bookmark(query.resourceVersion ?? this.server.version);
      default:
        return "";
    }
  }
}
