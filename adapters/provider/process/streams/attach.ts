import type { ObjectRef } from "../../../../core/kubernetes/meta.ts";
import type { CommandOptions, RunningCommand } from "../../../ports.ts";
import { ProviderError } from "../../../provider_error.ts";
import type { Layout } from "../layout.ts";
import { openLog } from "../logs.ts";
import type { News } from "../news.ts";
import { placeOf } from "./place.ts";

const newLines = { follow: true, previous: false, timestamps: false, tailLines: 0 } as const;

/** The log of a container from now on, both of its streams as one, until it ends. */
export const attachTo = (
  layout: Layout,
  news: News,
  pod: ObjectRef,
  container: string,
  { stdin, stdout, stderr, signal }: CommandOptions,
): RunningCommand => {
  placeOf(layout, pod, container);
  if (stdin !== undefined) {
    throw new ProviderError(
      "Unsupported",
      `container "${container}" reads no input: its process was started without stdin`,
    );
  }
  const output = openLog(layout, news, pod, container, { ...newLines, signal });
  const exit = Promise.resolve(undefined);
  return stdout ? { stdout: output, exit } : stderr ? { stderr: output, exit } : { exit };
};
