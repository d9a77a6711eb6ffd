import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** The user's folder for what outlives a program. */
export const userStateHome = (): string => {
  const { XDG_STATE_HOME = "" } = process.env;
  return join(XDG_STATE_HOME === "" ? join(homedir(), ".local", "state") : XDG_STATE_HOME, "virtual-kubelet");
};

/** The same, but the machine's own for its administrator. */
export const stateHome = (): string =>
  process.getuid?.() === 0 ? "/var/lib/virtual-kubelet" : userStateHome();
