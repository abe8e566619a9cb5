import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cellPaths } from './cell.ts';
import { cellEnd } from './cell-end.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'twinproof-end-'));
  for (const folder of ['workspace', 'home', 'codex-home', 'tmp']) await mkdir(path.join(root, folder));
});
afterEach(() => rm(root, { recursive: true }));

/** What the end of a cell shows whose model has these answers left. */
async function ended(unconsumed: object[]) {
  let closed = 0;
  const close = async () => {
    closed += 1;
  };
  const control = { lines: [], unconsumed: () => unconsumed, close };
  const scenario = { covers: [], steps: [] };
  const cell = { paths: cellPaths(root), wireLog: path.join(root, 'wire.jsonl'), control, scenario };
  const end = cellEnd(cell as never);
  const { lines, machine } = await end.finish();
  expect(closed).toBeGreaterThan(0);
  await end.dispose();
  return { lines: lines.map(({ t: _, ...line }) => line), machine };
}

test('nothing left is nothing to tell', async () => {
  expect(await ended([])).toEqual({ lines: [], machine: [] });
});

test('each answer that the model was never asked for is told, and each file that is left in the temp folder', async () => {
  await writeFile(path.join(root, 'tmp', 'left.txt'), '');
  const { lines } = await ended([{ message: 'one' }, { message: 'two' }]);
  expect(lines).toEqual([
    { ch: 'rest', processes: [], files: [expect.stringContaining('left.txt')] },
    { ch: 'mark', mark: 'unconsumed model answer', detail: { message: 'one' } },
    { ch: 'mark', mark: 'unconsumed model answer', detail: { message: 'two' } },
  ]);
});
