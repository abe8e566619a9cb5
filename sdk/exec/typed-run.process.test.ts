import { expect, test } from 'vitest';
import { Codex } from './codex.ts';
import type { ThreadEvent } from './events.ts';
import { StructuredOutputError, ThreadRunError } from './exec-errors.ts';
import {
  type Action,
  childEngine,
  completed,
  isAlive,
  message,
  ownTemporaryFolder,
  rejection,
  reportOf,
  started,
} from './test-fixtures/child-engine.ts';

ownTemporaryFolder();

const output = { type: 'object', properties: { n: { type: 'integer' }, note: { type: 'string' } }, required: ['n'] };
const good = message('{"n":1,"note":null}');
const bad = message('{"n":"one","note":null}');
const failed: Action = { say: { type: 'turn.failed', error: { message: 'out of order' } } };

/** A thread whose runs do these, one after the other. */
function threadOf(...runs: Action[][]) {
  const options = childEngine([]);
  const env = { ...options.env };
  Object.defineProperty(env, 'EXEC_SCRIPT', { enumerable: true, get: () => JSON.stringify(runs.shift() ?? []) });
  return new Codex({ ...options, env }).startThread();
}

test('the engine gets the strict schema, and the result has the value beside its three fields', async () => {
  const thread = threadOf([{ readStdin: true }, { report: true }, started, good, completed]);
  const { events, result } = await thread.runStreamed('hi', { output });
  const seen: ThreadEvent[] = [];
  for await (const event of events) seen.push(event);
  expect(JSON.parse(reportOf(seen).schema?.text ?? '')).toEqual({
    type: 'object',
    properties: { n: { type: 'integer' }, note: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
    required: ['n', 'note'],
    additionalProperties: false,
  });
  expect(await result()).toEqual({
    items: [expect.objectContaining({ type: 'agent_message' })],
    finalResponse: '{"n":1,"note":null}',
    usage: expect.anything(),
    output: { n: 1 },
  });
});

test('a run has the value, and one without output has no such field', async () => {
  const thread = threadOf([started, good, completed], [started, good, completed]);
  expect((await thread.run('hi', { output })).output).toEqual({ n: 1 });
  expect(await thread.run('hi')).not.toHaveProperty('output');
});

test.each<[string, Action[], object]>([
  ['a text that is no JSON', [message('well')], { reason: 'not-json', text: 'well' }],
  ['a value that does not fit', [bad], { reason: 'invalid', issues: [{ path: ['n'], message: 'must be integer' }] }],
  ['no message', [], { reason: 'no-answer', text: null }],
])('%s is a StructuredOutputError with the turn, or is repaired by one more run', async (_, said, found) => {
  const thread = threadOf([started, ...said, completed], [started, ...said, completed], [started, good, completed]);
  const error = await rejection(thread.run('hi', { output }));
  expect(error).toBeInstanceOf(StructuredOutputError);
  expect(error).toMatchObject({
    kind: 'output',
    action: 'codex exec',
    turn: { items: said.map(() => ({})) },
    ...found,
  });
  const { output: value, items } = await thread.run('hi', { output, repair: 1 });
  expect(value).toEqual({ n: 1 });
  expect(items).toHaveLength(said.length + 1);
});

test('a repair continues the thread, and what fails then is an error about the last answer', async () => {
  const report = [{ readStdin: true }, { report: true }] as const;
  const thread = threadOf([started, bad, completed], [...report, message('x'), completed]);
  const error = (await rejection(thread.run('hi', { output, repair: 1 }))) as StructuredOutputError;
  expect(error).toMatchObject({ reason: 'not-json', items: [{ type: 'agent_message' }, { text: 'x' }] });
  expect(thread.id).toBe('thread-1');
});

test('the error of a failed run wins; that of a repair is the cause', async () => {
  const thread = threadOf([started, good, failed], [started, bad, completed], [started, failed]);
  expect(await rejection(thread.run('hi', { output, repair: 1 }))).toBeInstanceOf(ThreadRunError);
  const error = await rejection(thread.run('hi', { output, repair: 1 }));
  expect(error).toMatchObject({ name: 'StructuredOutputError', cause: { name: 'ThreadRunError' } });
});

test('a schema that the service would refuse, and both kinds of schema, start nothing', async () => {
  const thread = threadOf();
  const open = { type: 'object' };
  await expect(thread.run('hi', { output: open })).rejects.toThrow(
    'at #: expected an object that names its properties',
  );
  const both = { output, outputSchema: output };
  await expect(thread.run('hi', both)).rejects.toThrow('expected output or outputSchema, got both');
  const { events, result } = await thread.runStreamed('hi', both);
  await expect(events.next()).rejects.toThrow(TypeError);
  await expect(result()).rejects.toThrow(TypeError);
  await expect(thread.run('hi', { repair: 1 })).rejects.toThrow('expected output beside repair');
});

test('the result before, beside and without the loop: both have everything, in order', async () => {
  const many = Array.from({ length: 30 }, (_, n) => message(`${n}`));
  const expected = ['thread.started', ...many.map(() => 'item.completed'), 'item.completed', 'turn.completed'];
  for (const when of ['before', 'beside', 'without']) {
    const { events, result } = await threadOf([started, ...many, good, completed]).runStreamed('hi', { output });
    let wait = when === 'beside' ? undefined : result();
    if (when === 'without') await wait;
    const types: string[] = [];
    for await (const { type } of events) {
      types.push(type);
      wait ??= result();
    }
    expect(types).toEqual(expected);
    expect((await wait)?.output).toEqual({ n: 1 });
    expect(await result()).toBe(await wait);
  }
});

test('a loop that is left stops the engine, and there is no value', async () => {
  const { events, result } = await threadOf([started, bad, { hang: true }]).runStreamed('hi', { output });
  const wait = rejection(result());
  for await (const { type } of events) if (type === 'item.completed') break;
  expect(await wait).toMatchObject({ reason: 'interrupted', items: [{ type: 'agent_message' }] });
});

test('an engine that dies, and an abort, are errors of the loop and of the result', async () => {
  const dying = await threadOf([started, { exit: 3 }]).runStreamed('hi', { output });
  const wait = rejection(dying.result());
  const read = async (events: AsyncGenerator<ThreadEvent>) => {
    for await (const _ of events);
  };
  expect(await rejection(read(dying.events))).toMatchObject({ name: 'CodexExecError', exitCode: 3 });
  expect(await wait).toMatchObject({ name: 'CodexExecError' });
  const enough = new AbortController();
  const aborted = await threadOf([started, { hang: true }]).runStreamed('hi', { output, signal: enough.signal });
  const late = rejection(aborted.result());
  await aborted.events.next();
  enough.abort();
  expect(await late).toMatchObject({ name: 'AbortError' });
  expect(await rejection(read(aborted.events))).toMatchObject({ name: 'AbortError' });
});

test.each<[string, (events: AsyncGenerator<ThreadEvent, void, undefined>) => Promise<unknown>, unknown]>([
  ['disposed', async (events) => await events[Symbol.asyncDispose](), undefined],
  ['returned', (events) => events.return(), undefined],
  ['thrown into', (events) => events.throw('mine'), 'mine'],
])('a typed stream that is %s ends its engine', async (_how, leave, thrown) => {
  const { events } = await threadOf([{ report: true }, { hang: true }]).runStreamed('hi', { output });
  const { value } = await events.next();
  expect(await rejection(leave(events))).toBe(thrown);
  expect(isAlive(reportOf([value as ThreadEvent]).pid)).toBe(false);
});
