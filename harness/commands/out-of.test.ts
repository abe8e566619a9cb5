import { expect, test } from 'vitest';
import { partFolder } from '../run/folders.ts';
import { outOf } from './context.ts';

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
