import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { Codex } from '../client/codex.ts';
import type { CodexConfig } from '../client/config.ts';
import { connected } from '../test-fixtures/connected-client.ts';
import type { MemoryEngine } from '../test-fixtures/memory-engine.ts';
import { type Tool, tool } from './tool.ts';

const named = (name: string, execute: () => unknown = () => `${name} was called`): Tool =>
  tool({ name, description: 'x', inputSchema: z.object({ id: z.string() }), execute: execute as () => string });

/** Opens a thread: the client's call, and the engine's answer. */
async function open(engine: MemoryEngine, opening: Promise<unknown>, id: string, more: object = {}) {
  const request = await engine.answer({ thread: { id, ...more } });
  await opening;
  return request;
}

let calls = 0;
/** Calls a tool as the engine does; the client's answer. */
async function call(engine: MemoryEngine, threadId: string, name: string, more: object = {}) {
  calls += 1;
  const params = { threadId, turnId: 't', callId: `c${calls}`, tool: name, arguments: { id: 'T-1' }, ...more };
  engine.send({ id: calls, method: 'item/tool/call', params });
  return (await engine.next()).result as { contentItems: { text: string }[]; success: boolean };
}
const said = async (engine: MemoryEngine, threadId: string, name: string, more: object = {}) =>
  (await call(engine, threadId, name, more)).contentItems[0]?.text;

/** The texts of warnings about tools from now on. */
function warnings(): string[] {
  const texts: string[] = [];
  const note = (warning: Error & { code?: string }) => {
    if (warning.code === 'TWINPROOF_TOOLS') texts.push(warning.message);
  };
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  return texts;
}

async function client(config: CodexConfig = {}): Promise<{ engine: MemoryEngine; codex: Codex }> {
  const made = await connected(config);
  onTestFinished(() => made.codex.close());
  return made;
}

test('the start tells the engine of the tools; a resume and a fork do not', async () => {
  const { engine, codex } = await client();
  const tools = [named('a')];
  const started = await open(engine, codex.threadStart({ tools }), 'th');
  const inputSchema = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
  expect(started.params).toMatchObject({
    dynamicTools: [{ type: 'function', name: 'a', description: 'x', inputSchema }],
  });
  for (const opening of [codex.threadResume('th', { tools }), codex.threadFork('th', { tools })]) {
    const { params } = await open(engine, opening, 'th');
    expect(params).not.toHaveProperty('dynamicTools');
    expect(params).not.toHaveProperty('tools');
  }
  const none = await open(engine, codex.threadStart({ tools: [] }), 'other');
  expect(none.params).not.toHaveProperty('dynamicTools');
});

test('each thread has its own; a resume replaces them, keeps them without the option, and a fork has the same', async () => {
  warnings();
  const { engine, codex } = await client();
  await open(engine, codex.threadStart({ tools: [named('a')] }), 'one');
  await open(engine, codex.threadStart({ tools: [named('a', () => 'another')] }), 'two');
  expect(await said(engine, 'one', 'a')).toBe('a was called');
  expect(await said(engine, 'two', 'a')).toBe('another');
  await open(engine, codex.threadResume('one'), 'one');
  expect(await said(engine, 'one', 'a')).toBe('a was called');
  await open(engine, codex.threadFork('one'), 'fork');
  await open(engine, codex.threadResume('one', { tools: [named('a', () => 'replaced')] }), 'one');
  expect(await said(engine, 'one', 'a')).toBe('replaced');
  expect(await said(engine, 'fork', 'a')).toBe('a was called');
});

test('a resume that fails leaves what was bound', async () => {
  const { engine, codex } = await client();
  await open(engine, codex.threadStart({ tools: [named('a')] }), 'th');
  const resuming = codex.threadResume('th', { tools: [named('a', () => 'replaced')] });
  await Promise.all([engine.refuse(-32600, 'no'), expect(resuming).rejects.toThrow('no')]);
  expect(await said(engine, 'th', 'a')).toBe('a was called');
});

test('a tool is bound before its thread is resumed: a turn that runs already may call it at once', async () => {
  const { engine, codex } = await client();
  const resuming = codex.threadResume('th', { tools: [named('a')] });
  const { id } = await engine.next();
  engine.send({
    id: 'early',
    method: 'item/tool/call',
    params: { threadId: 'th', turnId: 't', callId: 'c', tool: 'a', arguments: { id: 'x' } },
  });
  expect(await engine.next()).toMatchObject({ id: 'early', result: { success: true } });
  engine.send({ id, result: { thread: { id: 'th' } } });
  await resuming;
});

