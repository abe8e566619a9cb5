import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cellsEnvironment, cellsFolder } from '../cell/cells-folder.ts';
import { TreeCopy } from '../proofs/behaviours/tree-copy.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

let copy: TreeCopy;
let cells: string;
beforeEach(async () => {
  copy = await TreeCopy.of(repository);
  const place = cellsFolder(cellsEnvironment(repository));
  await mkdir(place, { recursive: true });
  cells = await mkdtemp(path.join(place, 'twinproof-new-'));
});
afterEach(async () => {
  await copy.remove();
  await rm(cells, { recursive: true, force: true });
});

const parity = (...args: string[]) =>
  execa(process.execPath, ['scripts/parity.mjs', ...args], {
    cwd: copy.folder,
    env: { TWINPROOF_CELLS: cells },
    stdin: 'ignore',
    reject: false,
  });

it('writes a scenario that Python performs on the real engine, shows it, and never writes over one', async () => {
  const done = await parity('new', 'turns/one-more', '--title', 'One: more');
  expect(done).toMatchObject({ exitCode: 0 });
  expect(done.stdout).toMatch(/← wire\.in +turn\/completed/);
  expect(done.stdout).toMatch(/it exercises, for `covers`: .*\bturn\/start\b/);
  expect(done.stdout).not.toContain('refused as a golden');
  const file = path.join(copy.folder, 'fixtures/scenarios/turns/one-more.yaml');
  const text = await readFile(file, 'utf8');

  const again = await parity('new', 'turns/one-more');
  expect(again).toMatchObject({ exitCode: 2 });
  expect(again.stderr).toContain('turns/one-more exists: fixtures/scenarios/turns/one-more.yaml');
  expect(await readFile(file, 'utf8')).toBe(text);
  expect((await parity('new', 'approvals/command/one-more')).stderr).toContain('add it to its matrix');
}, 300_000);
