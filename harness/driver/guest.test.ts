import { expect, test } from 'vitest';
import { commandWords } from './guest.ts';

test.each([
  ['python3 driver.py', ['python3', 'driver.py']],
  [`  node\t"my driver.mjs" --name='a "b"' '' `, ['node', 'my driver.mjs', '--name=a "b"', '']],
  ['C:\\go\\driver.exe $HOME', ['C:\\go\\driver.exe', '$HOME']],
])('%s', (command, words) => expect(commandWords(command)).toEqual(words));

test.each([
  [' ', 'no word'],
  [`node "x`, 'a quote that is not closed in node "x'],
  [`it's`, `a quote that is not closed in it's`],
])('%j is refused', (command, got) =>
  expect(() => commandWords(command)).toThrow(`Reading --driver: expected a program and its arguments, got ${got}`),
);
