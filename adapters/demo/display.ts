import process from "node:process";
import { plainLines } from "./plain.ts";
import type { View } from "./view.ts";

/** Where views are shown. */
export interface Display {
  show(view: View): void;
  /** Shows the last view, and gives the terminal back. */
  close(): void;
}

const frameMs = 50;

/** Redraws in place, no more than twenty times a second. */
export const screenDisplay = async (colours: boolean): Promise<Display> => {
  const [{ createLogUpdate }, { screen }, { paint }] = await Promise.all([
    import("log-update"),
    import("./screen.ts"),
    import("./paint.ts"),
  ]);
  const { stdout } = process;
  // a terminal that is gone is told by a signal
  stdout.on("error", () => {});
  const update = createLogUpdate(stdout, { showCursor: true });
  let latest: View | undefined, timer: ReturnType<typeof setTimeout> | undefined;
  const draw = (): void => {
    timer = undefined;
    const { columns = 80, rows = 24 } = stdout;
    if (latest !== undefined) update(paint(screen(latest, { columns, rows }), colours));
  };
  const soon = (): void => {
    timer ??= setTimeout(draw, frameMs);
  };
  stdout.on("resize", soon);
  stdout.write("\x1b[?25l");
  return {
    show: (view) => {
      latest = view;
      soon();
    },
    close: () => {
      clearTimeout(timer);
      draw();
      stdout.off("resize", soon);
      update.done();
      stdout.write("\x1b[?25h");
    },
  };
};

/** A line for each thing that has changed. */
export const plainDisplay = (first: View, write: (text: string) => void): Display => {
  let before = first;
  const { server, hint, commands, ending } = first.facts;
  for (const line of [`API server ${server}`, hint, ...commands, ending]) write(`${line}\n`);
  return {
    show: (view) => {
      for (const line of plainLines(before, view)) write(`${line}\n`);
      before = view;
    },
    close: () => {},
  };
};
