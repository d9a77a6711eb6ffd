// Against what Kubernetes' own encoder makes: fixtures/protobuf.json has objects beside their bytes, by k8s.io/client-go v0.36.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decodeProtobuf } from "../../../../adapters/apiserver/protobuf/decode.ts";
import { numbersText } from "../../../../adapters/apiserver/protobuf/numbers.ts";
import { structs } from "../../../../adapters/apiserver/schema/types.ts";
import fc from "../../../tools/fast_check.ts";
import { readText } from "../../../tools/files.ts";

const test = suite("apiserver/protobuf");

interface Sample {
  readonly object: { readonly kind: string };
  readonly protobuf: string;
}

const samples: readonly Sample[] = JSON.parse(readText("test/tools/fixtures/protobuf.json"));

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

for (const { object, protobuf } of samples) {
  test(`${object.kind} reads as its JSON`, () => assert.equal(decodeProtobuf(bytesOf(protobuf)), object));
}

test("every field of the table of fields has its number", () => {
  for (const line of numbersText.trim().split("\n")) {
    const [name = "", ...numbers] = line.split(" ");
    assert.is(structs.get(name)?.fields.size, numbers.length, name);
  }
  assert.is(numbersText.trim().split("\n").length, structs.size);
});

test("what is no object is none, and nothing is too strange to be read", () => {
  const pod = bytesOf(samples[0]?.protobuf ?? "");
  assert.is(decodeProtobuf(new Uint8Array()), undefined);
  assert.is(decodeProtobuf(new TextEncoder().encode("{}")), undefined);
  assert.is(decodeProtobuf(pod.subarray(1)), undefined);
  const unknown = new TextEncoder().encode("k8s\0\n\r\n\x02v1\x12\x07Unknown");
  assert.is(decodeProtobuf(unknown), undefined);
  fc.assert(
    fc.property(fc.nat(pod.length - 1), fc.nat(255), fc.nat(pod.length), (at, byte, end) => {
      const changed = pod.slice(0, end);
      if (at < end) changed[at] = byte;
      const decoded = decodeProtobuf(changed);
      assert.ok(decoded === undefined || typeof decoded["kind"] === "string");
    }),
  );
});

test.run();
