import { createServer } from "node:net";
import { SettingsError } from "../cli/settings_error.ts";

const host = "127.0.0.1";

/** The port if it is free, or any free one for 0; `undefined` when it is taken. */
const tryPort = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : undefined));
    });
  });

/** A port of this machine that nothing listens on. Throws {@link SettingsError} when the one asked for is taken. */
export const freePort = async (flag: string, asked: number | undefined, usual: number): Promise<number> => {
  const found = await tryPort(asked ?? usual) ?? (asked === undefined ? await tryPort(0) : undefined);
  if (found !== undefined) return found;
  throw new SettingsError(
    `${flag}: port ${
      asked ?? usual
    } of ${host} is taken or may not be used; give another one, or leave ${flag} away`,
  );
};
