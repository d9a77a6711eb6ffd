import { existsSync, readdirSync, rmSync, watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { join } from "node:path";
import { clearInterval, setInterval } from "node:timers";
import type { Millis } from "../../../core/time.ts";
import type { Logger } from "../../ports.ts";
import { isAlive, type ProcessIdentity } from "./identity.ts";
import { readInstance } from "./instance.ts";
import { instanceDir, type InstanceKey, keyOfNote, keyText, type Layout } from "./layout.ts";
import { LogFiles, type LogLimits } from "./log_files.ts";
import { instancesOf, podsIn, readPodRecord } from "./pod_record.ts";

const tickMs: Millis = 250;
/** A supervisor that was killed leaves no note: every live instance is looked at this often. */
const sweepMs: Millis = 5000;
/** Notes stay this long, for another agent on the same directory; it would notice by itself after {@link sweepMs}. */
const noteMs: Millis = 2000;
const quickLogMs: Millis = 250;
const slowLogMs: Millis = 2000;

/** An instance that has not ended yet, as far as this agent knows. */
interface Live {
  readonly key: InstanceKey;
  readonly files: LogFiles;
  /** Who will drop a note about it; `undefined`: not known, or dead. */
  supervisor: ProcessIdentity | undefined;
  /** All in ticks. */
  sweepAt: number;
  logAt: number;
  logEvery: number;
}

/**
 * One mechanism tells of everything that happens to instances, whoever their parent is: each supervisor drops a note
 * in one folder, which is watched (inotify), and listed every 250 ms in case the watch misses something. The same
 * tick looks at the logs of live instances, every 250 ms while they grow and down to every 2 s while they do not.
 */
export class News {
  readonly #layout: Layout;
  readonly #limits: LogLimits;
  readonly #logger: Logger;
  readonly #live: Map<string, Live> = new Map();
  readonly #listeners: Set<(uid: string) => void> = new Set();
  readonly #read: Map<string, Millis> = new Map();
  #timer: NodeJS.Timeout | undefined;
  #watcher: FSWatcher | undefined;
  #tick = 0;

  constructor(layout: Layout, limits: LogLimits, logger: Logger) {
    this.#layout = layout;
    this.#limits = limits;
    this.#logger = logger;
  }

  /** Finds what runs already and begins to listen; nothing when it has begun. */
  open(): void {
    if (this.#timer !== undefined) return;
    // A damaged pod is for `list` to complain of; it must not keep the others from being looked after.
    for (const uid of podsIn(this.#layout)) this.#guarded(() => this.#followPod(uid));
    this.#timer = setInterval(() => this.#onTick(), tickMs);
    if (this.#listeners.size === 0) this.#timer.unref();
    try {
      this.#watcher = watch(this.#layout.notes, () => this.#guarded(() => this.#readNotes()));
      this.#watcher.on("error", () => this.#watcher?.close());
      this.#watcher.unref();
    } catch (error) {
      this.#logger.log("warn", "cannot watch the notes of processes, only list them", {
        error: String(error),
      });
    }
  }

  #followPod(uid: string): void {
    for (const container of readPodRecord(this.#layout, uid)?.containers ?? []) {
      const [restartCount] = instancesOf(this.#layout, uid, container);
      if (restartCount !== undefined) this.follow({ uid, container, restartCount });
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#live.clear();
    this.#read.clear();
  }

  /** Calls back with the UID of every pod that something has happened to; the program stays alive for it. */
  subscribe(listener: (uid: string) => void): () => void {
    this.#listeners.add(listener);
    this.#timer?.ref();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#timer?.unref();
    };
  }

  tell(uid: string): void {
    for (const listener of [...this.#listeners]) listener(uid);
  }

  /** Looks after the instance until it has ended. */
  follow(key: InstanceKey): void {
    const dir = instanceDir(this.#layout, key);
    const state = readInstance(dir);
    if (state._tag === "Ended" || this.#live.has(keyText(key))) return;
    this.#live.set(keyText(key), {
      key,
      files: new LogFiles(dir, this.#limits),
      supervisor: state._tag === "Running" ? state.supervisor : undefined,
      // Spread over the ticks, so that a thousand instances are not looked at in one.
      sweepAt: this.#tick + 1 + (this.#live.size % (sweepMs / tickMs)),
      logAt: this.#tick,
      logEvery: 1,
    });
  }

  /** The one view of the logs of a live instance; of one that has ended, a new one. */
  logOf(key: InstanceKey): LogFiles {
    return this.#live.get(keyText(key))?.files ??
      new LogFiles(instanceDir(this.#layout, key), this.#limits);
  }

  /** Stops looking after a pod whose folder goes away. */
  forget(uid: string): void {
    for (const [text, live] of this.#live) if (live.key.uid === uid) this.#live.delete(text);
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#logger.log("error", "looking after processes failed, trying again", { error: String(error) });
    }
  }

  #onTick(): void {
    this.#tick++;
    this.#guarded(() => this.#readNotes());
    for (const live of this.#live.values()) {
      if (this.#tick >= live.logAt) this.#guarded(() => this.#lookAtLog(live));
      if (this.#tick >= live.sweepAt) this.#guarded(() => this.#sweep(live));
    }
  }

  #readNotes(): void {
    const now = Date.now();
    const names = readdirSync(this.#layout.notes);
    for (const name of names) {
      const readAt = this.#read.get(name);
      if (readAt === undefined) {
        this.#read.set(name, now);
        const key = keyOfNote(name);
        if (key !== undefined) this.#onNote(key);
      } else if (now - readAt > noteMs) {
        rmSync(join(this.#layout.notes, name), { force: true });
        this.#read.delete(name);
      }
    }
    if (names.length < this.#read.size) {
      const present = new Set(names);
      for (const name of this.#read.keys()) if (!present.has(name)) this.#read.delete(name);
    }
  }

  #onNote(key: InstanceKey): void {
    const live = this.#live.get(keyText(key));
    if (live !== undefined) this.#settle(live);
    this.tell(key.uid);
  }

  #sweep(live: Live): void {
    const known = live.supervisor;
    live.sweepAt = this.#tick + sweepMs / tickMs;
    if (known !== undefined && isAlive(known)) return;
    const ended = this.#settle(live);
    if (ended || known !== live.supervisor) this.tell(live.key.uid);
    if (live.supervisor === undefined) live.sweepAt = this.#tick + 1;
  }

  /** `true`: it has ended, and is no longer looked after. */
  #settle(live: Live): boolean {
    const dir = instanceDir(this.#layout, live.key);
    const state = readInstance(dir);
    if (state._tag === "Running") live.supervisor = state.supervisor;
    if (state._tag !== "Ended") return false;
    if (existsSync(dir)) live.files.look();
    this.#live.delete(keyText(live.key));
    return true;
  }

  #lookAtLog(live: Live): void {
    // should the look fail (a full disk), the next one is not at once
    live.logAt = this.#tick + slowLogMs / tickMs;
    live.logEvery = live.files.look() ? quickLogMs / tickMs : Math.min(live.logEvery * 2, slowLogMs / tickMs);
    live.logAt = this.#tick + live.logEvery;
    if (!live.files.oversized) return;
    live.files.rotate().catch((error) =>
      this.#logger.log("error", "a log could not be rotated, trying again", {
        pod: live.key.uid,
        container: live.key.container,
        error: String(error),
      })
    );
  }
}
