import process from "node:process";

/** Nobody reads the output any more: `vk get pods | head`. */
export class ClosedOutput extends Error {
  override readonly name = "ClosedOutput";
}

const isClosed = (error: unknown): boolean =>
  ["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED"].includes(String((error as { code?: unknown }).code));

/** Writes to standard output, one text after the other; each resolves when its text is taken. */
export const standardOutput = (): (text: string) => Promise<void> => {
  // without a listener the runtime would end the program with a stack trace
  process.stdout.on("error", () => {});
  return (text) =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(isClosed(error) ? new ClosedOutput("the output is closed", { cause: error }) : error);
      });
    });
};
