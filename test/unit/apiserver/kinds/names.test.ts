import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pullPolicyOf } from "../../../../adapters/apiserver/kinds/image_tag.ts";
import { isAddress } from "../../../../adapters/apiserver/kinds/address.ts";
import { base64Of } from "../../../../adapters/apiserver/kinds/base64.ts";
import {
  configMapKey,
  dnsLabel,
  dnsSubdomain,
  envName,
  headerName,
  labelValue,
  pathSegment,
  portName,
  qualifiedName,
} from "../../../../adapters/apiserver/kinds/name_rules.ts";

const test = suite("names");

const rules = {
  dnsLabel: [dnsLabel, ["a", "a-1", "0"], ["", "A", "a.b", "-a", "a-", "a_b", "a".repeat(64)]],
  dnsSubdomain: [dnsSubdomain, ["a", "a.b-c.d"], ["", ".", "a..b", "A", "a.", "a".repeat(254)]],
  qualifiedName: [qualifiedName, ["a", "A.b_c-1", "x.y/z"], ["", "/a", "a/", "X/a", "a/b/c", "a b", "-a"]],
  labelValue: [labelValue, ["", "a", "A.b_c-1"], ["-", "a-", "a b", "a".repeat(64)]],
  configMapKey: [configMapKey, ["a", ".a", "A_b-c.d"], ["", ".", "..", "..a", "a b", "a/b"]],
  envName: [envName, ["a", "A_B", "a b", "1"], ["", "a=b", "ä", "a\n"]],
  portName: [portName, ["a", "a-1", "http2"], ["", "A", "1", "a--b", "-a", "a-", "a".repeat(16)]],
  headerName: [headerName, ["X-A", "a1"], ["", "a b", "a:"]],
  pathSegment: [pathSegment, ["a", "a:b", "A b"], [".", "..", "a/b", "a%b"]],
} as const;

for (const [name, [rule, good, bad]] of Object.entries(rules)) {
  test(name, () => {
    for (const value of good) assert.equal(rule(value), [], value);
    for (const value of bad) assert.ok(rule(value).length > 0, value);
  });
}

test("images are pulled each time when they may be another", () => {
  const always = ["a", "a:latest", "localhost:5000/a", "x.y/a/b", "A.b/c"];
  const once = ["a:1", "a:1.2-x", "x.y:80/a:v1", `a@sha256:${"0".repeat(64)}`, "", "A", "a b", "a:latest:x"];
  for (const image of always) assert.is(pullPolicyOf(image), "Always", image);
  for (const image of once) assert.is(pullPolicyOf(image), "IfNotPresent", image);
});

test("addresses", () => {
  const good = ["0.0.0.0", "255.1.2.3", "::", "::1", "1::", "2001:db8::ffff", "1:2:3:4:5:6:7:8", "::1.2.3.4"];
  const bad = [
    "",
    "1.2.3",
    "256.1.1.1",
    "01.2.3.4",
    "1:2",
    "1::2::3",
    "1:2:3:4:5:6:7:8:9",
    "::g",
    "::1.2.3",
    "a",
  ];
  for (const text of good) assert.ok(isAddress(text), text);
  for (const text of bad) assert.not(isAddress(text), text);
});

test("base64", () => {
  const table = { "": "", a: "YQ==", ab: "YWI=", abc: "YWJj", "hö": "aMO2", "~~~": "fn5+", "???": "Pz8/" };
  for (const [text, encoded] of Object.entries(table)) assert.is(base64Of(text), encoded);
});

test.run();
