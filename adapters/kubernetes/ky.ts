import ky from "ky";
import type { ApiPort } from "../ports.ts";
import type { Fetch } from "./body.ts";
import { fetchApi, type FetchApiOptions } from "./fetch_api.ts";

/** Where the API server is and how requests reach it. */
export type KyApiOptions = FetchApiOptions;

// Our retry policy is the only one, and an answer is an answer whatever its status.
const settings = { retry: 0, throwHttpErrors: false, timeout: false } as const;

/**
 * ky builds a `Request` and several `Headers` of all that it is given, although another function sends the request, and
 * an instance with defaults merges them each time: the URL and the settings alone cost a third of that.
 */
const throughKy = (fetch: Fetch): Fetch => (url, init) =>
  ky(url, { ...settings, fetch: () => fetch(url, init) as Promise<Response> });

/**
 * The {@link ApiPort} over ky and any `fetch`. Runs wherever `fetch` does.
 * Never retries, never throws, and never puts a credential into a message.
 *
 * @example
 * ```ts
 * const api = kyApi({ server: "https://cluster.example:6443", token: "…" });
 * ```
 */
export const kyApi = (options: KyApiOptions): ApiPort =>
  fetchApi({ ...options, fetch: throughKy(options.fetch ?? ((url, init) => globalThis.fetch(url, init))) });
