import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Audited, audited, noAudit, wideReads } from "./audit.ts";
import { noIdentity, openWorld, type Who, type World } from "./e2e.ts";
import { podProcesses } from "./pod_processes.ts";
import { testUnless } from "./skip.ts";
import { until } from "./until.ts";

/** Adds a test on a running agent. */
export type WorldTest = (name: string, body: (world: World) => Promise<void>) => void;

const shownLines = 60;

const showLog = (world: World): void => {
  const lines = world.agent.lines(true).slice(-shownLines);
  console.log(`\nthe end of the log of ${world.node}:`);
  for (const line of lines) console.log(JSON.stringify(line));
};

/**
 * The only things that a node may not ask for and that we ask for all the same. (A token is refused for a pod that is gone by
 * then, or that an authorizer which was just started does not know yet.)
 */
const refusedReads = /\/configmaps\/extension-apiserver-authentication$|\/serviceaccounts\/[^/]+\/token$/;

/** What a request is about, however often and from where on it is watched. */
const subjectOf = ({ uri }: Audited): string => {
  const { pathname, searchParams } = new URL(uri, "https://api");
  return `${pathname} ${searchParams.get("fieldSelector") ?? ""}`;
};

const checkRequests = (world: World): void => {
  const requests = audited(`system:node:${world.node}`, world.since);
  assert.ok(requests.length > 0, "the audit log has the agent's requests");
  assert.equal(wideReads(requests, world.node), [], "lists and watches of more than the node's own");
  // the authorizer learns of pods a little later than we do, most of all after the API server was started again
  const granted = new Set(requests.filter(({ code }) => code < 300).map(subjectOf));
  const isGranted = (request: Audited): boolean => granted.has(subjectOf(request));
  const refused = requests.filter((each) =>
    each.code === 403 && !refusedReads.test(each.uri) && !isGranted(each)
  );
  assert.equal(refused.map(({ verb, uri }) => `${verb} ${uri}`), [], "requests that a node may not make");
};

/** A suite of tests on one agent under one identity, after each other. Its last tests show what must hold in any case. */
export const suiteAs = (
  who: Who,
  name: string,
  describe: (test: WorldTest) => void,
  options: Parameters<typeof openWorld>[2] = {},
): void => {
  const isReal = options.where !== "memory";
  const title = `${name}, as ${who}${isReal ? "" : ", on our own API server"}`;
  const test = suite(title);
  const missing = isReal ? noIdentity(who) : undefined;
  let opened: World | undefined;
  const add: WorldTest = (what, body) =>
    testUnless(missing, test, `${title}: ${what}`, async () => {
      if (opened === undefined) throw new Error("the node did not come up, see above");
      try {
        await body(opened);
      } catch (error) {
        showLog(opened);
        throw error;
      }
    });
  // not in `before`: uvu keeps silent about a hook that throws
  testUnless(missing, test, `${title}: the node comes up`, async () => {
    opened = await openWorld(name, who, options);
    opened.agent.start();
    try {
      await opened.agent.ready();
    } catch (error) {
      showLog(opened);
      throw error;
    }
  });
  describe(add);
  add("when its pods are gone, nothing of them runs", async (world) => {
    if (!world.agent.running) world.agent.start();
    await world.kubectl("delete", "deployments,statefulsets,jobs,pods", "--all", "--wait=false");
    await until("the pods are gone", async () => (await world.pods()).length === 0);
    await until("their processes are gone", () => podProcesses(world.root).length === 0);
  });
  if (who === "node" && isReal) {
    testUnless(missing ?? noAudit(), test, `${name}, as node: it reads nothing of other nodes`, () => {
      if (opened !== undefined) checkRequests(opened);
    });
  }
  test.after(async () => await opened?.close());
  test.run();
};

/** The same suite twice: an administrator's agent, and a node's under NodeRestriction. */
export const underBothIdentities = (
  name: string,
  describe: (test: WorldTest) => void,
  options: Parameters<typeof openWorld>[2] = {},
): void => {
  suiteAs("admin", name, describe, options);
  suiteAs("node", name, describe, options);
};

/** The same four times: under both identities, on the real API server and on ours. */
export const onBothServers = (
  name: string,
  describe: (test: WorldTest) => void,
  options: Parameters<typeof openWorld>[2] = {},
): void => {
  underBothIdentities(name, describe, options);
  underBothIdentities(name, describe, { ...options, where: "memory" });
};
