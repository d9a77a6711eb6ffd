import xterm from "@xterm/headless";
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly cwd?: string;
  /** All of its environment, but for `TERM`. */
  readonly env: Readonly<Record<string, string>>;
}

/** A program in a terminal of its own. */
export interface Terminal {
  /** What a person sees, without blanks at the ends. */
  screen(): string;
  /** Resolves with the screen as soon as it is as wanted; rejects when the program ends before, or after the bound. */
  until(what: string, wanted: (screen: string) => boolean, boundMs?: number): Promise<string>;
  type(keys: string): void;
  /** Takes the terminal away. */
  hangUp(): void;
  /** Its exit code. Rejects after the bound. */
  ended(boundMs?: number): Promise<number | null>;
}

const isThere = (name: string): boolean =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Why there is no pseudo-terminal to be had here, or `undefined`. */
export const noTerminal: string | undefined = process.platform !== "linux"
  ? `pseudo-terminals are opened with script(1) of Linux, this is ${process.platform}`
  : isThere("script") && isThere("stty")
  ? undefined
  : "script and stty are not on PATH: install util-linux (bsdutils) and coreutils";

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

const usualMs = 60_000;

const within = async <A>(work: Promise<A>, ms: number, message: () => string): Promise<A> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), ms);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Runs a command in a pseudo-terminal, and what it writes in a terminal emulator. */
export const startTerminal = (command: readonly string[], options: TerminalOptions): Terminal => {
  const { columns, rows, cwd, env } = options;
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
  const line = `stty rows ${rows} cols ${columns}; exec ${command.map(quoted).join(" ")}`;
  const child = spawn("script", ["--quiet", "--flush", "--return", "--command", line, "/dev/null"], {
    cwd,
    env: { ...env, TERM: "xterm-256color", SHELL: "/bin/sh" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const looks = new Set<() => void>();
  child.stdout.on("data", (bytes: Uint8Array) =>
    emulator.write(bytes, () => {
      for (const look of [...looks]) look();
    }));
  child.stdin.on("error", () => {});
  const end = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  });
  end.catch(() => {});
  const screen = (): string => {
    const buffer = emulator.buffer.active;
    const lines = Array.from({ length: rows }, (_, at) => buffer.getLine(buffer.viewportY + at));
    return lines.map((each) => each?.translateToString(true) ?? "").join("\n").trimEnd();
  };
  return {
    screen,
    until: async (what, wanted, boundMs = usualMs) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const look = (): void => {
        if (wanted(screen())) resolve(screen());
      };
      looks.add(look);
      look();
      const early = end.then((code) => {
        if (wanted(screen())) return screen();
        throw new Error(`it ended with ${code} before: ${what}\n${screen()}`);
      });
      try {
        return await within(
          Promise.race([promise, early]),
          boundMs,
          () => `not within ${boundMs} ms: ${what}\n${screen()}`,
        );
      } finally {
        looks.delete(look);
      }
    },
    type: (keys) => void child.stdin.write(keys),
    hangUp: () => void child.kill("SIGKILL"),
    ended: (boundMs = usualMs) => within(end, boundMs, () => `it did not end:\n${screen()}`),
  };
};
