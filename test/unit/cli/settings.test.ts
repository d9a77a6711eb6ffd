import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { type Flags, unknownVariables } from "../../../adapters/cli/given.ts";
import { text } from "../../../adapters/cli/kinds.ts";
import { loadSettings } from "../../../adapters/cli/load_settings.ts";
import { providerSettings } from "../../../adapters/cli/providers.ts";
import {
  type AnyTable,
  flagOf,
  setting,
  type SettingTable,
  variableOf,
} from "../../../adapters/cli/setting.ts";
import { type RunSettings, runSettings } from "../../../adapters/cli/settings.ts";
import { SettingsError } from "../../../adapters/cli/settings_error.ts";
import { settingsFile } from "../../../adapters/cli/settings_list.ts";

const test = suite("settings");

interface Extra {
  readonly apiToken: string | undefined;
}

const table: SettingTable<RunSettings & Extra> = {
  ...runSettings(["memory", "process"]),
  apiToken: setting(text("TOKEN", "a token without spaces"), { help: "a secret" }),
};

const folder = await mkdtemp(join(tmpdir(), "vk-settings-"));
const path = join(folder, "vk.yaml");
test.after(() => rm(folder, { recursive: true }));

interface Sources {
  readonly flags?: Flags;
  readonly env?: Readonly<Record<string, string>>;
  /** The text of a file, named by `--config` unless `env` names it. */
  readonly file?: string;
}

const enough = { node: "n1", provider: "memory" };

const load = async ({ flags = {}, env = {}, file }: Sources): Promise<RunSettings & Extra> => {
  if (file !== undefined) await writeFile(path, file);
  const config = file === undefined || env.VK_CONFIG !== undefined ? {} : { config: path };
  return await loadSettings(table, { program: "vk", flags: { ...config, ...flags }, env });
};

const problemsOf = async (sources: Sources): Promise<readonly string[]> => {
  try {
    await load(sources);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map((each) => each.replaceAll(path, "vk.yaml"));
    throw error;
  }
  throw new Error("nothing is wrong");
};

const good: readonly (readonly [string, Sources, Partial<RunSettings>])[] = [
  ["the defaults", { flags: enough }, {
    ...enough,
    port: 10_250,
    kubelet: true,
    kubeletAuth: "webhook",
    lean: false,
    leaseDuration: 40_000,
    statusPeriod: 300_000,
    startupTimeout: 0,
    taint: undefined,
    capacity: undefined,
    address: undefined,
    logLevel: "info",
    logFormat: "text",
  }],
  ["a variable before the default", { flags: enough, env: { VK_PORT: "1" } }, { port: 1 }],
  ["the file before the default", { flags: enough, file: "port: 2" }, { port: 2 }],
  ["a variable before the file", { flags: enough, env: { VK_PORT: "1" }, file: "port: 2" }, { port: 1 }],
  ["a flag before all", { flags: { ...enough, port: "3" }, env: { VK_PORT: "1" }, file: "port: 2" }, {
    port: 3,
  }],
  ["everything in the file", { file: "node: n2\nprovider: process\nlean: true\nleaseDuration: 20s" }, {
    node: "n2",
    provider: "process",
    lean: true,
    leaseDuration: 20_000,
  }],
  ["everything in variables", {
    env: { VK_NODE: "n3", VK_PROVIDER: "memory", VK_LEAN: "true", VK_TAINT: "none" },
  }, {
    node: "n3",
    provider: "memory",
    lean: true,
    taint: [],
  }],
  ["the file named by a variable", { flags: enough, env: { VK_CONFIG: path }, file: "port: 4" }, { port: 4 }],
  ["switches off by flags", {
    flags: { ...enough, kubelet: false, lean: false, taint: false },
    file: "lean: true",
  }, {
    kubelet: false,
    lean: false,
    taint: [],
  }],
  ["repeated flags", { flags: { ...enough, label: ["a=1,b=2", "c=3"] } }, {
    label: { a: "1", b: "2", c: "3" },
  }],
  ["objects and lists in a file", {
    flags: enough,
    file: "label: {a: x}\ntaint: ['k=v:NoSchedule']\ncapacity:\n  cpu: 4\n  memory: 8Gi",
  }, {
    label: { a: "x" },
    taint: [{ key: "k", value: "v", effect: "NoSchedule" }],
    capacity: { cpu: "4", memory: "8Gi" },
  }],
  ["nothing in the file", { flags: enough, file: "# nothing\n" }, enough],
  ["an empty variable", { flags: enough, env: { VK_PORT: "" } }, { port: 10_250 }],
  ["the variables of a service named vk", { flags: enough, env: { VK_PORT: "tcp://10.0.0.1:80" } }, {
    port: 10_250,
  }],
  ["other programs' variables", { flags: enough, env: { PORT: "x", OWN_PORT: "x" } }, { port: 10_250 }],
];

