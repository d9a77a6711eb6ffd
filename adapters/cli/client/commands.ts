import { command, type ProgramCommand } from "../command.ts";
import { applySettings } from "./apply_settings.ts";
import { deleteSettings } from "./delete_settings.ts";
import { getSettings } from "./get_settings.ts";
import { logsSettings } from "./logs_settings.ts";

// what a command does is loaded when it is asked for: the help and the others need none of it

/** Commands for people, on any cluster: a little of what kubectl does, where there is none. */
export const clientCommands: readonly ProgramCommand[] = [
  command({
    name: "get",
    operands: "<kind> [name...]",
    help: "show objects: get pods, get nodes -o wide, get pod web -o yaml, get events -A -w",
    settings: getSettings,
    run: async (call) => await (await import("./get.ts")).get(call),
  }),
  command({
    name: "apply",
    help: "make objects what a file says (server-side apply)",
    settings: applySettings,
    run: async (call) => await (await import("./apply.ts")).apply(call),
  }),
  command({
    name: "delete",
    operands: "[kind] [name...]",
    help: "delete objects: delete pod web, delete -f FILE",
    settings: deleteSettings,
    run: async (call) => await (await import("./delete.ts")).deleteObjects(call),
  }),
  command({
    name: "logs",
    operands: "<pod>",
    help: "show what a container has written",
    settings: logsSettings,
    run: async (call) => await (await import("./logs.ts")).logs(call),
  }),
];
