import { expect, test } from 'vitest';
import { list, parseClients, parseCount, parseEngine, parseEngines } from './arguments.ts';
import { UsageError } from './read-arguments.mjs';

test('engines are those that the help names, both among them, each once', () => {
  expect(parseEngines(undefined)).toEqual([]);
  expect(parseEngines('both')).toEqual(['real', 'fake']);
  expect(parseEngines('fake,both')).toEqual(['fake', 'real']);
  expect(parseEngines(' fake , fake')).toEqual(['fake']);
  expect(parseClients('ts,ts')).toEqual(['ts']);
});

test.each<[() => unknown, string]>([
  [() => parseEngines('reel'), 'Reading --engine: expected one of real, fake, both, got "reel".'],
  [() => parseEngines(' , '), 'Reading --engine: expected some of real, fake, both, got " , ".'],
  [() => parseClients('Ts'), 'Reading --client: expected one of '],
  [() => parseEngine('both'), 'Reading --engine: expected one of real, fake, got "both".'],
  ...['0', '-1', '1.5', '1e3', 'x', ' 2', '99999999999999999999'].map((text): [() => unknown, string] => [
    () => parseCount('jobs', text, 1),
    `Reading --jobs: expected a whole number from 1, got ${JSON.stringify(text)}.`,
  ]),
])('what is none of them is refused', (read, told) => {
  expect(read).toThrow(UsageError);
  expect(read).toThrow(told);
});

test('a glob keeps its own commas', () => {
  expect(list('turns/{a,b},exec/*')).toEqual(['turns/{a,b}', 'exec/*']);
});
