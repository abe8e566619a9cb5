import { expect, test } from 'vitest';
import type { JsonValue } from '../../../testing/json/json.ts';
import type { ObservationBody } from '../../observation/types.ts';
import type { RuleContext } from '../types.ts';
import { contextEstimates } from './context-estimate.ts';

const apply = (value: JsonValue) =>
  contextEstimates.apply(value, { key: 'last', path: [], line: {} as ObservationBody }, {} as RuleContext);

test('a total that nothing adds up to is a guess, and rounded; what was counted is left alone', () => {
  const guessed = { inputTokens: 0, outputTokens: 0, totalTokens: 6806 };
  expect(apply(guessed)).toEqual({ ...guessed, totalTokens: 7000 });
  expect(apply({ ...guessed, totalTokens: 0 })).toBeUndefined();
  expect(apply({ ...guessed, totalTokens: 7000 })).toBeUndefined();
  expect(apply({ ...guessed, inputTokens: 6806 })).toBeUndefined();
});
