import { expect, it } from 'vitest';
import { type Marginal, marginals, type Showing, usefulFiles } from './marginal.ts';

it('says what each scenario file adds: the cases of a matrix are one file, and a point from a script is another', () => {
  const show = (scenario: string, points: string[], engine: Showing['engine'] = 'real'): Showing => ({
    scenario,
    client: 'python',
    engine,
    points,
  });
  const found = marginals(
    [
      show('m/a', ['items a']),
      show('m/b', ['items a', 'items b']),
      show('s/x', ['items b']),
      show('s/y', ['items b', 'mutant 17']),
      show('s/z', ['items b'], 'fake'),
    ],
    new Map([
      ['m/a', 'm'],
      ['m/b', 'm'],
    ]),
  );
  const common = { client: 'python', engine: 'real' };
  expect(found).toEqual([
    { file: 'm', ...common, cases: 2, covers: 2, alone: ['items a (real)'] },
    { file: 's/y', ...common, cases: 1, covers: 2, alone: ['mutant 17 (real)'] },
    { file: 's/z', ...common, engine: 'fake', cases: 1, covers: 1, alone: ['items b (fake)'] },
    { file: 's/x', ...common, cases: 1, covers: 1, alone: [] },
  ]);
});

it('counts files that add something, on the real engine, by a reference client', () => {
  const one = (client: Marginal['client'], engine: Marginal['engine'] = 'real', alone = ['x']): Marginal => ({
    file: 'f',
    client,
    engine,
    cases: 1,
    covers: 1,
    alone,
  });
  const found = [one('python'), one('ts-official'), one('bare'), one('ts'), one('ts-exec'), one('python', 'fake')];
  expect(usefulFiles([...found, one('python', 'real', [])])).toEqual({ official: 2, bare: 1 });
});
