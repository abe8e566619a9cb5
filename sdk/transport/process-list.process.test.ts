import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isSame, listProcesses } from './process-list.ts';

test.skipIf(process.platform !== 'linux')(
  'a program is listed with its parent and start; one that has ended is not, though nobody has waited for it',
  async () => {
    // The shell becomes a program that never waits for the child that it had.
    const script = 'sleep 0 & echo $!; exec sleep 60';
    const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const ended = Number(String(line));
      const stateOf = () => readFileSync(`/proc/${ended}/stat`, 'utf8').split(') ').at(-1)?.[0];
      while (stateOf() !== 'Z') await new Promise((resolve) => setImmediate(resolve));
      const listed = await listProcesses(false);
      const found = listed?.find(({ pid }) => pid === parent.pid);
      const start = readFileSync(`/proc/${parent.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
      expect(found).toMatchObject({ parent: process.pid, start });
      if (found) expect([await isSame(found), await isSame({ ...found, start: '1' })]).toEqual([true, false]);
      expect(listed?.some(({ pid }) => pid === ended)).toBe(false);
    } finally {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    }
  },
);
