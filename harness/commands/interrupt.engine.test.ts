import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cellsEnvironment, cellsFolder } from '../cell/cells-folder.ts';
import { findLeftovers } from '../engine/leftovers.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
beforeEach(async () => {
  await mkdir(cellsFolder(cellsEnvironment(repository)), { recursive: true });
  folder = await mkdtemp(path.join(cellsFolder(cellsEnvironment(repository)), 'twinproof-interrupt-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The command as a user starts it: a process group of its own, as a terminal gives it. */
function start(args: string[]) {
  return spawn(process.execPath, ['scripts/parity.mjs', ...args], {
    cwd: repository,
    env: { ...process.env, TWINPROOF_CELLS: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

it.each([
  ['run', ['run', '--verbose', '--engine', 'real', '--client', 'python,ts', '--scenario', 'turns/*', '--repeat', '50']],
  ['record', ['record', '--check', 'turns/*']],
])(
  'Ctrl-C during %s ends with 130 and leaves no process and no file',
  async (_, args) => {
    const given = args[0] === 'run' ? [...args, '--out', path.join(folder, 'out')] : args;
    const child = start(given);
    const lines = createInterface({ input: args[0] === 'run' ? child.stderr : child.stdout });
    const ended = once(child, 'close');
    // A terminal sends the signal to the whole group: the drivers and engines get it as well.
    let sent = false;
    lines.on('line', (line) => {
      if (sent || !/^\[1\/|unchanged /.test(line)) return;
      sent = true;
      process.kill(-(child.pid as number), 'SIGINT');
    });
    const [code] = await ended;
    expect(sent).toBe(true);
    expect(code).toBe(130);
    expect((await findLeftovers(folder, folder)).processes).toEqual([]);
    expect(existsSync(path.join(folder, 'twinproof-cells'))).toBe(false);
  },
  120_000,
);
