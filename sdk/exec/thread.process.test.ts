import { expect, onTestFinished, test, vi } from 'vitest';
import { Codex } from './codex.ts';
import type { ThreadEvent } from './events.ts';
import { CodexExecError, EventParseError, ThreadRunError } from './exec-errors.ts';
import type { Input } from './input.ts';
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
import type { Thread } from './thread.ts';

ownTemporaryFolder();

const threadOf = (...actions: Action[]) => new Codex(childEngine(actions)).startThread();

async function eventsOf(thread: Thread, input: Input = 'hi'): Promise<ThreadEvent[]> {
  const events: ThreadEvent[] = [];
  for await (const event of (await thread.runStreamed(input)).events) events.push(event);
  return events;
}

test('a run gathers completed items, the last message and the usage (267, 268)', async () => {
  const item = { id: 'item_1', type: 'command_execution', command: 'ls', aggregated_output: '', status: 'completed' };
  const thread = threadOf(
    started,
    { say: { type: 'turn.started' } },
    { say: { type: 'item.started', item: { ...item, status: 'in_progress' } } },
    message('first'),
    { say: { type: 'item.completed', item } },
    message('last'),
    completed,
  );
  expect(thread.id).toBeNull();
  expect(await thread.run('hi')).toEqual({
    items: [
      { id: 'item_0', type: 'agent_message', text: 'first' },
      item,
      { id: 'item_0', type: 'agent_message', text: 'last' },
    ],
    finalResponse: 'last',
    usage: { input_tokens: 1, cached_input_tokens: 0, cache_write_input_tokens: 0, output_tokens: 2 },
  });
  expect(thread.id).toBe('thread-1');
});

test('the prompt goes to stdin; texts and images are parted; the next run resumes (246, 247, 249)', async () => {
  const thread = threadOf({ readStdin: true }, { report: true }, started, completed);
  const first = reportOf(
    await eventsOf(thread, [
      { type: 'text', text: 'a' },
      { type: 'local_image', path: 'one.png' },
      { type: 'text', text: 'b' },
      { type: 'local_image', path: 'two.png' },
    ]),
  );
  expect(first.stdin).toBe('a\n\nb');
  expect(first.args).toEqual(['exec', '--experimental-json', '--image', 'one.png', '--image', 'two.png']);
  const second = reportOf(await eventsOf(thread, [{ type: 'local_image', path: 'x.png' }]));
  expect(second.args).toEqual(['exec', '--experimental-json', 'resume', 'thread-1', '--image', 'x.png', '--', '']);
  const resumed = new Codex(childEngine([{ report: true }])).resumeThread('id-7');
  expect(resumed.id).toBe('id-7');
  expect(reportOf(await eventsOf(resumed)).args).toContain('id-7');
});

