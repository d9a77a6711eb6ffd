import { command, type ProgramCommand } from "../cli/command.ts";
import { demoSettings } from "./settings.ts";

const notes =
  `It needs no cluster: an in-memory Kubernetes API server and the nodes run in this one process, and two sample
pods on them. It listens on 127.0.0.1 only. Ctrl-C stops everything that was started and leaves nothing
behind; with --keep, only what the next start needs.
`;

/** `vk demo`. */
export const demoCommand: ProgramCommand = command({
  name: "demo",
  help: "try it out: a cluster of its own with a node and two pods, on this machine",
  settings: demoSettings,
  notes,
  run: async (call) => await (await import("./demo.ts")).demo(call),
});
