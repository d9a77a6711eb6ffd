/** What is to be held of one pod, and no more: who wants it, and which instances of its containers there have been. */
export interface Life {
  readonly uid: string;
  readonly name: string;
  readonly containers: readonly string[];
  readonly policy: "Always" | "OnFailure" | "Never";
  /** What the API has: the pod, the pod being deleted, or no pod any more. */
  api: "wanted" | "leaving" | "gone";
  /** What of that the agent was told; nothing since it was started. */
  heard: Life["api"] | undefined;
  phase: string;
  /** By container, the highest instance that was started. */
  readonly started: Map<string, number>;
  readonly live: Set<string>;
  /** Its image was changed since its containers were started. */
  changed: boolean;
  /** The back end has held it and holds it no more. */
  past: boolean;
}

/** The model: the lives of all pods there have been, and what was done against its rules. */
export interface Lives {
  readonly all: Life[];
  readonly broken: string[];
}

export const makeLives = (): Lives => ({ all: [], broken: [] });

export const lifeOf = ({ all }: Lives, uid: string): Life | undefined => all.find((life) => life.uid === uid);

/** The pod that has this name now. */
export const named = ({ all }: Lives, name: string): Life | undefined =>
  all.find((life) => life.name === name && life.api !== "gone");

const isFinal = (phase: string): boolean => phase === "Succeeded" || phase === "Failed";

const order = ["", "Pending", "Running"];

/** The API shows the pod in this phase. A final phase is the last one, and what runs has not ended. */
export const showPhase = ({ broken }: Lives, life: Life, phase: string): void => {
  const { phase: before, live, uid } = life;
  life.phase = phase;
  if (phase === before) return;
  if (isFinal(before)) broken.push(`${uid}: ${before} became ${phase}`);
  if (!isFinal(phase) && order.indexOf(phase) < order.indexOf(before)) {
    broken.push(`${uid}: ${before} became ${phase}`);
  }
  if (isFinal(phase) && live.size > 0) broken.push(`${uid}: ${phase} while ${[...live]} run`);
};

/** The back end starts an instance because the agent asked for it. */
export const startedBy = (
  { broken }: Lives,
  life: Life | undefined,
  container: string,
  instance: number,
): void => {
  if (life === undefined) return void broken.push(`${container} of an unknown pod is started`);
  const { uid, heard, phase, live, started } = life;
  const what = `${uid}/${container}#${instance}`;
  if (heard !== "wanted") broken.push(`${what} is started, but the pod is ${heard}`);
  if (isFinal(phase)) broken.push(`${what} is started after ${phase}`);
  if (live.has(container)) broken.push(`${what} is started beside #${started.get(container)}`);
  if (instance <= (started.get(container) ?? -1)) broken.push(`${what} is started again`);
  begin(life, container, instance);
};

/** An instance runs, whoever started it. */
export const begin = (life: Life, container: string, instance: number): void => {
  life.started.set(container, instance);
  life.live.add(container);
};

/** The agent asks the back end to stop, or to remove, what it holds of a pod. */
export const stoppedBy = ({ broken }: Lives, life: Life | undefined, what: string): void => {
  if (life === undefined) return void broken.push(`${what} of what is not ours`);
  const { heard, phase, changed, uid } = life;
  const may = heard === "leaving" || heard === "gone" || isFinal(phase) ||
    (changed && what === "StopContainer");
  if (!may) broken.push(`${uid}: ${what}, but the pod is ${heard} and ${phase}`);
};

/** The back end lets go of a pod because the agent asked for it. */
export const removedBy = (lives: Lives, life: Life | undefined): void => {
  stoppedBy(lives, life, "RemovePod");
  if (life !== undefined && life.live.size > 0) {
    lives.broken.push(`${life.uid}: removed while ${[...life.live]} run`);
  }
};

/** The object is removed from the API because the agent asked for it. */
export const finalizedBy = ({ broken }: Lives, { uid, heard, live }: Life): void => {
  if (heard !== "leaving") broken.push(`${uid}: its object is removed, but it is ${heard}`);
  if (live.size > 0) broken.push(`${uid}: its object is removed while ${[...live]} run`);
};

/** Whether its policy wants a container that ended like this again. */
export const wantsAgain = ({ policy }: Life, exitCode: number): boolean =>
  policy === "Always" || (policy === "OnFailure" && exitCode !== 0);

/** What is not as it must be when nothing has gone wrong for long: `held` are the UIDs that the back end has. */
export const unsettled = ({ all }: Lives, held: ReadonlySet<string>): readonly string[] =>
  all.flatMap(({ uid, api, phase, live, containers, policy, past }) => [
    ...(api === "leaving" ? [`${uid} is still there`] : []),
    ...(api === "gone" && held.has(uid) ? [`${uid} is held, but not in the API`] : []),
    ...(isFinal(phase) && live.size > 0 ? [`${uid} is ${phase} and runs`] : []),
    ...(api === "wanted" && !isFinal(phase) && live.size === 0
      ? [`${uid} is ${phase} and does not run`]
      : []),
    ...(api === "wanted" && !isFinal(phase) && phase !== "Running" ? [`${uid} runs and is ${phase}`] : []),
    ...(api === "wanted" && policy === "Always" && !past && isFinal(phase) ? [`${uid} is ${phase}`] : []),
    ...(api === "wanted" && policy === "Always" && !isFinal(phase) && live.size < containers.length
      ? [`${uid}: only ${[...live]} run`]
      : []),
  ]);
