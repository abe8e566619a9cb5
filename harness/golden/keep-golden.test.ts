import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asNormalised, type NormalisedObservation } from '../normalise/types.ts';
import { goldenPath, readGolden } from './golden-file.ts';
import { keepGolden } from './keep-golden.ts';

const recording = (value: string, client = 'python'): NormalisedObservation =>
  asNormalised({
    header: { kind: 'golden', schemaVersion: 1, scenario: 's/s', client, engineVersion: '1.2.3' },
    lines: [{ lane: 'in/-', ch: 'wire.in', key: 'x', body: { value } }],
    fired: {},
  });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'keep-'));
});
afterEach(() => rm(folder, { recursive: true }));

const files = () => readdir(path.join(folder, 's'));
const heldOn = (platform: string) => readGolden(goldenPath(folder, 's/s', platform));

test('what another platform records differently lies over the base there, and there alone, until it is the same again', async () => {
  expect(await keepGolden(folder, recording('a'), { platform: 'linux' })).toEqual({ outcome: 'new', details: [] });
  const other = { platform: 'darwin' };
  expect(await keepGolden(folder, recording('a'), other)).toMatchObject({ outcome: 'unchanged' });
  expect(await files()).toEqual(['s.jsonl']);

  const details = ['lane in/-', '  ~ wire.in x', '      ~ value: "a" → "b"'];
  expect(await keepGolden(folder, recording('b'), other)).toEqual({ outcome: 'changed', details });
  expect(await files()).toEqual(['s.darwin.jsonl', 's.jsonl']);
  expect(await keepGolden(folder, recording('b'), other)).toMatchObject({ outcome: 'unchanged' });
  expect(await heldOn('darwin')).toEqual(recording('b'));
  expect(await heldOn('linux')).toEqual(recording('a'));
  expect(await heldOn('win32')).toEqual(recording('a'));

  expect(await keepGolden(folder, recording('a'), other)).toMatchObject({ outcome: 'changed' });
  expect(await files()).toEqual(['s.jsonl']);
});

test('on the platform of the base, what is recorded differently is the base', async () => {
  await keepGolden(folder, recording('a'), { platform: 'linux' });
  expect(await keepGolden(folder, recording('b'), { platform: 'linux' })).toMatchObject({ outcome: 'changed' });
  expect(await files()).toEqual(['s.jsonl']);
  expect(await heldOn('darwin')).toEqual(recording('b'));
});

test('without a base, the recording of any platform is the base', async () => {
  expect(await keepGolden(folder, recording('a'), { platform: 'darwin' })).toMatchObject({ outcome: 'new' });
  expect(await files()).toEqual(['s.jsonl']);
});

test('another client is a change, said as such; a check writes nothing', async () => {
  await keepGolden(folder, recording('a'), { platform: 'linux' });
  const details = ['client python, now bare'];
  const checked = await keepGolden(folder, recording('a', 'bare'), { platform: 'linux', check: true });
  expect(checked).toEqual({ outcome: 'changed', details });
  expect(await heldOn('linux')).toEqual(recording('a'));
});
