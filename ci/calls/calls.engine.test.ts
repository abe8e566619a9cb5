import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEngineLock, resolveEngine } from '../../native/index.ts';
import { compareCalls, readExpected } from './compare-calls.ts';
import { scenes } from './scenes.ts';
import { playScenes } from './stage.ts';

test('small calls of every kind come to what is expected on the pin', async () => {
  const version = readEngineLock().pin;
  const { path } = await resolveEngine({ version });
  const lines = await playScenes(scenes, { version, path });
  expect(compareCalls(lines, await readExpected(join(import.meta.dirname, '../..')), version)).toEqual([]);
});
