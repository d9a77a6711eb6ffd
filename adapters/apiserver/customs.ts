import { authCustoms } from "./auth/customs.ts";
import type { Custom } from "./call.ts";
import { podCustoms } from "./kinds/customs.ts";
import { proxyCustoms } from "./proxy/customs.ts";

/** Everything with a manner of its own, by `resource` or `resource/subresource`. */
export const customs: Readonly<Record<string, Custom>> = { ...authCustoms, ...podCustoms, ...proxyCustoms };
