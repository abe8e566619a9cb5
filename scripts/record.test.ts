import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordCommand } from '../harness/commands/record.ts';

const source = readFileSync(new URL('record.mjs', import.meta.url), 'utf8');

test('scripted scenarios are recorded on the fake, and so its bundle is made before', () => {
  expect(source).toMatch(/needs: \[[^\]]*'fake'/);
});

test('the help that needs no packages names every option of the command', () => {
  const terminal = { out: () => undefined, note: () => undefined, signal: new AbortController().signal };
  const { args = {} } = recordCommand(terminal, () => undefined) as { args?: Record<string, { type?: string }> };
  const options = Object.entries(args).flatMap(([name, { type }]) => (type === 'positional' ? [] : [`--${name}`]));
  expect(options.filter((option) => !source.includes(`  ${option} `))).toEqual([]);
});
