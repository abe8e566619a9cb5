import { expect, test } from 'vitest';
import { Codex, ExternalMessage, Sandbox, TextInput } from '../../../sdk/index.ts';
import { camelCase, referencedNames } from './names.ts';
import { sdkAdapter } from './sdk-adapter.ts';
import { buildArguments } from './values.ts';

/** Stands where the SDK's Thread does: the adapter knows operations by their class's name. */
class Thread {
  readonly id = 'thread-1';
  run(...args: unknown[]) {
    return args;
  }
  setName(...args: unknown[]) {
    return args;
  }
  read(...args: unknown[]) {
    return args;
  }
}

const thread = new Thread();
const { signal } = new AbortController();

test.each([
  ['run', { input: 'hi' }, undefined, ['hi']],
  ['run', { input: 'hi', output_schema: { a_b: 1 } }, undefined, ['hi', { outputSchema: { a_b: 1 } }]],
  ['run', { effort: 'low' }, undefined, [undefined, { effort: 'low' }]],
  ['run', {}, undefined, []],
  ['run', { input: 'hi' }, signal, ['hi', { signal }]],
  ['set_name', { name: 'n' }, undefined, ['n']],
  ['read', { include_turns: true }, undefined, [{ includeTurns: true }]],
])('%s with %j', (name, args, abort, wanted) => {
  expect(sdkAdapter.call(thread, name, args, abort)).toEqual(wanted);
});

test('what is not callable is an attribute, and what is not there an error', () => {
  expect(sdkAdapter.call(thread, 'id', {}, undefined)).toBe('thread-1');
  expect(() => sdkAdapter.call(thread, 'thread_id', {}, undefined)).toThrow(new TypeError('Thread has no threadId'));
});

test('results: instances with their public fields, turn results by their operation, the rest as it is', () => {
  expect(sdkAdapter.result(thread, undefined, 'thread_start')).toEqual({ $type: 'Thread', id: 'thread-1' });
  expect(sdkAdapter.result(new Codex(), undefined, undefined)).toEqual({ $type: 'Codex' });
  expect(sdkAdapter.result({ id: 't' }, thread, 'run')).toEqual({ $type: 'TurnResult', id: 't' });
  expect(sdkAdapter.result({ data: [] }, new Codex(), 'models')).toEqual({ data: [] });
  expect(sdkAdapter.result(undefined, new Codex(), 'logout')).toBe(null);
});

test('typed forms at any depth', () => {
  const context = { adapter: sdkAdapter, names: new Map([['t', thread]]), workspace: '/w' };
  const built = buildArguments(
    {
      input: [{ $new: 'TextInput', text: { $ref: 't.id' } }, { $path: 'a/b.md' }],
      sandbox: { $enum: 'Sandbox.full_access' },
      message: { $new: 'ExternalMessage', tool_name: 'x', content: 'y' },
      plain: [null, true, { a_b: 'v' }],
    },
    context,
  );
  expect(built).toEqual({
    input: [new TextInput('thread-1'), '/w/a/b.md'],
    sandbox: Sandbox.fullAccess,
    message: new ExternalMessage('x', 'y'),
    plain: [null, true, { a_b: 'v' }],
  });
  expect(() => buildArguments({ a: { $enum: 'SortKey.created_at' } }, context)).toThrow(
    'the SDK has no SortKey.createdAt',
  );
  expect(() => buildArguments({ a: { $new: 'Codex' } }, context)).toThrow('no input class Codex');
  expect(() => buildArguments({ a: { $new: 'TextInput', txt: '' } }, context)).toThrow('TextInput has no txt');
});

test('names', () => {
  expect(['id', 'thread_id', 'last_24h'].map(camelCase)).toEqual(['id', 'threadId', 'last24h']);
  expect(referencedNames({ a: [{ $ref: 't.id' }, { b: { $ref: 'h' } }], c: '$ref' })).toEqual(['t', 'h']);
});

test('an event is a notification; the entry of a list is one of its own kind', () => {
  const notification = { method: 'turn/started', payload: { threadId: 't' }, known: true };
  expect(sdkAdapter.event(notification)).toEqual(notification);
  expect(sdkAdapter.event({ id: 'x' })).toEqual({ method: 'entry', payload: { entry: { id: 'x' } }, known: true });
  expect(sdkAdapter.event('x')).toEqual({ method: 'entry', payload: { entry: 'x' }, known: true });
});
