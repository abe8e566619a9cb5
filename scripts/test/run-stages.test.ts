import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { chooseStages, summarise } from './main.ts';
import { runStages, type Stage } from './run-stages.ts';
import { readStageLine, stageLine } from './stage-line.ts';

const context = {
  root: '/',
  outFolder: '/',
  signal: new AbortController().signal,
  note: () => undefined,
  atOnce: 1,
  coverage: false,
};
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

test('as many stages run at a time as are allowed, begun in their order, and are told in it', async () => {
  const told: string[] = [];
  const bus = new EventEmitter();
  const held = (name: string) =>
    stage(name, async () => {
      bus.emit(`${name} begun`);
      await once(bus, `end ${name}`);
      return { passed: 1, failed: 0, details: '' };
    });
  const [b, c] = [once(bus, 'b begun'), once(bus, 'c begun')];
  const run = runStages([held('a'), held('b'), held('c')], {
    ...context,
    atOnce: 2,
    lacking: new Map(),
    onStart: ({ name }) => told.push(`▸ ${name}`),
    onEnd: ({ name }) => told.push(`✔ ${name}`),
  });
  await b;
  bus.emit('end b');
  await c;
  bus.emit('end a');
  bus.emit('end c');
  expect((await run).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(told).toEqual(['▸ a', '▸ b', '✔ b', '▸ c', '✔ a', '✔ c']);
});

test('an abort begins no other stage, and waits for the one that runs', async () => {
  const stop = new AbortController();
  let ended = false;
  const running = stage('running', async () => {
    await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve(), { once: true }));
    ended = true;
    throw stop.signal.reason;
  });
  const aborting = stage('aborting', async () => {
    stop.abort(new Error('interrupted by SIGINT'));
    throw stop.signal.reason;
  });
  const later = stage('later', async () => {
    throw new Error('begun after the abort');
  });
  const options = { ...context, atOnce: 2, signal: stop.signal, lacking: new Map() };
  await expect(runStages([running, aborting, later], options)).rejects.toThrow('interrupted by SIGINT');
  expect(ended).toBe(true);
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

test('what failed is named at the end, directly before the last line', () => {
  const lines: string[] = [];
  const outcome = { passed: 3, failed: 0, details: '', durationMs: 1 };
  const outcomes = [
    { ...outcome, name: 'lint', failed: 1, details: '\na.ts:1:1 lint/x\nmore' },
    { ...outcome, name: 'unit', failed: 4, failures: ['a.test.ts > one: Error: x', 'b.test.ts > two: Error: y'] },
    { ...outcome, name: 'engine' },
  ];
  expect(summarise(outcomes, { out: (...more) => lines.push(...more) })).toBe(1);
  expect(lines.slice(-6)).toEqual([
    'Failed:',
    '  ✘ lint: a.ts:1:1 lint/x',
    '  ✘ unit a.test.ts > one: Error: x',
    '  ✘ unit b.test.ts > two: Error: y',
    '  and 2 more',
    '9 passed, 5 failed',
  ]);
});

test.each([
  { name: 'unit', passed: 4836, failed: 0, skipped: 5, durationMs: 40_800 },
  { name: 'report-types', passed: 0, failed: 1, durationMs: 0 },
])('the line of a stage can be read again: $name', (counts) => {
  expect(readStageLine(stageLine(counts))).toEqual(counts);
  expect(readStageLine(`✔ ${counts.name}: a host (3.2 s)`)).toBeUndefined();
});
