import { expect, it } from 'vitest';
import { type Again, selectTouched, type Watched } from './select-touched.ts';
import type { Touched } from './touched-by.ts';

const all: Watched = { scenarios: [], clients: ['python', 'ts', 'ts-exec'], engines: ['real', 'fake'] };

it.each<[string, Touched[], Partial<Watched>, Again[]]>([
  ['a scenario', [{ scenario: 'turns/plain' }], {}, [{ scenarios: ['turns/plain'] }]],
  [
    'two of a selection by a glob',
    [{ scenario: 'a/b' }, { scenario: 'a/c' }],
    { scenarios: ['a/*'] },
    [{ scenarios: ['a/b', 'a/c'] }],
  ],
  ['one outside the selection', [{ scenario: 'b/c' }], { scenarios: ['a/*'] }, []],
  [
    'the file of a selected case',
    [{ scenario: 'a/b' }],
    { scenarios: ['a/b/one', 'a/*/two', 'c'] },
    [{ scenarios: ['a/b/one'] }],
  ],
  [
    'the file of cases by a glob',
    [{ scenario: 'a/b' }],
    { scenarios: ['a/*/two', 'c/*/two'] },
    [{ scenarios: ['a/*/two'] }],
  ],
  ['the SDK', [{ clients: ['ts', 'ts-exec'] }], {}, [{ clients: ['ts', 'ts-exec'] }]],
  ['the SDK, one client watched', [{ clients: ['ts', 'ts-exec'] }], { clients: ['ts'] }, [{ clients: ['ts'] }]],
  ['a client that is not watched', [{ clients: ['bare'] }], {}, []],
  ['an engine', [{ engine: 'fake' }], {}, [{ engines: ['fake'] }]],
  ['an engine that is not watched', [{ engine: 'real' }], { engines: ['fake'] }, []],
  ['different things', [{ scenario: 's' }, { engine: 'fake' }], {}, [{ scenarios: ['s'] }, { engines: ['fake'] }]],
  ['everything, and so nothing else', [{ scenario: 's' }, {}, { engine: 'fake' }], {}, [{}]],
])('a change of %s', (_, touched, watched, runs) => {
  expect(selectTouched(touched, { ...all, ...watched })).toEqual(runs);
});
