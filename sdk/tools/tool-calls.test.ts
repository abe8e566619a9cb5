import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { AbortError } from '../errors/codex-error.ts';
import { keptTools, openWithTools, toolSpecs } from './open-with-tools.ts';
import { prepareTool } from './prepare-tool.ts';
import { runTool } from './run-tool.ts';
import { ThreadTools } from './thread-tools.ts';
import { type Tool, type ToolContext, tool } from './tool.ts';
import { outcomeOf } from './tool-outcome.ts';

const inputSchema = { type: 'object' };
const named = (name: string, more: Partial<Tool> = {}): Tool =>
  tool({ ...{ name, description: 'x', inputSchema, execute: () => `${name} was called` }, ...(more as object) });
const { signal } = new AbortController();
const context: ToolContext = { signal, callId: 'c', threadId: 'th', turnId: 't' };
const call = (name: string, more: object = {}) =>
  ({ threadId: 'th', turnId: 't', callId: 'c', tool: name, arguments: {}, ...more }) as never;
const said = async (threads: ThreadTools, name: string, threadId = 'th') => {
  const of = call(name, { threadId });
  const answer = await threads.handlerOf(of, () => {})?.(of, { signal });
  return answer?.contentItems;
};
const text = (given: string) => [{ type: 'inputText', text: given }];

function stopClock() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
}
/** What is warned of until the end of the test. */
function warnings() {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  return () => warn.mock.calls.map(([message]) => String(message).split(',')[0]);
}

test('however a call ends, it leaves no timer and no listener', async () => {
  stopClock();
  const { signal: own } = new AbortController();
  const limited = named('a', { concurrency: 1, timeoutMs: 1000 });
  const failing = named('b', {
    execute: () => {
      throw new Error('no');
    },
  });
  for (const one of [limited, limited, failing]) await runTool(one, {}, { ...context, signal: own });
  await Promise.all([1, 2, 3].map(() => runTool(limited, {}, { ...context, signal: own })));
  expect([vi.getTimerCount(), getEventListeners(own, 'abort').length]).toEqual([0, 0]);
});

test('a call that was aborted before it began is told of the reason alone, and is no failure of the tool', async () => {
  const onError = vi.fn();
  const execute = vi.fn(() => 'x');
  const stopped = (reason: unknown) =>
    runTool(named('a', { execute }), {}, { ...context, signal: AbortSignal.abort(reason) }, { onError });
  expect((await stopped(new Error('enough'))).items).toEqual([{ type: 'text', text: 'a was stopped: enough' }]);
  const abort = new AbortError('waiting for an answer', new Error('the turn is over'));
  expect((await stopped(abort)).items).toEqual([{ type: 'text', text: 'a was stopped: the turn is over' }]);
  await new Promise(setImmediate);
  expect([onError.mock.calls.length, execute.mock.calls.length]).toEqual([0, 0]);
});

