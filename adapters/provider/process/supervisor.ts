import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ProviderError } from "../../provider_error.ts";
import { digest, instanceDir, type InstanceKey, type Layout, notePrefix } from "./layout.ts";

/**
 * What runs one instance, so that it needs nobody: a shell in a session of its own (the supervisor), which starts a
 * second one in another session; that one becomes the command. Records are files of the instance's folder:
 *
 * | record | made by | how | says |
 * |---|---|---|---|
 * | `claim` | supervisor | created exclusively | who runs this instance; a second supervisor ends here |
 * | `pid` | the command's process, before it becomes the command | hard link, exclusive and whole | who the command is |
 * | `failed` | the same | one write | why there was nothing to become |
 * | `exit` | supervisor | created exclusively | the exit code; its modification time is the finish time |
 *
 * Every record ends in the word `end`; one without it was cut off. Killed with -9 at any point, this follows:
 *
 * | killed | after | found later | resolved as |
 * |---|---|---|---|
 * | agent | making the folder | no claim | not started: `start` spawns again |
 * | agent | spawning | no claim yet | as before; whichever supervisor claims first runs, the other ends |
 * | supervisor | creating `claim` | claim empty for 2 s, or its process dead, and no `pid` | the agent takes `pid`: never ran |
 * | supervisor | starting the shell of the command | claim's process dead, no `pid` | the agent or that shell takes `pid`, one of them; if the agent, it never runs |
 * | the command's shell | before `pid` | supervisor ends, no `pid` | the agent takes `pid`: never ran |
 * | supervisor | `pid` | claim's process dead, the command's alive | still running, looked after by the agent |
 * | supervisor | the command's end | both dead, no `exit` or an empty one | ended, exit code unknown (137) |
 * | both, or the machine | `pid` | another boot id, or start times that differ | ended, exit code unknown (137) |
 * | agent | any time later | `pid`, then `exit` | running, then ended, as if nothing had happened |
 *
 * After a loss of power the file system may have forgotten the records of the last seconds; only then can an instance
 * be started again.
 */
const script =
  `# Runs one instance of a container for virtual-kubelet (adapters/provider/process/supervisor.ts).
# supervise|run <instance folder> <note> <working directory> <number of variables VK_0…> =<command> =<argv…>
umask 077
vk_dir=$2 vk_note=$3 vk_work=$4 vk_count=$5 vk_command=\${6#=}

vk_identity() {
  read -r vk_stat < "/proc/$$/stat" && read -r vk_boot < /proc/sys/kernel/random/boot_id || exit 125
  set -- \${vk_stat##*) }
  vk_me="$$ \${20} $vk_boot end"
}

vk_supervise() {
  trap : HUP INT QUIT TERM USR1 USR2 ALRM
  vk_identity
  set -C
  { printf '%s\\n' "$vk_me" > "$vk_dir/claim"; } 2> /dev/null || exit 0
  shift
  if command -v setsid > /dev/null; then
    setsid /bin/sh "$0" run "$@"
  else
    set -m
    /bin/sh "$0" run "$@"
  fi
  vk_code=$?
  vk_pid=void
  read -r vk_pid vk_rest < "$vk_dir/pid"
  if [ "$vk_pid" != void ]; then
    kill -9 "-$vk_pid"
    printf '%s end\\n' "$vk_code" > "$vk_dir/exit"
  fi
  : > "$vk_note.x"
}

vk_fail() {
  printf '%s end\\n' "$1" > "$vk_dir/failed"
  exit 128
}

vk_runnable() {
  [ -e "$1" ] || return 1
  [ -f "$1" ] && [ -x "$1" ] && return 0
  vk_why=denied
  return 1
}

vk_find() {
  vk_why=missing
  case $1 in */*) vk_runnable "$1" || vk_fail "$vk_why"; return ;; esac
  vk_left=$PATH:
  while [ -n "$vk_left" ]; do
    vk_part=\${vk_left%%:*} vk_left=\${vk_left#*:}
    vk_runnable "\${vk_part:-.}/$1" && return
  done
  vk_fail "$vk_why"
}

vk_run() {
  exec >> "$vk_dir/log" 2>&1 || exit 125
  vk_identity
  { printf '%s\\n' "$vk_me" > "$vk_dir/pid.new" && ln "$vk_dir/pid.new" "$vk_dir/pid"; } 2> /dev/null || exit 125
  : > "$vk_note.s"
  cd "$vk_work" 2> /dev/null || vk_fail directory
  umask 022
  shift 6
  for vk_each in "$@"; do
    shift
    set -- "$@" "\${vk_each#=}"
  done
  while [ "$vk_count" -gt 0 ]; do
    vk_count=$((vk_count - 1))
    eval "export \\"\\$VK_$vk_count\\"; unset VK_$vk_count"
  done
  vk_find "$vk_command"
  unset PWD OLDPWD SHLVL
  exec "$@"
}

case $1 in
supervise) vk_supervise "$@" ;;
run) vk_run "$@" ;;
esac
`;

/** The script's path, made when missing. Its name has its hash: a newer agent never changes one that is being run. */
const scriptPath = (layout: Layout): string => {
  const path = join(layout.base, `supervisor-${digest(script)}.sh`);
  if (!existsSync(path)) {
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, script, { mode: 0o700 });
    renameSync(temporary, path);
  }
  return path;
};

/** What an instance runs, nothing left to look up. */
export interface Command {
  /** The program, as the container names it. */
  readonly program: string;
  readonly argv: readonly string[];
  readonly workingDir: string;
  /** `NAME=value`, for the names that a shell can export. */
  readonly exported: readonly string[];
}

/** What the supervisor itself needs; the command gets the pod's. */
const toolPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Starts a supervisor for the instance, which runs the command unless another one was first. The variables reach it
 * through its environment (only readable by the same user), never through its arguments or a file.
 */
export const spawnSupervisor = (layout: Layout, key: InstanceKey, command: Command): ChildProcess => {
  const variables = command.exported.map((text, at) => [`VK_${at}`, text]);
  // Deno rewrites what follows its own path among a shell's arguments as if it were meant for Node
  const words = [command.program, ...command.argv].map((word) => `=${word}`);
  const given = [command.workingDir, String(command.exported.length), ...words];
  try {
    return spawn(
      "/bin/sh",
      [scriptPath(layout), "supervise", instanceDir(layout, key), notePrefix(layout, key), ...given],
      {
        detached: true,
        stdio: "ignore",
        cwd: "/",
        env: { PATH: toolPath, ...Object.fromEntries(variables) },
      },
    );
  } catch (cause) {
    throw notSpawned(key, cause);
  }
};

/** No supervisor came to be: surely nothing has run. */
export const notSpawned = (key: InstanceKey, cause: unknown): ProviderError => {
  const code = (cause as { code?: string }).code;
  const text = cause instanceof Error ? cause.message : String(cause);
  const bad = code === "E2BIG" || code === "ERR_INVALID_ARG_VALUE" || cause instanceof TypeError;
  return new ProviderError(
    bad ? "InvalidInput" : "Unavailable",
    `container "${key.container}" of pod ${key.uid} could not be started: ${
      code === "E2BIG" ? "its arguments and environment are too long for the system" : text
    }`,
    { cause },
  );
};
