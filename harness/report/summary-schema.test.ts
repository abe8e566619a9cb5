import { expect, test } from 'vitest';
import { checkJson } from '../data/schemas.ts';
import { event, SampleRun } from './test-fixtures/sample-run.ts';

function summary() {
  const run = new SampleRun();
  run.golden('turns/one', [event('turn/started', {})]);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'real' }, [event('turn/started', {})]);
  return run.summary();
}

test('a summary is as its published schema says', async () => {
  expect(checkJson(JSON.parse(JSON.stringify(summary())), 'summary')).toEqual([]);
  const { surface: _, ...without } = summary();
  expect(checkJson(without, 'summary')).toEqual([]);
});

test('what is no summary is told apart, place by place', async () => {
  const sound = summary();
  const { cells: _, ...missing } = sound;
  const broken: [unknown, string][] = [
    [missing, "/ must have required property 'cells'"],
    [{ ...sound, schemaVersion: 2 }, '/schemaVersion must be equal to constant'],
    [{ ...sound, more: 1 }, '/ must NOT have additional properties'],
    [{ ...sound, matchBeforeLedger: 1.5 }, '/matchBeforeLedger must be <= 1'],
    [{ ...sound, verdicts: { ...sound.verdicts, match: -1 } }, '/verdicts/match must be >= 0'],
    [{ ...sound, engine: { ...sound.engine, path: '/x' } }, '/engine must NOT have additional properties'],
  ];
  for (const [value, problem] of broken) expect(checkJson(value, 'summary')).toContain(problem);
});

test('a platform that nobody ran has no figures, and one that ran has them', async () => {
  const sound = summary();
  const notRun = { platform: 'darwin', status: 'not run', passed: 0, failed: 0 };
  expect(checkJson({ ...sound, platforms: [notRun] }, 'summary')).not.toEqual([]);
  expect(checkJson({ ...sound, platforms: [{ platform: 'darwin', status: 'passed' }] }, 'summary')).not.toEqual([]);
});
