import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { surfaceProblems } from './public-surface.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('every export, every method and every option is documented, none says any, and every class works behind a Proxy', {
  timeout: 240_000,
}, () => {
  expect(surfaceProblems(root).map(({ where, problem }) => `${where}: ${problem}`)).toEqual([]);
});

test('what is neither documented nor typed is named', { timeout: 240_000 }, () => {
  expect(surfaceProblems(root, { './bare': 'scripts/api/test-fixtures/bare' })).toEqual([
    { where: 'twinproof/bare Bare', problem: 'no doc comment' },
    { where: 'twinproof/bare Bare.#parse', problem: 'a #private field, which throws behind a Proxy' },
    { where: 'twinproof/bare Bare.say', problem: 'no doc comment' },
    { where: 'twinproof/bare Bare.say', problem: 'any' },
    { where: 'twinproof/bare BareOptions', problem: 'no doc comment' },
    { where: 'twinproof/bare BareOptions.size', problem: 'no doc comment' },
    { where: 'twinproof/bare parsed', problem: 'any' },
  ]);
});
