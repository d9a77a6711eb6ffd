import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readText } from "../../tools/files.ts";
import { coreRows } from "./rows/core.ts";
import { groupRows } from "./rows/groups.ts";
import { podSecurityRows } from "./rows/pod_security.ts";
import { podSurroundingsRows } from "./rows/pod_surroundings.ts";
import { podRows } from "./rows/pods.ts";
import type { Body, Row } from "./rows/row.ts";
import type { Reply, Target } from "./target.ts";

export const creationRows: readonly Row[] = [
  ...podRows,
  ...podSecurityRows,
  ...podSurroundingsRows,
  ...coreRows,
  ...groupRows,
];

/** Where the real API server's answers are: written by `rows/record.ts`. */
export const answersPath = "test/contract/apiserver/rows/answers.json";

/** What is another one each time, or on each server. */
const volatile = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"] as const;

const steady = (text: string, namespace: string): string =>
  text
    .replaceAll(namespace, "$NS")
    .replace(/kube-api-access-[a-z0-9]{5}/g, "kube-api-access-00000")
    .replace(/"x-[a-z0-9]{5}"/g, '"x-00000"')
    .replace(/"(last(?:Phase)?TransitionTime)":"[^"]+"/g, '"$1":"then"')
    .replace(/"nodePort":3\d{4}/g, '"nodePort":30000')
    .replace(/10\.96\.\d+\.\d+/g, "10.96.0.0");

/** An answer without what is another one each time. Nothing protects volumes and claims of ours from deletion. */
export const steadyAnswer = ({ status, headers, body }: Reply, namespace: string): Body => {
  const { metadata, ...rest } = body;
  const kept = { ...metadata };
  for (const name of volatile) delete kept[name];
  if (["PersistentVolume", "PersistentVolumeClaim"].includes(rest.kind)) delete kept.finalizers;
  const warning = headers.get("warning");
  const answer = { status, ...(warning === null ? {} : { warning }), body: { ...rest, metadata: kept } };
  return JSON.parse(steady(JSON.stringify(answer), namespace));
};

/** Asks for the row's object, and that it be not stored. */
export const ask = (target: Target, row: Row, namespace: string): Promise<Reply> => {
  const path = row.namespaced ? `/namespaces/${namespace}/${row.plural}` : `/${row.plural}`;
  const body = JSON.stringify(row.body).replaceAll("$NS", namespace);
  return target.send("POST", `${row.base}${path}`, { body, query: { dryRun: "All" } });
};

export const answerName = ({ base, kind, why }: Row): string => `${base} ${kind}: ${why}`;

/** What becomes of a new object of each kind: defaults, what admission adds, refusals; word for word as the real one's. */
export const creationContract = (target: Target): void => {
  const test = suite(`${target.name}: creation`);
  const answers: Readonly<Record<string, Body>> = JSON.parse(readText(answersPath));
  let namespace: Promise<string> | undefined;

  for (const row of creationRows) {
    test(answerName(row), async () => {
      namespace ??= target.namespace();
      const reply = await ask(target, row, await namespace);
      assert.equal(steadyAnswer(reply, await namespace), answers[answerName(row)]);
    });
  }

  test.run();
};
