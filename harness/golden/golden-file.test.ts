import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asNormalised } from '../normalise/types.ts';
import { formatGolden, parseGolden, readGolden, writeGolden } from './golden-file.ts';

const golden = asNormalised({
  header: { kind: 'golden', schemaVersion: 1, scenario: 's/s', client: 'python', engineVersion: '0.163.0' },
  lines: [{ lane: 'in/-', ch: 'wire.in', key: 'x', body: { a: 1 } }],
  fired: {},
});

describe('golden file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'golden-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reads what it wrote, and leaves nothing beside', async () => {
    const file = path.join(folder, 'deep', 'a.jsonl');
    await writeGolden(file, golden);
    expect(await readGolden(file)).toEqual(golden);
    expect(await readdir(path.dirname(file))).toEqual(['a.jsonl']);
  });

  it('keeps the old file where the new one cannot be written', async () => {
    const file = path.join(folder, 'a');
    await writeFile(file, 'old');
    await expect(writeGolden(path.join(file, 'b.jsonl'), golden)).rejects.toThrow(/Cannot write/);
    expect(await readFile(file, 'utf8')).toBe('old');
  });

  it('gives undefined for a golden that is not there', async () => {
    expect(await readGolden(path.join(folder, 'none.jsonl'))).toBeUndefined();
  });

  it.each([
    ['a cut file', formatGolden(golden).slice(0, -1), /f:2: expected a newline at the end/],
    ['a line that is not JSON', `${formatGolden(golden)}{"lane"\n`, /f:3: expected JSON, got {"lane"/],
    ['no header', '{"lane":"a"}\n', /f:1: expected a header/],
    ['a line without its fields', `${formatGolden(golden)}{"lane":"a"}\n`, /f:3: expected lane, ch, key and body/],
  ])('refuses %s with file and line', (_, text, message) => {
    expect(() => parseGolden(text, 'f')).toThrow(message);
  });
});
