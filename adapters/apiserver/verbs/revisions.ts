import type { ApiError } from "../api_error.ts";

/** Where the real API server does not say why, only that. */
export const invalidRevision = (text: string, fault: string): ApiError => ({
  code: 500,
  reason: "",
  message: `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${fault}`,
});

/** A version that is not there yet. The real API server waits for it for three seconds before it says so. */
export const tooLargeRevision = (asked: number, current: number): ApiError => ({
  code: 504,
  reason: "Timeout",
  message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
  details: {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  },
  headers: { "retry-after": "1" },
});