test('the environment given is the whole one, but for what the SDK sets (258, 260)', async () => {
  // Node hands its own measuring on to each program.
  vi.stubEnv('NODE_V8_COVERAGE', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const options = childEngine([{ report: true }], { apiKey: 'k', env: { ONLY: 'this' } });
  const { env } = reportOf(await eventsOf(new Codex(options).startThread()));
  // What macOS adds by itself begins with two underscores.
  const own = Object.entries(env).filter(([name]) => !name.startsWith('__'));
  expect(Object.fromEntries(own)).toEqual({
    ONLY: 'this',
    CODEX_API_KEY: 'k',
    CODEX_INTERNAL_ORIGINATOR_OVERRIDE: 'codex_sdk_ts',
  });
});

test('a failed turn rejects at once and ends the engine; a stream just shows it (269)', async () => {
  const failed: Action = { say: { type: 'turn.failed', error: { message: 'no luck' } } };
  const thread = threadOf(started, message('half'), failed, { hang: true });
  const error = await rejection(thread.run('hi'));
  expect(error).toBeInstanceOf(ThreadRunError);
  expect(error).toMatchObject({ message: 'no luck', kind: 'turn-failed', turn: { finalResponse: 'half' } });
  expect(thread.id).toBe('thread-1');
  expect((await eventsOf(threadOf(failed))).map(({ type }) => type)).toEqual(['turn.failed']);
});

test('an event of a turn that a later engine has, and that carries an error, is a failure too', async () => {
  const expired = { type: 'turn.expired', error: { message: 'out of time' } };
  const error = await rejection(threadOf(started, message('half'), { say: expired }).run('hi'));
  expect(error).toMatchObject({ name: 'ThreadRunError', message: 'out of time', turn: { finalResponse: 'half' } });
  for (const other of [
    { type: 'turn.expired', error: 'x' },
    { type: 'thread.expired', error: { message: 'x' } },
  ])
    await expect(threadOf({ say: other }).run('hi')).resolves.toMatchObject({ usage: null });
});

test('an error that nothing mended is a failure, though the engine exits with 0 (270); one that was mended is not', async () => {
  const trouble: Action = { say: { type: 'error', message: 'Reconnecting… 1/5' } };
  await expect(threadOf(started, trouble, { exit: 0 }).run('hi')).rejects.toThrow(
    new ThreadRunError('Reconnecting… 1/5', { items: [], finalResponse: '', usage: null }),
  );
  expect((await threadOf(started, trouble, message('ok'), completed).run('hi')).finalResponse).toBe('ok');
});

test('an end without a completion, but without a word of trouble, resolves with no usage (271)', async () => {
  expect(await threadOf(started, message('a')).run('hi')).toMatchObject({ finalResponse: 'a', usage: null });
});

test.each<[string, Action, object]>([
  ['code 2', { exit: 2 }, { exitCode: 2, signal: null, retryable: false }],
  ['code 101', { exit: 101 }, { exitCode: 101, signal: null, retryable: true }],
  ['signal SIGKILL', { kill: 'SIGKILL' }, { exitCode: null, signal: 'SIGKILL', retryable: true }],
])('an engine that ends with %s rejects, even after a good turn, with its stderr (272)', async (how, end, fields) => {
  const error = await rejection(threadOf(started, completed, { stderr: 'boom' }, end).run('hi'));
  expect(error).toBeInstanceOf(CodexExecError);
  expect(error).toMatchObject({ message: `Codex Exec exited with ${how}: boom`, stderrTail: 'boom', ...fields });
});

test.each([
  ['not json', 'Failed to parse item: not json'],
  ['', 'Failed to parse item: '],
  ['[1]', 'Invalid event payload (expected object): [1]'],
  ['{"a":1}', 'Invalid event payload (missing type): {"a":1}'],
])('the line %j is refused, and the engine ended (274, 275)', async (line, text) => {
  const { events } = await threadOf({ report: true }, { say: line }, { hang: true }).runStreamed('hi');
  const { value } = await events.next();
  await expect(events.next()).rejects.toThrow(new EventParseError(text));
  expect(isAlive((value as unknown as { pid: number }).pid)).toBe(false);
});

test.each<[string, Action, object]>([
  ['code 137', { exit: 137 }, { exitCode: 137, retryable: true }],
  ['signal SIGKILL', { kill: 'SIGKILL' }, { signal: 'SIGKILL', retryable: true }],
])('a death in the middle of a line is told as any death: %s', async (how, end, fields) => {
  const half: Action = { raw: '{"type":"item.completed","item":{"id":"i","ty' };
  const error = await rejection(threadOf(started, half, { stderr: 'boom' }, end).run('hi'));
  expect(error).toMatchObject({ name: 'CodexExecError', message: `Codex Exec exited with ${how}: boom`, ...fields });
  expect((error as Error).cause).toMatchObject({
    name: 'EventParseError',
    message: `Failed to parse item: ${half.raw}`,
  });
  await expect(threadOf(started, half, { exit: 0 }).run('hi')).rejects.toThrow(EventParseError);
});

test.each<[string, Action[], RegExp]>([
  [
    'of 100 MB',
    [{ raw: 'x', times: 100_000_000 }, { raw: '\n' }],
    /^Failed to parse item: x{400}… \(more than 1048576 bytes\)$/,
  ],
  ['of 100 KB', [{ raw: 'x', times: 100_000 }, { raw: '\n' }], /^Failed to parse item: x{500}… \(100000 characters\)$/],
  [
    'that is no event',
    [{ raw: '[' }, { raw: '1,', times: 50_000 }, { raw: '1]\n' }],
    /^Invalid event payload .* \(100003 characters\)$/,
  ],
  [
    'that is deep',
    [{ raw: '[', times: 5000 }, { raw: ']', times: 5000 }, { raw: '\n' }],
    /expected JSON nested at most 1000 levels deep/,
  ],
])('a wrong line %s is quoted in part, and the engine is ended', async (_, line, text) => {
  const error = await rejection(threadOf(started, ...line, { hang: true }).run('hi'));
  expect(error).toBeInstanceOf(EventParseError);
  expect((error as Error).message).toMatch(text);
  expect((error as Error).message.length).toBeLessThan(700);
});

test('events and items of unknown kinds pass with all their fields (276)', async () => {
  const unknown = { type: 'turn.paused', reason: { deep: [1] } };
  const item = { type: 'item.completed', item: { id: 'i', type: 'hologram', depth: 3 } };
  expect(await eventsOf(threadOf({ say: unknown }, { say: item }))).toEqual([unknown, item]);
  expect((await threadOf({ say: item }).run('hi')).items).toEqual([item.item]);
});

test('a missing engine rejects as the platform does (282)', async () => {
  const codex = new Codex({ codexPathOverride: '/nope/codex' });
  const error = await rejection(codex.startThread().run('hi', { outputSchema: {} }));
  expect(error).toMatchObject({ message: 'spawn /nope/codex ENOENT', code: 'ENOENT', kind: 'launch' });
});

test('wrong arguments start nothing (250, 256, 289)', async () => {
  const nope = new Codex({ codexPathOverride: '/nope/codex', config: { a: null as never } });
  await expect(nope.startThread().run([{ type: 'zzz' } as never])).rejects.toThrow(
    new TypeError("Invalid input entry type: 'zzz'"),
  );
  await expect(nope.startThread().run('x')).rejects.toThrow('Codex config override at a cannot be null');
  const unstarted = new Codex({ codexPathOverride: '/nope/codex' });
  await expect(unstarted.startThread().run('x', { outputSchema: [] })).rejects.toThrow(
    new TypeError('outputSchema must be a plain JSON object'),
  );
  for (const id of ['--dangerously-bypass-approvals-and-sandbox', '--last', '-', '', ' ']) {
    await expect(unstarted.resumeThread(id).run('x')).rejects.toThrow(TypeError);
  }
  await expect(
    new Codex(childEngine([])).startThread({ model: 'a\0b' }).run('x', { outputSchema: {} }),
  ).rejects.toThrow(TypeError);
});

test('a stream resolves at once; nothing starts before the first event is asked for (285)', async () => {
  const { events } = await new Codex({ codexPathOverride: '/nope/codex' }).startThread().runStreamed('hi');
  expect(await events.return(undefined)).toEqual({ done: true, value: undefined });
  const second = await new Codex({ codexPathOverride: '/nope/codex' }).startThread().runStreamed('hi');
  await expect(second.events.next()).rejects.toThrow('ENOENT');
});

test('two runs at once on one thread are two engines', async () => {
  const thread = threadOf({ readStdin: true }, { report: true }, started);
  const [first, second] = await Promise.all([eventsOf(thread, 'a'), eventsOf(thread, 'b')]);
  expect([reportOf(first).stdin, reportOf(second).stdin]).toEqual(['a', 'b']);
});
