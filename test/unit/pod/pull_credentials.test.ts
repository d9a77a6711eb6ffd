import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ReferredObject } from "../../../core/objects/key.ts";
import { referencesOf } from "../../../core/objects/references.ts";
import { pullCredentials } from "../../../core/pod/pull_credentials.ts";
import { base64, givenOf, secret } from "../../tools/objects.ts";
import { pod } from "../../tools/pods.ts";

const test = suite("credentials to pull images with");

const config = (auths: object): string => JSON.stringify({ auths });
const fixtures: readonly ReferredObject[] = [
  secret("shop", "one", {
    ".dockerconfigjson": config({
      "registry.example": { username: "u1", password: "p1" },
      "https://other.example/v1/": { auth: base64("u2:p:2"), username: "x", password: "y" },
    }),
  }),
  secret("shop", "old", { ".dockercfg": JSON.stringify({ "old.example": { auth: base64("u3:p3") } }) }),
  secret("shop", "broken", { ".dockerconfigjson": "{" }),
  secret("shop", "opaque", { password: "hunter2" }),
];

const resolve = (names: readonly string[], known = true) => {
  const own = pod({ spec: { imagePullSecrets: names.map((name) => ({ name })) } });
  return pullCredentials(own, givenOf(fixtures, known ? referencesOf(own, { pulls: true }) : []));
};

test("of both kinds of secrets, in their order; never printed", () => {
  const { credentials, notices, missing } = resolve(["old", "one"]);
  assert.equal(credentials.map(({ server, username, password }) => `${server} ${username} ${password}`), [
    "old.example u3 p3",
    "registry.example u1 p1",
    "https://other.example/v1/ u2 p:2",
  ]);
  assert.equal([notices, missing], [[], []]);
  assert.is(
    JSON.stringify(credentials),
    '[{"server":"old.example"},{"server":"registry.example"},{"server":"https://other.example/v1/"}]',
  );
});

test("what is missing, or none, is told and done without", () => {
  const { credentials, notices, missing } = resolve(["no", "one", "broken", "opaque"]);
  assert.is(credentials.length, 2);
  assert.equal(missing, []);
  assert.equal(notices, [{
    reason: "FailedToRetrieveImagePullSecret",
    message:
      "Unable to retrieve some image pull secrets (no, broken, opaque); attempting to pull the image may not succeed",
  }]);
});

test("what is not read yet is waited for; without secrets there is nothing to wait for", () => {
  assert.equal(resolve(["one"], false).missing, [{ container: undefined, message: undefined }]);
  assert.equal(resolve([], false), { credentials: [], missing: [], notices: [] });
});

test.run();
