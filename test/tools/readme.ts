import { readText } from "./files.ts";

/** One code block of the README. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** From the comment before it: the file that it shows, or the test that runs its commands. */
  readonly file: string | undefined;
}

/** The README's code blocks, in order. */
export const readmeBlocks = (): readonly Block[] => {
  const readme = readText("README.md");
  const pattern = /(?:<!-- (\S+) -->\s*)?^```(\w+)\n([\s\S]*?)^```$/gm;
  return [...readme.matchAll(pattern)].map(([, file, language = "", text = ""]) => ({
    language,
    text,
    file,
  }));
};

/** The commands of its shell blocks that a test runs, in order. */
export const readmeCommands = (test: string): readonly string[] =>
  readmeBlocks().filter(({ language, file }) => language === "sh" && file === test)
    .flatMap(({ text }) => text.split("\n").filter((line) => line.trim() !== ""));