for (const [name, sources, wanted] of good) {
  test(name, async () => {
    const settings: Record<string, unknown> = { ...await load(sources) };
    for (const [key, value] of Object.entries(wanted)) assert.equal(settings[key], value, key);
  });
}

const range = "give a whole number from 0 to 65535";
const bad: readonly (readonly [string, Sources, readonly (string | RegExp)[]])[] = [
  ["nothing is given", {}, [
    "node is missing: give a name of lower-case letters, digits, - and ., at most 253, like virtual-1, " +
    "with --node NAME, the variable VK_NODE, or node in the file",
    "provider is missing: give memory or process, with --provider NAME, the variable VK_PROVIDER, or provider in the file",
  ]],
  ["a flag", { flags: { ...enough, port: "http" } }, [`--port: "http" is wrong; ${range}`]],
  ["a variable", { flags: enough, env: { VK_PORT: "70000" } }, [`VK_PORT: "70000" is wrong; ${range}`]],
  ["a value in the file", { flags: enough, file: 'port: "80"' }, [`vk.yaml: port: "80" is wrong; ${range}`]],
  ["a type in the file", { flags: enough, file: "lean: yes please" }, [
    'vk.yaml: lean: "yes please" is wrong; give true or false',
  ]],
  ["an unknown name in the file", { flags: enough, file: "prot: 80" }, [
    /^vk\.yaml: prot: there is no such setting; known are node, provider, kubeconfig, /,
  ]],
  ["a flag's name in the file", { flags: enough, file: "lease-duration: 40s" }, [
    "vk.yaml: lease-duration: there is no such setting; leaseDuration is meant",
  ]],
  ["the file's name in the file", { flags: enough, file: "config: other.yaml" }, [
    /^vk\.yaml: config: there is no such setting; known are /,
  ]],
  ["several at once", { flags: { port: "x" }, env: { VK_LEAN: "maybe" }, file: "logLevel: loud\nextra: 1" }, [
    /^vk\.yaml: extra: there is no such setting/,
    /^node is missing/,
    /^provider is missing/,
    'VK_LEAN: "maybe" is wrong; give true or false',
    /^--port: "x" is wrong/,
    'vk.yaml: logLevel: "loud" is wrong; give debug or info or warn or error',
  ]],
  ["a provider that does not exist", { flags: { node: "n", provider: "nomad" } }, [
    '--provider: "nomad" is wrong; give memory or process',
  ]],
  ["a node's name", { flags: { ...enough, node: "Node_1" } }, [
    /^--node: "Node_1" is wrong; give a name of lower-case/,
  ]],
  ["an address", { flags: { ...enough, address: "localhost" } }, [
    '--address: "localhost" is wrong; give an IP address, like 10.1.2.3',
  ]],
  ["a taint", { flags: { ...enough, taint: ["a=b:Never"] } }, [
    '--taint: "a=b:Never" is wrong, there is no effect "Never"; give taints like dedicated=virtual:NoSchedule ' +
    "(effects: NoSchedule, PreferNoSchedule, NoExecute); several with commas, or none",
  ]],
  ["a label", { flags: enough, env: { VK_LABEL: "a b=1" } }, [
    /^VK_LABEL: "a b=1" is wrong, "a b" cannot be a label's key; give/,
  ]],
  ["a capacity", { flags: enough, file: "capacity: {cpu: lots}" }, [
    'vk.yaml: capacity: {"cpu":"lots"} is wrong, "lots" is no quantity of cpu; give resources like cpu=4,memory=8Gi,pods=110',
  ]],
  ["a lease that is too short", { flags: { ...enough, leaseDuration: "1s" } }, [
    '--lease-duration: "1s" is wrong; give a time from 4s to 1h in whole seconds, like 90s, 1m30s or 500ms',
  ]],
  ["a time without a unit", { flags: enough, file: "drainTimeout: 30" }, [
    /^vk\.yaml: drainTimeout: 30 is wrong; give a time from 1s/,
  ]],
  ["two ways to a cluster", { flags: { ...enough, inCluster: true, kubeconfig: "k" } }, [
    "--in-cluster and --kubeconfig name two ways to a cluster; leave one out",
  ]],
  ["a certificate without its key", { flags: enough, file: "tlsCertFile: c.pem" }, [
    "--tls-cert-file needs --tls-private-key-file too; give both, or none for a self-signed certificate",
  ]],
  ["a key without its certificate", { flags: { ...enough, tlsPrivateKeyFile: "k" } }, [
    "--tls-private-key-file needs --tls-cert-file too; give both, or none for a self-signed certificate",
  ]],
  ["no YAML", { flags: enough, file: "node: [" }, [/^vk\.yaml: this is no YAML: .* at line 1, column 8/]],
  ["a name twice", { flags: enough, file: "port: 1\nport: 2" }, [
    /^vk\.yaml: this is no YAML: Map keys must be unique at line 2/,
  ]],
  ["a list for a file", { flags: enough, file: "- node: a" }, [
    "vk.yaml: give names with values, like node: virtual-1",
  ]],
  ["a file that is not there", { flags: { ...enough, config: "no/such.yaml" } }, [
    "--config: no/such.yaml: there is no such file; give a readable YAML file",
  ]],
  ["a file that is a folder", { flags: enough, env: { VK_CONFIG: tmpdir() } }, [
    /^VK_CONFIG: .*: it cannot be read \(EISDIR\); give a readable YAML file$/,
  ]],
];

