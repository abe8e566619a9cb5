import { expect, test } from 'vitest';
import { TurnContexts } from './turn-contexts.ts';

test('a turn has the context of its start until it ends', () => {
  const contexts = new TurnContexts();
  const start = contexts.begin('th');
  start.named('t');
  start.end();
  expect(contexts.of('th', 't')).toBeDefined();
  contexts.ended('t');
  expect(contexts.of('th', 't')).toBeUndefined();
});

test('an answer that is handled once its connection is gone keeps nothing', () => {
  const contexts = new TurnContexts();
  const start = contexts.begin('th');
  contexts.fail();
  start.named('t');
  start.end();
  expect(contexts.of('th', 't')).toBeUndefined();
});
