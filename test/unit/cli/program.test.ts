import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type CliOptions, integer, runCli, setting, text } from "../../../adapters/cli/cli.ts";
import { ownCommands } from "../../../adapters/cli/own_program.ts";
import { parseCommandLine } from "../../../adapters/cli/program.ts";
import { providers, providerSettings } from "../../../adapters/cli/providers.ts";
import { type AnyTable, flagOf } from "../../../adapters/cli/setting.ts";
import { tooOld } from "../../../adapters/cli/runtime_version.ts";
import { runSettings } from "../../../adapters/cli/settings.ts";
import { memoryProvider } from "../../../adapters/provider/memory/provider.ts";
import { version } from "../../../core/version.ts";
import { readText } from "../../tools/files.ts";
import { fixture } from "../../tools/fixture.ts";

const test = suite("the command line");

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const run = async <Extra = unknown>(
  args: string,
  options: Partial<CliOptions<Extra>> = {},
): Promise<Ended> => {
  let out = "", err = "";
  const code = await runCli<any>({
    providers: { memory: () => memoryProvider(), process: () => memoryProvider() },
    env: {},
    ...options,
    args: args.split(" ").filter((arg) => arg !== ""),
    out: (text) => out += text,
    err: (text) => err += text,
  });
  return { code, out, err };
};

/** The settings of the program itself. */
const runTable = (): AnyTable => ({ ...runSettings(Object.keys(providers)), ...providerSettings });

/** The help that the program itself prints, 100 columns wide. */
const help = (args: readonly string[]): string => {
  let printed = "";
  const out = (text: string): void => void (printed += text);
  const described = {
    name: "vk",
    description: "Joins a virtual node to a Kubernetes cluster and runs its pods.",
  };
  const table = runTable();
  const commands = ownCommands;
  parseCommandLine({ ...described, version, table, commands, out, err: out, width: 100 }, args);
  return printed;
};

test("the help of run is as it was read and approved", () => {
  fixture("test/unit/cli/run_help.txt", help(["run", "--help"]));
});

test("the help of the program is as it was read and approved", () => {
  fixture("test/unit/cli/help.txt", help(["--help"]));
});

test("every setting is in the help, once", () => {
  const words = help(["run", "--help"]).split(/[\s,]+/);
  for (const flag of Object.keys(runTable()).map(flagOf)) {
    const shown = words.filter((word) => word === flag || word === flag.replace("--", "--no-"));
    assert.ok(shown.length >= 1, flag);
  }
});

