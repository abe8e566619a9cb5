import { expect, test } from 'vitest';
import { readEngineLock } from '../../native/index.ts';
import { namesLackingIn } from '../contract/window.ts';
import { partFolder } from '../run/folders.ts';
import { outOf, targetsOf } from './context.ts';

test('a selection has a folder of its own, so that the report of the whole stays', () => {
  for (const args of [
    { scenario: 'turns/*' },
    { client: 'ts' },
    { engine: 'fake' },
    { family: 'exec' },
    { offline: true },
  ]) {
    expect(outOf(args)).toBe(partFolder);
    expect(outOf({ ...args, out: 'out/x' })).toBe('out/x');
  }
  for (const args of [{}, { shard: '1/2' }, { repeat: '2' }, { jobs: '3' }]) expect(outOf(args)).toBeUndefined();
});

test('the engine of a target is told with what it lacks; the fake stands for the pin alone', async () => {
  const { pin } = readEngineLock();
  const old = '0.163.0';
  const lacks = await namesLackingIn(old);
  expect(lacks.size).toBeGreaterThan(0);
  const ofPin = { version: pin, lacks: await namesLackingIn(pin) };
  expect(await targetsOf(['real', 'fake'], [old, pin])).toEqual([
    { engine: 'real', version: old, lacks, other: true },
    { engine: 'real', ...ofPin },
    { engine: 'fake', ...ofPin },
  ]);
  expect(await targetsOf(['fake'], [old])).toEqual([]);
});
