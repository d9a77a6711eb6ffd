import { suite } from "uvu";
import * as assert from "uvu/assert";
import { memoryProvider } from "../../../../adapters/provider/memory/provider.ts";
import type { PodScript } from "../../../../adapters/provider/memory/script.ts";
import { isProviderError } from "../../../../adapters/provider_error.ts";
import { intentOf, refTo } from "../../../tools/processes.ts";

const test = suite("streams in memory");

const signal = new AbortController().signal;
const bytes = (whole: string): ReadableStream<Uint8Array> => new Blob([whole]).stream();
const text = async (stream: ReadableStream<Uint8Array> | undefined): Promise<string> =>
  await new Response(stream).text();

const withPod = async (script?: PodScript, annotations: Readonly<Record<string, string>> = {}) => {
  const provider = memoryProvider(script === undefined ? {} : { script: () => script });
  const intent = intentOf("u", [{ name: "main" }]);
  const pod = { ...intent.pod, metadata: { ...intent.pod.metadata, annotations } };
  await provider.create({ ...intent, pod }, { signal });
  return provider;
};

const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!isProviderError(error)) throw new Error("it was not refused");
  return `${error.code}: ${error.message}`;
};

const options = { stdout: true, stderr: true, tty: false, signal };

test("commands, attaching and ports do what the script says", async () => {
  const provider = await withPod({
    containers: {
      main: {
        exec: (command, { stdin }) => ({
          stdout: stdin,
          stderr: bytes(command.join("|")),
          exit: Promise.resolve(7),
        }),
        attach: () => ({ stdout: bytes("seen"), exit: Promise.resolve(0) }),
        ports: { 80: (sent) => sent },
      },
    },
  });
  const ran = await provider.exec!(refTo("u"), "main", ["a", "b"], { ...options, stdin: bytes("in") });
  assert.equal([await text(ran.stdout), await text(ran.stderr), await ran.exit], ["in", "a|b", 7]);
  assert.is(await text((await provider.attach!(refTo("u"), "main", options)).stdout), "seen");
  const { readable, writable } = await provider.portForward!(refTo("u"), 80, { signal });
  const sent = bytes("hello").pipeTo(writable);
  assert.is(await text(readable), "hello");
  await sent;
});

test("an annotation says what every command writes", async () => {
  const provider = await withPod(undefined, { "memory.virtual-kubelet.io/exec": "hello\n" });
  const ran = await provider.exec!(refTo("u"), "main", ["anything"], options);
  assert.equal([await text(ran.stdout), await ran.exit], ["hello\n", 0]);
});

test("what has no script is refused, never a success", async () => {
  const provider = await withPod();
  assert.match(
    await refusal(provider.exec!(refTo("u"), "main", ["ls"], options)),
    /^InvalidInput: exec: "ls": /,
  );
  assert.match(await refusal(provider.attach!(refTo("u"), "main", options)), /^Unsupported: /);
  assert.match(
    await refusal(provider.portForward!(refTo("u"), 80, { signal })),
    /^Unavailable: connection refused/,
  );
  assert.match(await refusal(provider.exec!(refTo("u"), "other", ["ls"], options)), /^NotFound: /);
  assert.match(await refusal(provider.exec!(refTo("v"), "main", ["ls"], options)), /^NotFound: /);
});

test.run();
