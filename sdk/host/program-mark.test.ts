import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { hasEnded, programMark } from './program-mark.ts';

test('a program that lives has not ended, and one that has is told, also if its id was given away again', async () => {
  const mark = await programMark();
  const [pid, place, start] = mark.split('-');
  expect(pid).toBe(String(process.pid));
  const { pid: gone } = spawnSync(process.execPath, ['--version']);
  const ended = {
    [mark]: false,
    [`${gone}-${place}-${start}`]: true,
    // Another place: nobody can see from here who lives.
    [`${gone}-0123456789ab-${start}`]: false,
    [`${gone}`]: false,
    '': false,
  };
  for (const [one, expected] of Object.entries(ended)) expect(await hasEnded(one), one).toBe(expected);
  if (process.platform === 'linux') expect(await hasEnded(`${pid}-${place}-${start}0`)).toBe(true);
});
