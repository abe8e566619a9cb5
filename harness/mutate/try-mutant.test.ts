import { expect, test } from 'vitest';
import type { Subject } from './baseline.ts';
import { candidatesFor } from './try-mutant.ts';

const subject = (id: string, client: 'ts', durationMs: number, ...reached: string[]): Subject => ({
  plan: { client, engine: 'fake', round: 1, scenario: { id } } as Subject['plan'],
  golden: { lines: [] } as unknown as Subject['golden'],
  outcome: 'match',
  durationMs,
  reached: Object.fromEntries(reached.map((mutant) => [mutant, 1])),
});
const subjects = [
  subject('cheap', 'ts', 10, '1'),
  subject('about-it', 'ts', 30, '1', '2', '3'),
  subject('its-file', 'ts', 90, '2'),
  subject('elsewhere', 'ts', 5),
];
const mutant = { id: '1', file: 'sdk/rpc/a.ts', line: 1, column: 1, mutator: 'x', original: '', replacement: '' };
const ids = (atLoading: string[] = []) =>
  candidatesFor(mutant, { subjects, static: new Set(atLoading) }, ['1', '2', '3']).map(({ plan }) => plan.scenario.id);

test('only what reaches a mutant can notice it, what is about its file first', () => {
  expect(ids()).toEqual(['about-it', 'cheap']);
});

test('what is reached at loading may show wherever its file is reached', () => {
  expect(ids(['1'])).toEqual(['about-it', 'cheap', 'its-file']);
});
