import fc from "../../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LogFields, Logger, LogLevel } from "../../../adapters/ports.ts";
import { consoleLogger } from "../../../adapters/telemetry/console_logger.ts";
import { fromLogger } from "../../../adapters/telemetry/from_logger.ts";
import { jsonLogger } from "../../../adapters/telemetry/json_logger.ts";
import { logLevels } from "../../../adapters/telemetry/level.ts";
import { redacted } from "../../../adapters/telemetry/redact.ts";

const test = suite("loggers");

const now = (): number => Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const time = "2026-01-02T03:04:05.006Z";

/** The lines that a logger writes. */
const linesOf = (
  make: (write: (line: string) => void) => Logger,
  use: (logger: Logger) => void,
): string[] => {
  const lines: string[] = [];
  use(make((line) => lines.push(line)));
  return lines;
};

const text = (message: string, fields?: LogFields, level: LogLevel = "info"): string =>
  linesOf(
    (write) => consoleLogger({ level: "debug", write, now }),
    (logger) => logger.log(level, message, fields),
  )
    .join("\n");

const json = (message: string, fields?: LogFields): any =>
  JSON.parse(
    linesOf((write) => jsonLogger({ write, now }), (logger) => logger.log("info", message, fields))[0] ?? "",
  );

const cycle: Record<string, unknown> = {};
cycle.self = cycle;

const textRows: readonly (readonly [string, LogFields | undefined, string])[] = [
  ["ready", undefined, "ready"],
  ["ready", {}, "ready"],
  [
    "ready",
    { node: "a", port: 1, ok: true, none: null, gone: undefined },
    "ready node=a port=1 ok=true none=null",
  ],
  ["ready", { text: "two words", empty: "", quote: 'a"b' }, 'ready text="two words" empty="" quote="a\\"b"'],
  ["two\nlines", { at: "x\r\ny" }, 'two\\nlines at="x\\r\\ny"'],
  ["\u001b[31mred", { at: "\u009b1m" }, '\\u001b[31mred at="\\u009b1m"'],
  ["list", { items: [1, "a"], deep: { a: { b: 1 } } }, 'list items=[1,"a"] deep={"a":{"b":1}}'],
  ["failed", { error: new Error("no", { cause: new TypeError("why") }) }, 'failed error="Error: no: why"'],
  [
    "failed",
    { error: new Error("no: why", { cause: new TypeError("why") }) },
    'failed error="Error: no: why"',
  ],
  ["odd", { big: 1n, nan: NaN, date: new Date(0) }, "odd big=1 nan=NaN date=1970-01-01T00:00:00.000Z"],
];

for (const [message, fields, wanted] of textRows) {
  test(`a readable line: ${JSON.stringify(wanted)}`, () => {
    assert.is(text(message, fields), `${time} INFO  ${wanted}`);
  });
}

test("a JSON line holds the fields beside time, level and msg, and keeps their names apart", () => {
  assert.equal(json("ready", { node: "a", level: "high", n: 1, gone: undefined }), {
    time,
    level: "info",
    msg: "ready",
    node: "a",
    "fields.level": "high",
    n: 1,
  });
});

for (const lowest of logLevels) {
  test(`${lowest} and above is written`, () => {
    const from = logLevels.indexOf(lowest);
    for (const make of [consoleLogger, jsonLogger]) {
      const lines = linesOf((write) => make({ level: lowest, write }), (logger) => {
        for (const level of logLevels) logger.log(level, `at ${level}`);
      });
      assert.is(lines.length, logLevels.length - from);
      for (const level of logLevels.slice(from)) {
        assert.ok(lines.some((line) => line.includes(`at ${level}`)));
      }
    }
  });
}

test("colours only when asked for", () => {
  const lines = (colours: boolean): string[] =>
    linesOf(
      (write) => consoleLogger({ write, now, colours }),
      (logger) => logger.log("error", "no", { a: 1 }),
    );
  assert.not.match(lines(false)[0] ?? "", "\u001b");
  assert.is(
    lines(true)[0],
    `\u001b[90m${time}\u001b[0m \u001b[31mERROR\u001b[0m no \u001b[90ma=\u001b[0m1`,
  );
});

const secrets: readonly LogFields[] = [
  { token: "s3cr3t" },
  { bearerToken: "s3cr3t" },
  { Password: "s3cr3t" },
  { passwd: "s3cr3t" },
  { clientSecret: { value: "s3cr3t" } },
  { headers: { Authorization: "Bearer s3cr3t" } },
  { request: [{ "x-api-key": "s3cr3t" }] },
  { error: new Error("refused: Authorization Bearer s3cr3tS3CR3T") },
  { header: "Basic s3cr3tS3CR3T==" },
];

for (const fields of secrets) {
  test(`no secret is printed: ${Object.keys(fields)}`, () => {
    const seen: unknown[] = [];
    const other = Object.fromEntries(
      logLevels.map((level) => [level, (...args: unknown[]) => seen.push(args)]),
    );
    fromLogger(other as any).log("info", "m", fields);
    for (const line of [text("m", fields), JSON.stringify(json("m", fields)), JSON.stringify(seen)]) {
      assert.not.match(line, /s3cr3t/);
      assert.ok(line.includes(redacted), line);
    }
  });
}

test("whatever the fields are, it is one bounded line, JSON is JSON, and nothing is thrown", () => {
  fc.assert(fc.property(fc.string(), fc.dictionary(fc.string(), fc.anything()), (message, fields) => {
    assert.not.match(text(message, fields), /[\n\r\u2028\u2029]/);
    assert.is(json(message, fields).level, "info");
  }));
  assert.match(text("cycle", cycle), /^\S+ INFO {2}cycle self=/);
  assert.ok(
    text("x".repeat(1e6), { y: "y".repeat(1e6), z: Array.from({ length: 1e5 }, () => 1) }).length < 20_000,
  );
});

test("an output that throws, and a field that throws, end nothing", () => {
  const bad = (): never => {
    throw new Error("gone");
  };
  const thrower = { debug: bad, info: bad, warn: bad, error: bad };
  for (const logger of [consoleLogger({ write: bad }), jsonLogger({ write: bad }), fromLogger(thrower)]) {
    logger.log("error", "no");
  }
  const fields = {
    get value(): unknown {
      return bad();
    },
    other: () => 1,
  };
  assert.is(text("fields", fields), `${time} INFO  fields value=[unreadable] other=[function]`);
});

const others: readonly (readonly [string, boolean, LogFields | undefined, readonly unknown[]])[] = [
  ["console and winston", false, { a: 1 }, ["m", { a: 1 }]],
  ["pino and bunyan", true, { a: 1 }, [{ a: 1 }, "m"]],
  ["console and winston, without fields", false, undefined, ["m"]],
  ["pino and bunyan, without fields", true, {}, ["m"]],
];

for (const [name, fieldsFirst, fields, wanted] of others) {
  test(`another's logger: ${name}`, () => {
    for (const level of logLevels) {
      const seen: unknown[] = [];
      const none = (): void => assert.unreachable();
      const other = { debug: none, info: none, warn: none, error: none };
      fromLogger({ ...other, [level]: (...args: unknown[]) => seen.push(...args) }, { fieldsFirst })
        .log(level, "m", fields);
      assert.equal(seen, wanted);
    }
  });
}

test.run();
