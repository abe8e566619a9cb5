import { expect, test } from 'vitest';
import type { ObservationLine } from '../observation/types.ts';
import { readLine } from './read-line.ts';
import { drop, type LineRule, type RuleContext, type ValueRule } from './types.ts';

const context = { header: { client: 'ts' } } as RuleContext;
const line = (payload: object): ObservationLine =>
  ({ t: 7, ch: 'event', lane: 'e', method: 'm', payload, known: true }) as ObservationLine;
const rule = (name: string, apply: ValueRule['apply'], over: object = {}): ValueRule => ({
  ...{ name, reason: 'a test', apply },
  ...over,
});
const onLine = (name: string, apply: LineRule['apply']): LineRule => ({ name, reason: 'a test', apply });
const read = (payload: object, value: ValueRule[], lines: LineRule[] = []) =>
  readLine(line(payload), context, { line: lines, value });

test('without rules a line is as it was, but for its moment and its channel', () => {
  const { read: one, fired } = read({ a: [1, null] }, []);
  expect(one?.value).toEqual({ lane: 'e', method: 'm', payload: { a: [1, null] }, known: true });
  expect([one?.volatile, [...fired]]).toEqual([[], []]);
});

test('what a rule drops is gone, and not null; in a list too', () => {
  const gone = rule('gone', (value) => (value === 'x' ? drop : undefined));
  const { read: one, fired } = read({ a: 'x', b: { c: 'x', d: 1 }, e: ['x', 'y'] }, [gone]);
  expect(one?.value.payload).toEqual({ b: { d: 1 }, e: ['y'] });
  expect([...fired]).toEqual([['gone', 3]]);
});

test('rules apply one after the other, to the whole line first, and a dropped line is read no further', () => {
  const renamed = (from: string, to: string) =>
    onLine(`${from} to ${to}`, (body) =>
      body.ch === 'event' && body.method === from ? { ...body, method: to } : undefined,
    );
  const dropped = onLine('dropped', (body) => (body.ch === 'event' && body.method === 'o' ? null : undefined));
  const seen = rule('seen', (value, { key }) => (key === 'method' ? `${value}!` : undefined));
  const again = rule('again', (value) => (value === 'o!' || value === 'n!' ? 'last' : undefined));
  const { read: one, fired } = read({}, [seen, again], [renamed('m', 'n'), renamed('x', 'y')]);
  expect(one?.value.method).toBe('last');
  expect(one?.body).toMatchObject({ method: 'n' });
  expect([...fired]).toEqual(['m to n', 'seen', 'again'].map((name) => [name, 1]));
  const none = read({}, [seen], [renamed('m', 'n'), renamed('n', 'o'), dropped, renamed('o', 'p')]);
  expect(none.read).toBeUndefined();
  expect([...none.fired.keys()]).toEqual(['m to n', 'n to o', 'dropped']);
});

test('a volatile value is told with where it is, what it was and when, before other rules see it', () => {
  const moment = rule(
    'moment',
    (value, { key }) =>
      key === 's' ? '<seconds>' : key === 'ms' ? '<millis>' : typeof value === 'number' ? drop : undefined,
    { volatile: 'moment' },
  );
  const { read: one } = read({ a: [{ s: 5, ms: 5000, n: 1 }] }, [moment]);
  expect(one?.value.payload).toEqual({ a: [{ s: '<seconds>', ms: '<millis>' }] });
  const path = ['payload', 'a', '0'];
  expect(one?.volatile).toEqual([
    {
      ...{ kind: 'moment', key: 's', path: [...path, 's'], value: 5 },
      placeholder: '<seconds>',
      said: 's 5',
      ms: 5000,
    },
    {
      ...{ kind: 'moment', key: 'ms', path: [...path, 'ms'], value: 5000 },
      placeholder: '<millis>',
      said: 'ms 5000',
      ms: 5000,
    },
  ]);
});
