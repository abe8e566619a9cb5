import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cellsEnvironment, cellsFolder } from '../cell/cells-folder.ts';
import { findLeftovers } from '../engine/leftovers.ts';
import { TreeCopy } from '../proofs/behaviours/tree-copy.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

let copy: TreeCopy;
let cells: string;
beforeEach(async () => {
  copy = await TreeCopy.of(repository);
  const place = cellsFolder(cellsEnvironment(repository));
  await mkdir(place, { recursive: true });
  cells = await mkdtemp(path.join(place, 'twinproof-watch-'));
});
afterEach(async () => {
  await copy.remove();
  await rm(cells, { recursive: true, force: true });
});

it('runs again the scenario that was edited, and ends in order by Ctrl-C', async () => {
  const selection = ['--offline', '--client', 'ts', '--scenario', 'turns/two-turns,turns/plain-message'];
  const child = spawn(process.execPath, ['scripts/parity.mjs', 'run', '--watch', ...selection], {
    cwd: copy.folder,
    env: { ...process.env, TWINPROOF_CELLS: cells },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = once(child, 'close');
  const said: string[] = [];
  let rounds = 0;
  const step = async (line: string) => {
    said.push(line);
    if (!line.startsWith('watching')) return;
    rounds += 1;
    const file = path.join(copy.folder, 'fixtures', 'scenarios', 'turns', 'two-turns.yaml');
    if (rounds === 1) await appendFile(file, '# edited\n');
    // A terminal sends it to the whole group.
    else process.kill(-(child.pid as number), 'SIGINT');
  };
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => void step(line));
  const [code] = await ended;

  expect(said.filter((line) => / passed, /.test(line))).toEqual(['2 passed, 0 failed', '1 passed, 0 failed']);
  expect(said.filter((line) => line.startsWith('changed'))).toEqual([
    'changed: fixtures/scenarios/turns/two-turns.yaml',
  ]);
  expect(code).toBe(130);
  expect((await findLeftovers(cells, cells)).processes).toEqual([]);
}, 300_000);