test('a tool of a thread comes before onServerRequest, which gets all other calls; what nobody answers is missing', async () => {
  const texts = warnings();
  const asked: unknown[] = [];
  const { engine, codex } = await client({
    onServerRequest: ({ params }) => {
      const { tool: name } = params as { tool: string };
      asked.push(name);
      return name === 'mine' ? { contentItems: [], success: true } : undefined;
    },
  });
  const starting = codex.threadStart({ tools: [named('a')] });
  await open(engine, starting, 'th');
  expect(await said(engine, 'th', 'a')).toBe('a was called');
  expect(await call(engine, 'th', 'mine')).toEqual({ contentItems: [], success: true });
  expect(await call(engine, 'th', 'gone')).toMatchObject({
    success: false,
    contentItems: [{ text: 'This program has no tool gone any more.' }],
  });
  expect(await said(engine, 'th', 'a', { namespace: 'desk' })).toBe('This program has no tool desk.a any more.');
  await said(engine, 'th', 'gone');
  expect(await said(engine, 'without', 'a')).toBe('this client offers no such tool');
  expect(asked).toEqual(['mine', 'gone', 'a', 'gone', 'a']);
  expect((await starting).tools).toEqual({ bound: ['a'], missing: ['gone', 'desk.a'], extra: [] });
  expect(texts.map((text) => text.split('.')[0])).toEqual([
    'thread th has the tool gone, and this program no function for it: calls fail',
    'thread th has the tool desk',
  ]);
});

/** The beginning of a thread's file, as the engine writes it. */
async function stored(id: string, specs: object[] | undefined, padding = 0): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tools-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const payload = { id, base_instructions: 'x'.repeat(padding), ...(specs && { dynamic_tools: specs }) };
  await writeFile(join(folder, 'thread.jsonl'), `${JSON.stringify({ type: 'session_meta', payload })}\n{"more":1}\n`);
  return join(folder, 'thread.jsonl');
}

test("what is missing and what is too much is read from the thread's file, and told", async () => {
  const texts = warnings();
  const { engine, codex } = await client();
  const specs = [
    { type: 'function', name: 'a' },
    { type: 'function', name: 'old' },
    { type: 'namespace', name: 'desk', tools: [{ name: 'x' }] },
  ];
  const path = await stored('th', specs, 100_000);
  const resuming = codex.threadResume('th', { tools: [named('a'), named('new')] });
  await open(engine, resuming, 'th', { path });
  expect((await resuming).tools).toEqual({ bound: ['a', 'new'], missing: ['old', 'desk.x'], extra: ['new'] });
  await new Promise((resolve) => setImmediate(resolve));
  expect(texts).toEqual([
    expect.stringMatching(
      /^thread th has the tools old, desk\.x, and this program no function for them: calls fail\. Pass them in the option tools\./,
    ),
    expect.stringMatching(
      /^the engine does not know the tool new of thread th: .*Start a new thread\. Silence this with NODE_OPTIONS/,
    ),
  ]);
});

test('a file that cannot be read, or is of another thread, is no news', async () => {
  const texts = warnings();
  const { engine, codex } = await client();
  const other = await stored('other', [{ name: 'old' }]);
  for (const path of ['/nowhere/at/all.jsonl', tmpdir(), other, 7, null]) {
    const resuming = codex.threadResume('th', { tools: [named('a')] });
    await open(engine, resuming, 'th', { path });
    expect((await resuming).tools).toEqual({ bound: ['a'], missing: [], extra: [] });
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(texts).toEqual([]);
});

test('a client without the experimental API cannot have tools; a wrong schema is refused too; nothing is sent', async () => {
  const { engine, codex } = await client({ experimentalApi: false });
  await expect(codex.threadStart({ tools: [named('a')] })).rejects.toThrow(
    'Reading the option tools: expected a client with experimentalApi, got one without. The engine counts tools as experimental.',
  );
  expect(engine.peer.received).toEqual([]);
  const other = await client();
  const text = { ...named('a'), inputSchema: z.string() };
  await expect(other.codex.threadStart({ tools: [text] })).rejects.toThrow('expected the schema of an object');
  expect(other.engine.peer.received).toEqual([]);
});

test('the signal of a call fires at the end of its turn, and with the connection', async () => {
  const reasons: unknown[] = [];
  const { engine, codex } = await client();
  const hanging = tool({
    ...{ name: 'hang', description: 'x', inputSchema: z.object({}) },
    execute: async (_args, { signal }) => {
      signal.addEventListener('abort', () => reasons.push((signal.reason as Error).cause ?? signal.reason));
      engine.notify('turn/completed', { threadId: 'th', turn: { id: 't', items: [], status: 'interrupted' } });
      return await new Promise<string>(() => {});
    },
  });
  await open(engine, codex.threadStart({ tools: [hanging] }), 'th');
  expect(await said(engine, 'th', 'hang')).toBe('hang was stopped: the turn is over');
  expect(reasons).toEqual([expect.objectContaining({ message: 'the turn is over' })]);
  const params = { threadId: 'th', turnId: 'later', callId: 'later', tool: 'hang', arguments: {} };
  engine.send({ id: 'later', method: 'item/tool/call', params });
  engine.notify('turn/completed', { threadId: 'th', turn: { id: 'other', items: [], status: 'completed' } });
  await new Promise((resolve) => setImmediate(resolve));
  expect(reasons).toHaveLength(1);
  await codex.close();
  expect(reasons[1]).toMatchObject({ name: 'TransportClosedError' });
});
