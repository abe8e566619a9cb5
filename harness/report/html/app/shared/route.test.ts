import { expect, test } from 'vitest';
import { hashOf, parseRoute, type Route } from './route.ts';

test.each<Route>([
  { page: 'start', filter: { words: '', chosen: {} } },
  { page: 'start', filter: { words: 'a & b=?#', chosen: { verdict: ['mismatch', 'match'], client: ['ts'] } } },
  { page: 'cell', path: 'turns/a%20b%3Fx/ts/real%40darwin/2', level: 'wire', at: undefined },
  { page: 'words', name: '' },
  { page: 'known', name: 'a/b?#%' },
  { page: 'behaviour', name: 'N-214' },
  {
    page: 'cell',
    path: 'turns/a/ts/real',
    level: 'all',
    at: { lane: 'in/answer <request:4>~x&y', side: 'golden', line: 100_000 },
  },
])('an address reads back as what it was made of: %j', (route) => {
  expect(parseRoute(hashOf(route))).toEqual(route);
});

test('what an address says wrong is left out', () => {
  expect(parseRoute('#/known/%')).toEqual({ page: 'known', name: '%' });
  const start = { page: 'start', filter: { words: '', chosen: {} } };
  expect(['', '#', '#nowhere', '#/?colour=red'].map(parseRoute)).toEqual([start, start, start, start]);
  expect(parseRoute('#/cell/a/ts/real?level=deep&lane=x&client=0')).toEqual({
    page: 'cell',
    path: 'a/ts/real',
    level: 'all',
    at: undefined,
  });
});
