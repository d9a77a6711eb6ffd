import { type GridColumn, gridLines, type GridRow } from "./grid.ts";
import { clean, clip, type Line, plain, styled, widthOf } from "./line.ts";
import {
  eventColumns,
  eventRows,
  nodeColumns,
  nodeRows,
  podColumns,
  podName,
  podRows,
  troubleOf,
} from "./rows.ts";
import { type Need, share } from "./share.ts";
import { newestEvents, shownPod, type View } from "./view.ts";

/** What a terminal shows at a time. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Less than that and nothing can be told from it. */
const least: Size = { columns: 40, rows: 12 };

const tooSmall = ({ objects: { nodes, pods } }: View, { columns, rows }: Size): readonly Line[] =>
  [
    `${nodes.size} nodes, ${pods.size} pods`,
    `This terminal is ${columns}x${rows}; make it`,
    `at least ${least.columns}x${least.rows}.`,
  ].slice(0, Math.max(1, rows - 1)).map((text) => clip(plain(text), columns));

/** Between two ends of a line. */
const apart = (left: Line, right: Line, width: number): Line => {
  const room = width - widthOf(left) - widthOf(right);
  return room < 2 ? left : [...left, { text: " ".repeat(room) }, ...right];
};

const title = ({ facts: { server, hint } }: View, width: number): readonly Line[] => {
  const name = styled("bold", "Virtual Kubelet");
  const where = plain(`API server ${server}`);
  return [apart(name, where, width), plain(hint)];
};

/** A grid of no more than `height` lines; what does not fit is counted. */
const table = (
  columns: readonly GridColumn[],
  rows: readonly GridRow[],
  { columns: width, rows: height }: Size,
  none: string,
): readonly Line[] => {
  if (rows.length === 0) return [styled("dim", none)];
  if (rows.length < height) return gridLines(columns, rows, width);
  const counts = height > 2;
  const fitting = Math.max(1, height - (counts ? 2 : 1));
  // the row that is marked is always to be seen
  const marked = rows.findIndex(({ mark = "" }) => mark.trim() !== "");
  const first = Math.min(Math.max(0, marked - fitting + 1), rows.length - fitting);
  const lines = gridLines(columns, rows.slice(first, first + fitting), width);
  return counts ? [...lines, styled("dim", `… and ${rows.length - fitting} more`)] : lines;
};

/** The log of the pod that is shown, or why there is none. */
const logLines = (view: View, height: number): readonly Line[] => {
  const pod = shownPod(view);
  if (pod === undefined) return [styled("dim", "LOG")];
  const trouble = troubleOf(pod);
  const lines: readonly Line[] = [
    ...(view.log?.uid === pod.metadata.uid ? view.log.lines.map((line) => plain(clean(line))) : []),
    ...(trouble === "" ? [] : [styled("yellow", trouble)]),
  ];
  return [
    styled("dim", `LOG of ${podName(pod)}`),
    ...(lines.length > 0 ? lines.slice(-Math.max(1, height - 1)) : [styled("dim", "(nothing yet)")]),
  ];
};

/** A command in as many lines as it needs: a shell joins what a backslash ends, but for what is quoted. */
const folded = (command: string, width: number): readonly string[] => {
  if (command.length <= width || command.includes("'")) return [command];
  return [`${command.slice(0, width - 1)}\\`, ...folded(command.slice(width - 1), width)];
};

/** At most so many lines are kept for the first command, whatever else there is to see. */
const firstCommand = 3;

/** As many of the commands as fit, each of them whole: they are there to be copied. */
const commandLines = ({ facts: { commands } }: View, { columns, rows }: Size): readonly string[] => {
  const lines: string[] = [];
  for (const command of commands) {
    const next = folded(command, columns);
    if (lines.length + next.length > rows) return lines.length === 0 ? [command] : lines;
    lines.push(...next);
  }
  return lines;
};

const ending = ({ facts, note }: View): Line =>
  note === undefined ? styled("dim", facts.ending) : styled("yellow", note);

/** At most so many of them, however large the screen is. */
const most = { events: 8, log: 15, blanks: 6 };

/** How many lines each section gets: blank ones between, the head, nodes, pods, commands, events, the log. */
const heights = (view: View, columns: number, free: number): readonly number[] => {
  const { objects: { nodes, pods }, log } = view;
  const { commands: [first = ""] } = view.facts;
  const least = Math.min(folded(first, columns).length, firstCommand);
  const all = commandLines(view, { columns, rows: Infinity }).length;
  const shown = shownPod(view);
  const logged = (log?.lines.length ?? 0) + (shown === undefined || troubleOf(shown) === "" ? 0 : 1);
  const rows = (least: number, count: number): Need => ({ least, first: 2, most: Math.max(2, count + 1) });
  return share(free, [
    { least: 0, most: most.blanks },
    { least: 1, most: 2 },
    rows(2, nodes.size),
    rows(2, pods.size),
    { least, most: all },
    rows(0, Math.min(newestEvents(view).length, most.events)),
    rows(0, Math.min(logged, most.log)),
  ]);
};

/**
 * The demo's screen: lines that fit into the size. What there is no room for is counted, and blank lines go before
 * anything else does.
 */
export const screen = (view: View, size: Size): readonly Line[] => {
  const { columns } = size;
  if (columns < least.columns || size.rows < least.rows) return tooSmall(view, size);
  // the last row of a terminal is where its cursor rests, and the one before says how it ends
  const [blanks = 0, head = 0, nodes = 0, pods = 0, commands = 0, events = 0, log = 0] = heights(
    view,
    columns,
    size.rows - 2,
  );
  const seen = eventRows(view, events - 1);
  const sections = [
    title(view, columns).slice(0, head),
    table(nodeColumns, nodeRows(view), { columns, rows: nodes }, "no node yet"),
    table(podColumns, podRows(view), { columns, rows: pods }, "no pod yet"),
    events === 0 ? [] : table(eventColumns, seen, { columns, rows: events }, "no event yet"),
    log === 0 ? [] : logLines(view, log),
    commandLines(view, { columns, rows: commands }).map((line) => styled("cyan", line)),
    [ending(view)],
  ].filter((lines) => lines.length > 0);
  return sections.flatMap((lines, at) => at > 0 && at <= blanks ? [plain(""), ...lines] : lines)
    .map((line) => clip(line, columns));
};
