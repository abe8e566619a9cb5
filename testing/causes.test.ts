import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readWireLog } from './engine/wire-log.ts';
import { writeWhole } from './files/write-whole.ts';
import { parseGoldenFile } from './golden/golden-file.ts';
import { replay } from './index.ts';
import { parseBody } from './model/model-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'causes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** Whatever says in its own words what another error said keeps that one as its cause. */
test.each<[string, () => unknown, object]>([
  ['a wire log that is a folder', () => readWireLog(folder), { code: 'EISDIR' }],
  ['a wire log with a line that is no JSON', () => readWireLog(file('wire', '{\n')), { name: 'SyntaxError' }],
  ['a golden with a line that is no JSON', () => parseGoldenFile('{\n', 'g'), { name: 'SyntaxError' }],
  ['a recording that is not there', () => replay(join(folder, 'none.jsonl')), { code: 'ENOENT' }],
  ['a file below a file', () => writeWhole(join(file('plain', ''), 'x'), ''), { code: expect.stringMatching(/^E/) }],
  ['a body that is not what it is said to be', () => parseBody(Buffer.from('x'), 'gzip'), { code: expect.any(String) }],
])('%s', async (_, work, cause) => {
  const error = await (async () => work())().then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error?.cause).toMatchObject(cause);
});
