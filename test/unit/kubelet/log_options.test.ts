import * as E from "fp-ts/lib/Either.js";
import fc from "../../tools/fast_check.ts";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type LogOptions, parseLogOptions, type Query } from "../../../core/kubelet/log_options.ts";

const test = suite("kubelet log options");

const now = Date.parse("2026-01-02T03:04:05.678Z");
const none: LogOptions = { follow: false, previous: false, timestamps: false };

const accepted: readonly (readonly [Query, Partial<LogOptions>])[] = [
  [{}, {}],
  [{ follow: "true", previous: "true", timestamps: "true" }, {
    follow: true,
    previous: true,
    timestamps: true,
  }],
  [{ follow: "1", previous: "", timestamps: "yes" }, { follow: true, previous: true, timestamps: true }],
  [{ follow: "0", previous: "false", timestamps: "FALSE" }, {}],
  [{ tailLines: "0" }, { tailLines: 0 }],
  [{ tailLines: "10" }, { tailLines: 10 }],
  [{ tailLines: "+10" }, { tailLines: 10 }],
  [{ tailLines: "9223372036854775807" }, { tailLines: Number.MAX_SAFE_INTEGER }],
  [{ tail: "5" }, { tailLines: 5 }],
  [{ tail: "5", tailLines: "9" }, { tailLines: 5 }],
  [{ tail: "all", tailLines: "9" }, {}],
  [{ tail: "", tailLines: "9" }, { tailLines: 9 }],
  [{ limitBytes: "1" }, { limitBytes: 1 }],
  [{ sinceSeconds: "10" }, { since: now - 10_000 }],
  [{ sinceTime: "2020-03-20T21:07:34Z" }, { since: Date.UTC(2020, 2, 20, 21, 7, 34) }],
  [{ sinceTime: "2020-03-20T21:07:34.123456789Z" }, { since: Date.UTC(2020, 2, 20, 21, 7, 34, 123) }],
  [{ sinceTime: "2020-03-20T21:07:34+02:00" }, { since: Date.UTC(2020, 2, 20, 19, 7, 34) }],
  [{ sinceTime: "2020-02-29T00:00:00Z" }, { since: Date.UTC(2020, 1, 29) }],
  [{ sinceTime: "" }, {}],
  [{ sinceTime: "null", sinceSeconds: "1" }, { since: now - 1_000 }],
  [{ stream: "All" }, {}],
  [{ stream: "" }, {}],
  [{ container: "c", insecureSkipTLSVerifyBackend: "true" }, {}],
];

const refused: readonly (readonly [Query, number, RegExp])[] = [
  [{ tailLines: "" }, 400, /tailLines="" is not an integer/],
  [{ tailLines: "ten" }, 400, /tailLines="ten"/],
  [{ tailLines: "1.5" }, 400, /tailLines/],
  [{ tailLines: "1e3" }, 400, /tailLines/],
  [{ tailLines: "99999999999999999999" }, 400, /tailLines/],
  [{ tail: "some" }, 400, /tailLines="some"/],
  [{ limitBytes: "x" }, 400, /limitBytes/],
  [{ sinceSeconds: "x" }, 400, /sinceSeconds/],
  [{ sinceTime: "yesterday" }, 400, /sinceTime/],
  [{ sinceTime: "2020-03-20" }, 400, /sinceTime/],
  [{ sinceTime: "2020-03-20T21:07:34" }, 400, /sinceTime/],
  [{ sinceTime: "2020-13-20T21:07:34Z" }, 400, /sinceTime/],
  [{ sinceTime: "2021-02-29T00:00:00Z" }, 400, /sinceTime/],
  [{ sinceTime: "2020-03-20T25:07:34Z" }, 400, /sinceTime/],
  [{ tailLines: "-1" }, 422, /tailLines is -1, but must be 0 or more/],
  [{ tail: "-1" }, 422, /tailLines is -1/],
  [{ limitBytes: "0" }, 422, /limitBytes is 0, but must be greater than 0/],
  [{ limitBytes: "-9" }, 422, /limitBytes/],
  [{ sinceSeconds: "0" }, 422, /sinceSeconds/],
  [{ sinceSeconds: "-10" }, 422, /sinceSeconds/],
  [
    { sinceSeconds: "10", sinceTime: "2020-03-20T21:07:34Z" },
    422,
    /at most one of sinceTime and sinceSeconds/,
  ],
  [{ sinceSeconds: "0", sinceTime: "bad" }, 400, /sinceTime/],
  [{ stream: "Both" }, 422, /must be All, Stdout or Stderr/],
  [{ stream: "Stderr" }, 501, /not supported/],
];

for (const [query, options] of accepted) {
  test(`accepts ${JSON.stringify(query)}`, () => {
    assert.equal(parseLogOptions(query, now), E.right({ ...none, ...options }));
  });
}

for (const [query, status, message] of refused) {
  test(`refuses ${JSON.stringify(query)} with ${status}`, () => {
    const parsed = parseLogOptions(query, now);
    if (E.isRight(parsed)) throw new Error(`accepted as ${JSON.stringify(parsed.right)}`);
    assert.is(parsed.left.status, status);
    assert.match(parsed.left.message, message);
  });
}

test("property: whatever it accepts is within the rules", () => {
  const number = fc.oneof(fc.integer().map(String), fc.string());
  const queries = fc.record({
    tailLines: number,
    tail: fc.oneof(number, fc.constant("all")),
    limitBytes: number,
    sinceSeconds: number,
    sinceTime: fc.oneof(
      fc.string(),
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-01-01") }).map((date) =>
        date.toISOString()
      ),
    ),
    follow: fc.string(),
  }, { requiredKeys: [] });
  fc.assert(fc.property(queries, (query) => {
    const parsed = parseLogOptions(query, now);
    if (E.isLeft(parsed)) {
      return [400, 422, 501].includes(parsed.left.status) && parsed.left.message.length > 0;
    }
    const { tailLines = 0, limitBytes = 1, since = 0 } = parsed.right;
    return Number.isSafeInteger(tailLines) && tailLines >= 0 && Number.isSafeInteger(limitBytes) &&
      limitBytes >= 1 &&
      Number.isFinite(since) && (query.sinceSeconds === undefined || since < now);
  }));
});

test.run();
