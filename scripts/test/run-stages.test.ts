import { expect, test } from 'vitest';
import { chooseStages } from './main.ts';
import { runStages, type Stage } from './run-stages.ts';

const context = { root: '/', outFolder: '/', signal: new AbortController().signal, note: () => undefined };
const stage = (name: string, run: Stage['run'], needs: Stage['needs'] = []): Stage => ({ name, needs, run });
const counts = (passed: number, failed: number) => async () => ({ passed, failed, details: '' });

test('all stages run; one that throws, runs nothing or lacks what it needs is one failure', async () => {
  const outcomes = await runStages(
    [
      stage('throws', async () => Promise.reject(new Error('broken'))),
      stage('empty', counts(0, 0)),
      stage('lacking', counts(1, 0), ['python']),
      stage('good', counts(7, 0)),
    ],
    { ...context, lacking: new Map([['python', 'no Python']]) },
  );
  expect(outcomes.map(({ name, passed, failed }) => [name, passed, failed])).toEqual([
    ['throws', 0, 1],
    ['empty', 0, 1],
    ['lacking', 0, 1],
    ['good', 7, 0],
  ]);
  expect(outcomes[2]?.details).toBe('not run: no Python');
});

test('an abort ends the run', async () => {
  const stop = new AbortController();
  const aborting = stage('aborting', async () => {
    stop.abort(new Error('interrupted by SIGINT'));
    throw stop.signal.reason;
  });
  const run = runStages([aborting, stage('later', counts(1, 0))], {
    ...context,
    signal: stop.signal,
    lacking: new Map(),
  });
  await expect(run).rejects.toThrow('interrupted by SIGINT');
});

test('--only chooses stages in their own order, and an unknown one is told', () => {
  expect(chooseStages('unit,lint,types').map(({ name }) => name)).toEqual(['lint', 'types', 'unit']);
  expect(() => chooseStages('units')).toThrow(/expected names among lint, types,.* got "units"\.$/);
});