for (const [name, sources, wanted] of bad) {
  test(`wrong: ${name}`, async () => {
    const problems = await problemsOf(sources);
    assert.is(problems.length, wanted.length, problems.join("\n"));
    for (const [index, each] of wanted.entries()) {
      if (typeof each === "string") assert.is(problems[index], each);
      else assert.match(problems[index] ?? "", each);
    }
  });
}

test("a secret is not shown, though it is wrong", async () => {
  const problems = await problemsOf({ flags: enough, file: "apiToken: 12345" });
  assert.equal(problems, ["vk.yaml: apiToken: [redacted] is wrong; give a token without spaces"]);
});

const all: AnyTable = { ...runSettings(["memory", "process"]), ...providerSettings };

test("flags and variables follow from the names by one rule, and back", () => {
  assert.is(flagOf("tlsPrivateKeyFile"), "--tls-private-key-file");
  assert.is(variableOf("my-program", "tlsPrivateKeyFile"), "MY_PROGRAM_TLS_PRIVATE_KEY_FILE");
  const names = Object.keys(all);
  for (const toName of [flagOf, (name: string) => variableOf("vk", name)]) {
    assert.is(new Set(names.map(toName)).size, names.length);
  }
});

test("variables that are no settings are found, those of a service are not", () => {
  const env = {
    VK_PROT: "1",
    VK_PORT: "1",
    VK_SERVICE_HOST: "h",
    VK_PORT_80_TCP_ADDR: "h",
    OTHER: "1",
    VKX: "1",
  };
  assert.equal(unknownVariables(all, "vk", env), ["VK_PROT"]);
});

test("the file that is printed holds every setting, and its defaults are the defaults", async () => {
  const printed = settingsFile(all, "vk");
  const defaults = printed.split("\n").filter((line) => /^# \w+: \S/.test(line)).map((line) => line.slice(2));
  for (const [name, { inFile }] of Object.entries(all)) {
    assert.is(defaults.some((line) => line.startsWith(`${name}: `)), inFile !== false, name);
    if (inFile !== false) assert.ok(printed.includes(`${flagOf(name)} and ${variableOf("vk", name)}`), name);
  }
  assert.equal(parse(printed), null);
  const rows = Object.entries(all).filter(([, row]) => row.default !== undefined);
  const given = defaults.filter((line) => rows.some(([name]) => line.startsWith(`${name}: `)));
  await writeFile(path, given.join("\n"));
  const flags = { ...enough, config: path };
  const settings: Record<string, unknown> = {
    ...await loadSettings(all as any, { program: "vk", flags, env: {} }),
  };
  for (const [name, row] of rows) assert.equal(settings[name], row.default, name);
});

test("every setting has a short sentence of help", () => {
  for (const [name, { help, kind }] of Object.entries(all)) {
    assert.match(help, /^[^.].*[^.]$/, name);
    assert.ok(help.length <= 140, name);
    assert.ok(kind.expected.length > 0, name);
  }
});

test.run();
