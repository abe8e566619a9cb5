import { expect, test } from 'vitest';
import { sampleCell } from '../cell/test-fixtures/sample-cell.ts';
import type { CellPlan, CellResult } from '../cell/types.ts';
import type { Difference } from '../compare/compare.ts';
import { clock, type ProgressOptions, RunProgress, tellDoing } from './progress.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

const difference: Difference = { kind: 'missing', lane: 'l', ch: 'event', key: 'k', path: 'event:k' };
const failing: Partial<CellResult> = { verdict: 'mismatch', unexplained: [difference] };
const plan = { scenario: { id: 'turns/plain' }, client: 'ts', engine: 'real', round: 1 } as CellPlan;

/** A run whose every cell takes a second. */
function play(results: Partial<CellResult>[], over: Partial<ProgressOptions> = {}, live = false) {
  const status: string[] = [];
  const said = saidTerminal({ live, status: (text) => void status.push(text ?? '') });
  let time = 0;
  const options = { total: results.length, verbose: false, begun: 0, now: () => time, ...over };
  const progress = new RunProgress(said.terminal, options);
  for (const result of results) {
    progress.began(plan);
    time += 1000;
    progress.ended(plan, sampleCell(result));
  }
  progress.end();
  return { ...said, status };
}

test('without a terminal there is a line for each tenth, with what is left', () => {
  const { notes, status } = play(Array(200).fill({}));
  expect(notes).toHaveLength(10);
  expect(notes[0]).toBe('[ 10 %] 20 of 200 cells, 0 failed, 0:20 so far, about 3:00 left');
  expect(notes.at(-1)).toBe('[100 %] 200 of 200 cells, 0 failed, 3:20 so far');
  expect(status).toEqual(['']);
});

test('on a terminal there is one line, which says what runs and is gone at the end', () => {
  const { notes, status } = play(Array(10).fill({}), {}, true);
  expect(notes).toEqual([]);
  expect(status).toContain('[ 60 %] 6 of 10 cells, 0 failed, 0:06 so far, about 0:04 left · turns/plain ts real');
  expect(status.at(-1)).toBe('');
});

test.each([true, false])('a failure is told as it comes, and many are counted alone (on a terminal: %s)', (live) => {
  const { notes } = play([{}, failing, ...Array(30).fill(failing)], {}, live);
  expect(notes.filter((line) => line.startsWith('mismatch'))).toEqual(
    Array(20).fill('mismatch  turns/plain  ts on real  event:k is missing'),
  );
  expect(notes.filter((line) => line.startsWith('more'))).toEqual([
    'more cells fail; all of them are grouped at the end',
  ]);
  const reason = 'the driver ended\nits stderr';
  expect(play([{ verdict: 'could-not-run', reason }], {}, live).notes[0]).toBe(
    'could-not-run  turns/plain  ts on real  the driver ended',
  );
});

test('--verbose has a line for each cell', () => {
  expect(play([{}, failing], { verbose: true }).notes).toEqual([
    '[1/2] turns/plain  ts on real  match  1 ms',
    '[2/2] turns/plain  ts on real  mismatch  1 ms',
  ]);
});

test('what follows the last cell is told before it begins: a line each, and a quarter of what takes long', () => {
  const { terminal, notes } = saidTerminal();
  const doing = tellDoing(terminal);
  doing('judging');
  for (let done = 0; done < 400; done += 1) doing('measuring', { done, of: 400 });
  expect(notes).toEqual(['judging …', 'measuring …', ...[100, 200, 300].map((done) => `measuring: ${done} of 400 …`)]);
  const status: (string | undefined)[] = [];
  const live = tellDoing(saidTerminal({ live: true, status: (text) => void status.push(text) }).terminal);
  live('measuring', { done: 1, of: 400 });
  live('measuring', { done: 2, of: 400 });
  expect(status).toEqual(['measuring: 1 of 400 …', 'measuring: 2 of 400 …']);
});

test('a time is minutes and seconds', () => {
  expect([0, 1499, 61_000, 3_660_000, -5].map(clock)).toEqual(['0:00', '0:01', '1:01', '61:00', '0:00']);
});