test('a tool has ten minutes, unless it says another time', async () => {
  stopClock();
  let over = false;
  void runTool(named('a', { execute: () => new Promise<string>(() => {}) }), {}, context).then(() => {
    over = true;
  });
  const pass = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    for (let round = 0; round < 10; round += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  await pass(599_999);
  expect(over).toBe(false);
  await pass(1);
  expect(over).toBe(true);
});

test('a schema is read once for each tool, and again if that has failed', async () => {
  let reads = 0;
  let broken = true;
  const own = named('a');
  const prepared = vi.fn(() => {
    reads += 1;
    if (broken) throw new Error('not now');
    return inputSchema;
  });
  Object.defineProperty(own, 'inputSchema', { get: prepared });
  await expect(prepareTool(own)).rejects.toThrow('not now');
  broken = false;
  const [one, other] = await Promise.all([prepareTool(own), prepareTool(own)]);
  expect(await prepareTool(own)).toBe(one);
  expect(other).toBe(one);
  expect(reads).toBe(2);
});

test.each([
  [
    'within a list',
    { properties: { a: { anyOf: [{ type: 'string' }, { items: [{}] }] } } },
    '/properties/a/anyOf/1/items',
  ],
  ['at the top', { items: [{}] }, '/items'],
])('a tuple %s is refused', async (_, more, at) => {
  await expect(
    prepareTool(
      named('a', { inputSchema: { $schema: 'http://json-schema.org/draft-07/schema#', ...inputSchema, ...more } }),
    ),
  ).rejects.toThrow(`got a list in ${at}`);
});

test.each(['const', 'default', 'enum', 'examples'])('what only looks like a tuple is data: %s', async (key) => {
  const properties = { a: { [key]: key === 'const' || key === 'default' ? { items: [1] } : [{ items: [1] }] } };
  const [spec] = await toolSpecs([named('a', { inputSchema: { ...inputSchema, properties } })]);
  expect(spec?.inputSchema).toMatchObject({ properties });
});

test('what was bound is given back, unless something newer is there', async () => {
  const threads = new ThreadTools();
  const [one, two, three] = [1, 2, 3].map((at) => [named('a', { execute: () => String(at) })]) as [
    Tool[],
    Tool[],
    Tool[],
  ];
  threads.bind('th', one);
  const undo = threads.bind('th', two);
  undo();
  expect(await said(threads, 'a')).toEqual(text('1'));
  const late = threads.bind('th', two);
  threads.bind('th', three);
  late();
  expect(await said(threads, 'a')).toEqual(text('3'));
  const first = threads.bind('new', one);
  first();
  expect(threads.reportOf('new')).toBeUndefined();
});

test('each tool that is missing is warned of once for each thread; a fork has its own list', async () => {
  const warned = warnings();
  const threads = new ThreadTools();
  threads.bind('th', [named('a')]);
  threads.inherit('th', 'fork');
  const miss = async (name: string, threadId = 'th', more: object = {}) => {
    const of = call(name, { threadId, ...more });
    return await threads.fallbackOf(of)?.(of, { signal });
  };
  for (const name of ['x', 'x', 'y']) expect(await miss(name)).toMatchObject({ success: false });
  expect(threads.reportOf('fork')?.missing).toEqual([]);
  await miss('x', 'fork');
  await miss('x', 'fork', { namespace: 'desk' });
  expect(threads.reportOf('th')).toEqual({ bound: ['a'], missing: ['x', 'y'], extra: [] });
  expect(threads.reportOf('fork')?.missing).toEqual(['x', 'desk.x']);
  expect(warned()).toEqual([
    ...['thread th has the tool x', 'thread th has the tool y'],
    ...['thread fork has the tool x', 'thread fork has the tool desk.x'],
  ]);
});

test('a tool is told of its call, and each piece of its result goes to the engine as what it is', async () => {
  const seen: unknown[] = [];
  const threads = new ThreadTools();
  const view = new Uint8Array(Buffer.from('a png here')).subarray(2, 5);
  const content = [
    { type: 'text', text: 'look' },
    { type: 'image', data: view, mimeType: 'image/png' },
    { type: 'audio', data: 'd2F2', mimeType: 'audio/wav' },
  ];
  const execute = (args: unknown, { signal: _, ...of }: ToolContext) => {
    seen.push([args, of]);
    return { content };
  };
  threads.bind('th', [named('a', { execute: execute as never })]);
  const of = call('a', { arguments: { x: 1 }, turnId: 'turn', callId: 'call' });
  expect(await threads.handlerOf(of, () => {})?.(of, { signal })).toEqual({
    contentItems: [
      { type: 'inputText', text: 'look' },
      { type: 'inputImage', imageUrl: 'data:image/png;base64,cG5n' },
      { type: 'inputAudio', audioUrl: 'data:audio/wav;base64,d2F2' },
    ],
    success: true,
  });
  expect(seen).toEqual([[{ x: 1 }, { threadId: 'th', turnId: 'turn', callId: 'call' }]]);
});

test('a result as MCP has it is pieces, whatever else MCP says beside them; what JSON cannot hold has its cause', () => {
  const content = [{ type: 'text', text: 'yes' }];
  expect(outcomeOf({ content, structuredContent: {}, _meta: {} }, 'reading')).toEqual({
    items: content,
    failed: false,
  });
  expect(outcomeOf({ content, status: 'open' }, 'reading').items).toHaveLength(1);
  expect(outcomeOf({ content, status: 'open' }, 'reading').items).not.toEqual(content);
  expect(() => outcomeOf(1n, 'reading')).toThrow(expect.objectContaining({ cause: expect.any(TypeError) }));
});

test('threads that are opened one after the other keep their tools', async () => {
  const holder: { tools: ThreadTools | undefined } = { tools: undefined };
  for (const id of ['one', 'two']) {
    const opening = await openWithTools(holder, [named('a', { execute: () => id })], {
      ...{ starts: true, experimentalApi: true },
    });
    opening.bind(id);
  }
  expect(await said(holder.tools as ThreadTools, 'a', 'one')).toEqual(text('one'));
  expect(await said(holder.tools as ThreadTools, 'a', 'two')).toEqual(text('two'));
});

test('the file of a thread is read as far as its first line goes, and closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-tools-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const opened: { fd: number }[] = [];
  const sizes: number[] = [];
  const { open } = fs;
  vi.spyOn(fs, 'open').mockImplementation(async (...args) => {
    const handle = await open(...args);
    opened.push(handle);
    const read = handle.read.bind(handle) as (...all: unknown[]) => Promise<never>;
    vi.spyOn(handle, 'read').mockImplementation((async (...all: unknown[]) => {
      sizes.push(all[2] as number);
      return await read(...all);
    }) as never);
    return handle;
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
  const path = join(folder, 'thread.jsonl');
  const kept = async (id: string, padding: number) => {
    const payload = { id, instructions: 'x'.repeat(padding), dynamic_tools: [{ type: 'function', name: 'a' }] };
    writeFileSync(path, `${JSON.stringify({ payload })}\n{"more":"${'y'.repeat(300_000)}"}\n`);
    return await keptTools({ id: 'th', path });
  };
  expect(await kept('th', 10)).toEqual(['a']);
  expect(sizes.splice(0)).toEqual([65_536]);
  expect(await kept('th', 200_000)).toEqual(['a']);
  expect(sizes.splice(0)).toEqual([65_536, 131_072, 262_144]);
  expect(await kept('other', 10)).toBeUndefined();
  writeFileSync(path, 'no JSON\n');
  expect(await keptTools({ id: 'th', path })).toBeUndefined();
  expect(opened.map(({ fd }) => fd)).toEqual([-1, -1, -1, -1]);
});
