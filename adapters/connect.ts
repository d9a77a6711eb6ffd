import type { Connected, ConnectOptions } from "./kubernetes/connect.ts";

/** `connect` of the runtime that this runs on: Deno's, where there is a `Deno`, otherwise Node's. */
export const connect = async (options: ConnectOptions = {}): Promise<Connected> => {
  const runtime = "Deno" in globalThis ? await import("./deno.ts") : await import("./node.ts");
  return await runtime.connect(options);
};
