// Would the contract of an ApiPort notice? One thing is wrong with each of these.
import { suite } from "uvu";
import { makeApiServer } from "../../adapters/apiserver/server/api_server.ts";
import { kyApi } from "../../adapters/kubernetes/ky.ts";
import { runBites } from "../tools/bites.ts";
import { apiPortContract } from "./api_port.ts";
import { badApiPorts, type Change } from "./bad_api_ports.ts";
import type { Check } from "./check.ts";

const server = makeApiServer();

const checksOf = (change: Change = () => ({})): readonly Check[] =>
  apiPortContract({
    make: (speaker) => {
      const token = speaker === "admin" ? undefined : speaker.token;
      const fetch = speaker === "admin" ? server.fetch : server.fetchAs(undefined);
      const good = kyApi({ server: "https://api.invalid", fetch, token });
      return Promise.resolve({ api: { ...good, ...change(good) }, close: () => Promise.resolve() });
    },
    boundMs: 500,
    lookMs: 1,
  });

runBites("the contract of an ApiPort bites", badApiPorts, checksOf);

const end = suite("the server");
end("end", () => server.close());
end.run();
