import { expect, test } from 'vitest';
import { expandAnswer } from './play-answer.ts';

test('the short form is played in one fixed order', () => {
  const call = { name: 'exec_command', arguments: { cmd: 'ls' } };
  expect(
    expandAnswer({
      hang: true,
      patch: 'P',
      call,
      calls: [call],
      stream: ['a'],
      phase: 'final',
      hold: 'x',
      reasoning: { text: 'r' },
    }),
  ).toEqual([
    { reasoning: { text: 'r' } },
    { stream: ['a'], phase: 'final', hold: 'x' },
    { call },
    { call },
    { custom: { name: 'apply_patch', input: 'P' } },
    { hang: true },
  ]);
});

test('a hold without a stream stands first', () => {
  expect(expandAnswer({ message: 'm', hold: 'x' })).toEqual([{ hold: 'x' }, { message: 'm' }]);
});

test('an answer that says two things is refused', () => {
  expect(() => expandAnswer({ parts: [], message: 'm' })).toThrow(
    'expected parts or the short form, got parts and message',
  );
  expect(() => expandAnswer({ stream: ['a'], message: 'm' })).toThrow('expected message or stream, got both');
});