const rows: readonly (readonly [string, number, RegExp, RegExp])[] = [
  ["--help", 0, /^Usage: vk /, /^$/],
  ["help", 0, /^Usage: vk /, /^$/],
  ["help run", 0, /^Usage: vk run /, /^$/],
  ["run --help", 0, /^Usage: vk run /, /^$/],
  ["version", 0, new RegExp(`^vk ${version}, (Deno|Node) \\d`), /^$/],
  ["--version", 0, new RegExp(`^${version}\n$`), /^$/],
  ["providers", 0, /^memory\nprocess\n$/, /^$/],
  ["settings", 0, /^# node: NAME$/m, /^$/],
  ["", 2, /^$/, /^Usage: vk /],
  ["walk", 2, /^$/, /unknown command 'walk'/],
  ["run fast", 2, /^$/, /too many arguments for 'run'/],
  ["run --prot 1", 2, /^$/, /unknown option '--prot'\n\(Did you mean --port\?\)\n.*vk run --help/],
  ["run --node", 2, /^$/, /'--node <NAME>' argument missing/],
  ["run --lean=maybe", 2, /^$/, /.+/],
  [
    "run --node a --provider memory --port x",
    2,
    /^$/,
    /^vk: --port: "x" is wrong; .*\nTry: vk run --help\n$/,
  ],
  [
    "run --node a --provider memory --kubeconfig no/such/file",
    2,
    /^$/,
    /^vk: kubeconfig no\/such\/file: not found/,
  ],
];

for (const [args, code, out, err] of rows) {
  test(`vk ${args}: exit code ${code}`, async () => {
    const ended = await run(args);
    assert.is(ended.code, code, ended.err);
    assert.match(ended.out, out);
    assert.match(ended.err, err);
  });
}

for (const { name } of ownCommands) {
  test(`the help of ${name} is as it was read and approved`, () => {
    fixture(`test/unit/cli/help/${name}.txt`, help([name, "--help"]));
  });
}

/** `vk` itself, as far as it needs no cluster. */
const ownRows: readonly (readonly [string, number, RegExp])[] = [
  ["get", 2, /missing required argument 'kind'\nTry: vk get --help/],
  ["get pods --outptu wide", 2, /unknown option '--outptu'\n\(Did you mean --output\?\)/],
  [
    "get pods -o xml",
    2,
    /^vk: --output: "xml" is wrong; give table or wide or yaml or json or name\nTry: vk get --help\n$/,
  ],
  ["get pods web -A", 2, /^vk: --all-namespaces: .*give -n with names/],
  ["get pods web -l a=b", 2, /^vk: give names, or a selector, but not both/],
  ["get pods a b -w", 2, /^vk: --watch: give one name, or none/],
  ["get pods --kubeconfig no/such/file", 2, /^vk: kubeconfig no\/such\/file: not found/],
  ["apply", 2, /^vk: filename is missing: .* with --filename FILE\n/],
  ["delete", 2, /^vk: give a kind with names \(pod web\), or a file \(-f FILE\)/],
  ["delete pod web -f x", 2, /^vk: give a file, or a kind with names, but not both/],
  ["delete pod web --force --grace-period 3", 2, /^vk: --force takes the object away at once/],
  ["delete pod/web api", 2, /^vk: api: give all as KIND\/NAME/],
  ["logs", 2, /missing required argument 'pod'/],
  ["demo --nodes 0", 2, /^vk: --nodes: "0" is wrong; give a whole number from 1 to 1000/],
  ["demo --provider memory --keep", 2, /^vk: --keep: pods that are only in memory cannot be kept/],
];

for (const [args, code, err] of ownRows) {
  test(`vk ${args}: exit code ${code}`, async () => {
    const ended = await run(args, { commands: ownCommands });
    assert.is(ended.code, code, ended.err);
    assert.is(ended.out, "");
    assert.match(ended.err, err);
  });
}

test("a runtime that is too old is told so, and only that", () => {
  const rows: readonly (readonly [{ node?: string; deno?: string }, RegExp | undefined])[] = [
    [{ node: "20.20.0" }, /^this program needs Node 22\.19 or later, and this is Node 20\.20\.0: /],
    [{ node: "22.18.1" }, /Node 22\.18\.1/],
    [{ node: "22.19.0" }, undefined],
    [{ node: "24.0.0" }, undefined],
    [{ node: "24.0.0", deno: "2.7.9" }, /Deno 2\.8 or later/],
    [{ node: "24.0.0", deno: "2.9.6" }, undefined],
  ];
  for (const [versions, wanted] of rows) {
    const told = tooOld(versions);
    if (wanted === undefined) assert.is(told, undefined);
    else assert.match(told ?? "", wanted);
  }
  const { engines } = JSON.parse(readText("package.json"));
  assert.is(tooOld({ node: engines.node.replace(">=", "") }), undefined);
});

const own = { region: setting(text("REGION", "a region"), { help: "where", group: "Own", required: true }) };

test("a program of one's own has its own name, variables and settings", async () => {
  const provider = { own: () => memoryProvider() };
  const options = { name: "own-vk", version: "7.0.0", providers: provider, settings: own };
  assert.match((await run("run --help", options)).out, /Own:\n {2}--region <REGION>\s+where \(required\)/);
  assert.match(
    (await run("version", options)).out,
    new RegExp(`^own-vk 7.0.0, virtual-kubelet ${version}, `),
  );
  const wrong = await run("run", { ...options, env: { OWN_VK_PORT: "x" } });
  assert.is(wrong.code, 2);
  assert.match(
    wrong.err,
    /^own-vk: node is missing.*OWN_VK_NODE.*\nown-vk: OWN_VK_PORT: "x".*\nown-vk: region is missing/,
  );
});

test("options that contradict each other are told to the programmer", async () => {
  const row = setting(integer("N", 0, 1), { help: "x" });
  for (const name of ["port", "Port", "lease-duration", "help"]) {
    const error = await run("version", { settings: { [name]: row } }).catch((error: Error) => error);
    assert.instance(error, TypeError);
    assert.match((error as Error).message, `setting ${name}: `);
  }
  assert.instance(await run("version", { providers: {} }).catch((error: Error) => error), TypeError);
});

test.run();
