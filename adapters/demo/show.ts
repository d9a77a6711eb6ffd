import process from "node:process";
import type { ApiPort, Logger } from "../ports.ts";
import { type Display, plainDisplay, screenDisplay } from "./display.ts";
import { aborted } from "./ending.ts";
import { followAll } from "./follow.ts";
import { podLog } from "./pod_log.ts";
import { type Facts, fold, initialView, type News, shownPod, type View } from "./view.ts";

/** What is shown, and how. */
export interface ShowOptions {
  readonly facts: Facts;
  readonly onScreen: boolean;
  readonly colours: boolean;
  /** Takes text where there is no screen. */
  readonly write: (text: string) => void;
}

/** The view as it is, and the way to change it. */
export interface Show {
  readonly view: View;
  tell(news: News): void;
  /** Resolves when the view is as wanted. */
  until(wanted: (view: View) => boolean): Promise<void>;
  /** Follows the cluster until the signal aborts. */
  follow(api: ApiPort, logger: Logger, signal: AbortSignal): Promise<void>;
  close(): void;
}

const tickMs = 1_000;

const open = ({ onScreen, colours, write }: ShowOptions, first: View): Promise<Display> | Display =>
  onScreen ? screenDisplay(colours) : plainDisplay(first, write);

/** Opens a screen, or says its first lines. */
export const openShow = async (options: ShowOptions): Promise<Show> => {
  let view = initialView(options.facts, Date.now());
  const display = await open(options, view);
  const listeners = new Set<(view: View) => void>();
  const tell = (news: News): void => {
    view = fold(view, news);
    display.show(view);
    for (const listener of [...listeners]) listener(view);
  };
  const ticking = setInterval(() => tell({ _tag: "Passed", wall: Date.now() }), tickMs);
  display.show(view);

  const follow: Show["follow"] = async (api, logger, signal) => {
    const log = podLog(api, tell);
    const showLog = (view: View): void => log.show(shownPod(view));
    listeners.add(showLog);
    try {
      await followAll(api, tell, logger, signal);
      await aborted(signal);
    } finally {
      listeners.delete(showLog);
      log.close();
    }
  };
  return {
    get view() {
      return view;
    },
    tell,
    until: (wanted) =>
      new Promise((resolve) => {
        const look = (view: View): void => {
          if (!wanted(view)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look(view);
      }),
    follow,
    close: () => {
      clearInterval(ticking);
      display.close();
    },
  };
};

/** Whether a person sees it as it is drawn. */
export const isTerminal = (): boolean => process.stdout.isTTY === true;
