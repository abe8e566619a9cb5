import { expect, test } from 'vitest';
import type { Place, RuleContext } from '../types.ts';
import { exitOfKilled } from './exit-of-killed.ts';

const read = (key: string, value: number, engine = 'real') =>
  exitOfKilled.apply(value, { key, path: [], line: { ch: 'wire.in' } } as Place, { header: { engine } } as RuleContext);

test('137 of a killed command is -1, whether or not the engine has heard of its end', () => {
  expect(read('exitCode', 137)).toBe(-1);
});

test('any other exit code, and any other 137, is compared', () => {
  for (const code of [-1, 0, 1, 9, 128, 143]) expect(read('exitCode', code)).toBeUndefined();
  expect(read('code', 137)).toBeUndefined();
  expect(read('exitCode', 137, 'fake')).toBeUndefined();
});
