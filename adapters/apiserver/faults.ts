import { type ApiError, internalError, tooManyRequests } from "./api_error.ts";
import type { PlannedFault } from "./planned_fault.ts";
import type { ServerRequest } from "./request.ts";
import type { ServerState } from "./state.ts";

const errorOf = ({ code, retryAfterSeconds }: PlannedFault): ApiError => {
  switch (code) {
    case 429:
      return tooManyRequests("Too many requests, please try again later.", retryAfterSeconds ?? 1);
    case 500:
      return internalError("a fault that was planned");
    case 503: {
      const seconds = retryAfterSeconds ?? 1;
      const message = "the server is currently unable to handle the request";
      const headers = { "retry-after": `${seconds}` };
      return {
        code,
        reason: "ServiceUnavailable",
        message,
        details: { retryAfterSeconds: seconds },
        headers,
      };
    }
  }
};

/** The state in which the next requests of a kind fail. The first plan that fits a request answers it. */
export const planFault = (state: ServerState, fault: PlannedFault): ServerState => ({
  ...state,
  faults: [...state.faults, fault],
});

const fits = ({ method, path }: PlannedFault, request: ServerRequest): boolean =>
  (method === undefined || method === request.method) &&
  (path === undefined || request.path.startsWith(path));

/** The fault that this request meets, and the state in which it has been used; `undefined` when it meets none. */
export const meetFault = (
  state: ServerState,
  request: ServerRequest,
): { readonly state: ServerState; readonly error: ApiError } | undefined => {
  const at = state.faults.findIndex((fault) => fits(fault, request));
  const fault = state.faults[at];
  if (fault === undefined) return undefined;
  const left = fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
  const faults = [...state.faults.slice(0, at), ...left, ...state.faults.slice(at + 1)];
  return { state: { ...state, faults }, error: errorOf(fault) };
};
