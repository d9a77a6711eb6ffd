import * as E from "fp-ts/lib/Either.js";
import type { Refusal } from "../../kubelet/log_options.ts";

/** What of a command is wanted: the query of `/exec` and `/attach`. */
export interface CommandRequest {
  /** The program and its arguments; of `/attach` empty. */
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** A query in its order, repeated names and all. */
export type QueryPairs = Iterable<readonly [string, string]>;

/** Only `1` counts as true, and of a repeated name the first. A terminal has no stderr of its own: it is dropped. */
export const readCommandRequest = (query: QueryPairs): E.Either<Refusal, CommandRequest> => {
  const pairs = [...query];
  const isSet = (name: string): boolean => pairs.find(([each]) => each === name)?.[1] === "1";
  const tty = isSet("tty");
  const [stdin, stdout, stderr] = [isSet("input"), isSet("output"), isSet("error") && !tty];
  if (!stdin && !stdout && !stderr) {
    return E.left({ status: 400, message: "you must specify at least 1 of stdin, stdout, stderr" });
  }
  const command = pairs.filter(([name]) => name === "command").map(([, value]) => value);
  return E.right({ command, stdin, stdout, stderr, tty });
};
