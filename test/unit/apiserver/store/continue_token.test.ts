import * as E from "fp-ts/lib/Either.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { continueToken, readContinue } from "../../../../adapters/apiserver/verbs/continue_token.ts";
import fc from "../../../tools/fast_check.ts";

const test = suite("continue tokens");

test("a token that was given is read", () => {
  const key = fc.string({ minLength: 1, unit: "binary" }).filter((text) => !text.endsWith("\u0000"));
  const revision = fc.option(fc.nat(), { nil: undefined });
  fc.assert(fc.property(key, revision, (after, version) => {
    const token = continueToken({ after, ...(version === undefined ? {} : { revision: version }) });
    assert.match(token, /^[-\w]+$/);
    // half of a surrogate pair is no text that a key could have
    if (!after.isWellFormed()) return;
    assert.equal(
      readContinue(token),
      E.right({ after, ...(version === undefined ? {} : { revision: version }) }),
    );
  }));
});

test("it is what the real API server gives", () => {
  assert.is(
    continueToken({ after: "/c2", revision: 523 }),
    "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6NTIzLCJzdGFydCI6Ii9jMlx1MDAwMCJ9",
  );
});

test("any other text is refused", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String(), fc.stringMatching(/^[-\w]*$/)), (token) => {
    const read = readContinue(token);
    assert.ok(E.isLeft(read));
    assert.is(read.left.code, 400);
  }));
});

test.run();
