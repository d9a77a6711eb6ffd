import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { ProcessIdentity } from "../identity.ts";

/** A TCP socket that listens. */
interface Listener {
  readonly address: string;
  readonly inode: string;
}

const listening = "0A";

/** `0100007F`: each 32 bits are in the order of the machine, which is little-endian wherever this runs. */
const bytesOf = (hex: string): readonly number[] =>
  (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16))
  );

const addressOf = (hex: string): string => {
  const bytes = bytesOf(hex);
  if (bytes.length === 4) return bytes.every((byte) => byte === 0) ? "127.0.0.1" : bytes.join(".");
  if (bytes.every((byte) => byte === 0)) return "127.0.0.1";
  const groups = Array.from(
    { length: 8 },
    (_, at) => ((bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0)),
  );
  return groups.map((group) => group.toString(16)).join(":");
};

const readText = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

const listenersOn = (pid: number, port: number): readonly Listener[] =>
  ["tcp", "tcp6"].flatMap((file) =>
    readText(`/proc/${pid}/net/${file}`).split("\n").slice(1).flatMap((line) => {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const [hex = "", hexPort = ""] = local.split(":");
      return state === listening && parseInt(hexPort, 16) === port
        ? [{ address: addressOf(hex), inode }]
        : [];
    })
  );

const holds = (pid: string, sockets: ReadonlySet<string>): boolean => {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
};

/** The processes of a container: its command's session, and its group. */
const processesOf = (command: ProcessIdentity): readonly string[] =>
  readdirSync("/proc").filter((name) => /^\d+$/.test(name)).filter((name) => {
    const stat = readText(`/proc/${name}/stat`);
    const [, , group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return group === `${command.pid}` || session === `${command.pid}`;
  });

/** Where processes of these containers listen on a port: the address to connect to. `undefined`: none of them does. */
export const listenerOf = (commands: readonly ProcessIdentity[], port: number): string | undefined => {
  for (const command of commands) {
    const listeners = listenersOn(command.pid, port);
    if (listeners.length === 0) continue;
    const processes = processesOf(command);
    for (const { address, inode } of listeners) {
      const sockets = new Set([`socket:[${inode}]`]);
      if (processes.some((pid) => holds(pid, sockets))) return address;
    }
  }
  return undefined;
};
