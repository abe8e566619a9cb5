import { expect, test } from 'vitest';
import { buildReportModel } from '../../../build-model.ts';
import { event, SampleRun } from '../../../test-fixtures/sample-run.ts';
import { indexReport } from '../shared/report-index.ts';
import { alignLanes } from './align-lanes.ts';

const lane = (events: string) =>
  [...events].map((name) => event(name.toLowerCase(), { big: name === name.toUpperCase() }));

/** `a` and `A` are of one kind and differ. */
function pairsOf(golden: string, client: string) {
  const run = new SampleRun();
  run.golden('turns/one', lane(golden));
  const cell = run.cell({ scenario: 'turns/one', client: 'ts', engine: 'real' }, lane(client));
  const report = indexReport(buildReportModel(run.input()));
  const [own] = report.model.cells;
  if (own === undefined) throw new Error('the sample has no cell');
  const pairs = alignLanes(report, own).flatMap((one) => one.pairs);
  expect(pairs.flatMap(({ differences }) => differences)).toHaveLength(cell.unexplained.length);
  return pairs.map(({ kind }) => (kind === 'extra' ? 'x' : kind[0])).join('');
}

test.each([
  ['abc', 'abc', 'eee'],
  ['abc', 'aBc', 'ece'],
  ['abc', 'ac', 'eme'],
  ['ac', 'abc', 'exe'],
  ['abcd', 'bxCd', 'mexce'],
  ['', 'ab', 'xx'],
  ['ab', '', 'mm'],
  ['aabb', 'abbA', 'emeex'],
])('golden %s beside client %s: %s', (golden, client, kinds) => {
  expect(pairsOf(golden, client)).toBe(kinds);
});

test('lanes stand in the order in which their differences are told, equal ones last', () => {
  const run = new SampleRun();
  const said = (name: string, at: number) => event(name, { at }, `user/${name}`);
  run.golden('turns/one', [said('a', 1), said('b', 1), said('c', 1)]);
  run.cell({ scenario: 'turns/one', client: 'ts', engine: 'real' }, [said('a', 1), said('c', 2), said('b', 2)]);
  const report = indexReport(buildReportModel(run.input()));
  const [own] = report.model.cells;
  if (own === undefined) throw new Error('the sample has no cell');
  expect(alignLanes(report, own).map((one) => one.lane)).toEqual(['user/c', 'user/b', 'user/a']);
});
