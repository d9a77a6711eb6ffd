import type { Fetch } from "../../adapters/kubernetes/body.ts";
import { denoTransport } from "../../adapters/kubernetes/fetch_deno.ts";
import { nodeTransport } from "../../adapters/kubernetes/fetch_node.ts";
import { transportContract } from "./api_port_transport.ts";

transportContract("undici.request", nodeTransport);
if ("Deno" in globalThis) {
  transportContract("Deno's fetch", denoTransport, { ca: true, keepsConnections: true, otherNames: false });
}

/** As on an edge runtime: nothing but the global `fetch`. */
const globalFetch: Fetch = (url, init) => fetch(url, init);
transportContract(
  "the global fetch",
  () => ({ fetch: globalFetch, close: () => Promise.resolve() }),
  { ca: false, keepsConnections: "Deno" in globalThis, otherNames: false },
);
