import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeNodeLauncher } from '../engine/launcher.ts';
import { replay } from '../play/replay.ts';
import { record } from './record.ts';
import { placeholderWords } from './test-fixtures/placeholder-words.ts';

const echo = fileURLToPath(new URL('test-fixtures/echo-engine.mjs', import.meta.url));
let folder: string;
let engine: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comes-back-'));
  engine = await writeNodeLauncher(folder, [echo]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A client of nothing but lines: what it hears for each text of JSON that it says. */
async function converse(bin: string, env: Readonly<Record<string, string>>, values: readonly string[]) {
  const child = spawn(bin, ['app-server'], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout, crlfDelay: 0 })[Symbol.asyncIterator]();
  const hear = async () => (await lines.next()).value as string | undefined;
  const say = (text: string) => child.stdin.write(`${text}\n`);
  say('{"id":0,"method":"initialize","params":{"clientInfo":{"name":"lines","version":"1"}}}');
  await hear();
  const heard: (string | undefined)[][] = [];
  for (const [index, value] of values.entries()) {
    say(`{"id":${index + 1},"method":"echo/${index}","params":{"value":${value}}}`);
    heard.push([await hear(), await hear()]);
  }
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.stdin.end();
  await closed;
  return heard;
}

async function comesBack(name: string, values: readonly string[]) {
  const recorder = await record({ file: join(folder, name), codexBin: engine });
  const live = await converse(recorder.codexBin, recorder.env, values);
  const { file } = await recorder.finish();
  const played = await replay(file, { strict: true });
  const again = await converse(played.codexBin, played.env, values);
  for (const [index, value] of values.entries())
    expect([value, ...(again[index] ?? [])]).toEqual([value, ...(live[index] ?? [])]);
  await played.finish();
}

test('words that look like placeholders come back as they were said', () =>
  comesBack(
    'words.jsonl',
    placeholderWords.flatMap(({ text }) =>
      [text, { [text]: 1 }, [`a ${text} b`]].map((value) => JSON.stringify(value)),
    ),
  ));

test('numbers keep their digits', () =>
  comesBack(
    'numbers.jsonl',
    [
      '9007199254740993',
      '-9007199254740993',
      '1e400',
      '-0',
      '0.1000000000000000000001',
      '12345678901234567890',
    ].flatMap((number) => [number, `[${number}]`, `{"a":${number}}`]),
  ));

test('any JSON comes back as it was said', async () => {
  const word = fc.constantFrom(...placeholderWords.map(({ text }) => text), '<', '>', '\\', '/', 'thread:1');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(word, fc.string())).map((parts) => parts.join('')),
  );
  const value = fc.jsonValue({ stringUnit: 'binary' });
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      text,
      value,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        tree.map((one) => JSON.stringify(one)),
        { minLength: 50, maxLength: 150 },
      ),
      (values) => comesBack('any.jsonl', values),
    ),
    { numRuns: 4, endOnFailure: true },
  );
});
