import process from "node:process";

/** What a person wants by a key. */
export interface KeyWishes {
  readonly up: () => void;
  readonly down: () => void;
  readonly end: () => void;
}

const meanings: Readonly<Record<string, keyof KeyWishes>> = {
  "\x1b[A": "up",
  "\x1bOA": "up",
  k: "up",
  "\x1b[B": "down",
  "\x1bOB": "down",
  j: "down",
  "\t": "down",
  q: "end",
  Q: "end",
  // Ctrl-C and Ctrl-D: the terminal sends no signals while keys are read
  "\x03": "end",
  "\x04": "end",
};

// deno-lint-ignore no-control-regex
const key = /\x1b[\[O][0-9;]*[A-Za-z~]|[^]/gu;

/** Reads keys from a terminal until it is closed; does nothing where there is none. */
export const readKeys = (wishes: KeyWishes): () => void => {
  const { stdin } = process;
  if (stdin.isTTY !== true) return () => {};
  const read = (data: Uint8Array | string): void => {
    for (const [text] of data.toString().matchAll(key)) {
      const meaning = meanings[text];
      if (meaning !== undefined) wishes[meaning]();
    }
  };
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.on("data", read);
  // a terminal that is gone takes the demo with it
  stdin.once("end", wishes.end);
  return () => {
    stdin.off("data", read);
    stdin.off("end", wishes.end);
    stdin.setRawMode(false);
    stdin.pause();
  };
};
