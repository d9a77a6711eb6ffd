import type { ApiPort } from "../../adapters/ports.ts";
import { type ApiPortContext, askerOf, type Speaker } from "./api_port/context.ts";
import { encodingRows } from "./api_port/encodings.ts";
import { identityRows } from "./api_port/identities.ts";
import { objectRows } from "./api_port/objects.ts";
import { streamRows } from "./api_port/streams.ts";
import { type Check, checksOf, knownSkips, type Rows } from "./check.ts";
import { makePatience, type PatienceOptions } from "./patience.ts";

/** An adapter to be tried, with an API server behind it. */
export interface ApiPortSubject {
  readonly api: ApiPort;
  readonly close: () => Promise<void>;
}

/** An adapter, and what is known of it beforehand. */
export interface ApiPortContract extends PatienceOptions {
  /** With the credentials of a cluster's administrator, or with a token. */
  readonly make: (speaker: Speaker) => Promise<ApiPortSubject>;
  /** Names of checks that it cannot pass, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

const rows: Rows<ApiPortContext> = { ...objectRows, ...encodingRows, ...streamRows, ...identityRows };

const freshName = (): string => `api-port-${Math.random().toString(36).slice(2, 10)}`;

/**
 * What every `ApiPort` keeps with an API server behind it, as checks that any test framework can run. Each makes a namespace
 * of its own and deletes it.
 */
export const apiPortContract = (contract: ApiPortContract): readonly Check[] => {
  const { make, skip = {} } = contract;
  const patience = makePatience(contract);
  const as: ApiPortContext["as"] = async (speaker, use) => {
    const { api, close } = await make(speaker);
    try {
      return await use(askerOf(api, patience));
    } finally {
      await close();
    }
  };
  const around = (row: (context: ApiPortContext) => Promise<void>): Promise<void> =>
    as("admin", async (asker) => {
      const namespace = freshName();
      const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
      await asker.ok({ method: "POST", path: "/api/v1/namespaces", body });
      try {
        await row({ ...asker, ...patience, as, namespace });
      } finally {
        await asker.send({ method: "DELETE", path: `/api/v1/namespaces/${namespace}` });
      }
    });
  return knownSkips(checksOf(rows, (name) => skip[name], around), skip);
};
