import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CodexError } from '../errors/codex-error.ts';
import { serverNotificationMethods, serverRequestMethods } from '../protocol/method-table.ts';
import { completed, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';
import type { MemoryEngine } from '../test-fixtures/memory-engine.ts';
import { startGoal } from '../test-fixtures/started-goal.ts';
import type { Codex } from './codex.ts';
import type { CodexConfig } from './config.ts';

/** More by hand: `FUZZ_RUNS=20000 TWINPROOF_SEED=2 npx vitest run sdk/client/malformed`. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 150);

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

/** What a value of the protocol may be, and what none of its values is. */
const leaf = fc.constantFrom<unknown>(null, true, 0, -1, 1e300, '', 'th', 't', 'x', 'inProgress', 'completed', [], {});
const names = [
  ...['id', 'type', 'threadId', 'turnId', 'itemId', 'item', 'items', 'thread', 'turn', 'status', 'text', 'delta'],
  ...['phase', 'tokenUsage', 'last', 'total', 'totalTokens', 'modelContextWindow', 'goal', 'error', 'message'],
  ...['codexErrorInfo', 'willRetry', 'action', 'threadSettings', 'plan', 'step', 'changes', 'path', 'diff', 'command'],
  ...['server', 'name', 'questions', 'permissions', 'arguments', 'tool', 'contentItems', 'loginId', 'success'],
  ...['summaryIndex', 'contentIndex', 'receiverThreadIds', 'senderThreadId', 'processId', 'startedAt', 'data'],
];
const types = ['agentMessage', 'reasoning', 'commandExecution', 'fileChange', 'mcpToolCall', 'contextCompaction'];
const more = ['collabAgentToolCall', 'dynamicToolCall', 'webSearch', 'userMessage', 'later'];
const { value: values } = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.constantFrom(...types, ...more),
    tie('object'),
    fc.array(tie('value'), { maxLength: 2 }),
  ),
  object: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 5 }),
}));
/** Parameters that lead to what the client awaits, their content of any kind. */
const params = fc
  .tuple(
    fc.constantFrom({}, { threadId: 'th' }, { threadId: 'th', turnId: 't' }, { threadId: 'th', turnId: 'a' }),
    fc.dictionary(fc.constantFrom(...names), values, { maxKeys: 4 }),
  )
  .map(([route, content]) => ({ ...content, ...route }));
const message = fc.oneof(
  { weight: 4, arbitrary: fc.record({ method: fc.constantFrom(...Object.keys(serverNotificationMethods)), params }) },
  fc.record({ id: fc.nat(), method: fc.constantFrom(...Object.keys(serverRequestMethods)), params }),
  fc.record({ method: fc.constantFrom(...Object.keys(serverNotificationMethods)), params: values }),
);

/** A client that uses everything, so that each message has its reader. */
const config = (): CodexConfig => ({
  approvals: () => 'accept',
  telemetry: { content: true },
  logger: { debug() {}, info() {}, warn() {}, error() {} },
});

interface Host {
  engine: MemoryEngine;
  codex: Codex;
  waiting: Promise<unknown>[];
}

async function all(values: AsyncIterable<unknown>): Promise<unknown[]> {
  const read: unknown[] = [];
  for await (const one of values) read.push(one);
  return read;
}

async function ofTurn(): Promise<Host> {
  const { engine, codex, thread } = await withThread(config());
  const { handle } = await startTurn(engine, thread);
  const events = codex.events();
  return {
    engine,
    codex,
    waiting: [all(handle.stream()), all(handle.text()), handle.result(), events.next()],
  };
}

async function ofGoal(): Promise<Host> {
  const { engine, codex, thread } = await withThread(config());
  const handle = await startGoal(engine, thread);
  return { engine, codex, waiting: [handle.result(), codex.nextNotification()] };
}

async function ofCompaction(): Promise<Host> {
  const { engine, codex, thread } = await withThread(config());
  const compacting = thread.compact({ wait: true });
  compacting.catch(() => {});
  await engine.answer({});
  return { engine, codex, waiting: [compacting] };
}

/** A next call has its answer, whatever else the client asks meanwhile: what it asks is answered by nonsense. */
async function call({ engine, codex }: Host, nonsense: unknown): Promise<unknown> {
  const result = codex.request('model/list', {});
  result.catch(() => {});
  let answered = false;
  const { peer } = engine;
  while (!peer.closed && !answered) {
    const text = peer.received.shift();
    if (text === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    const sent = JSON.parse(text) as { id?: unknown; method?: string };
    answered = sent.method === 'model/list';
    if (sent.id !== undefined && sent.method !== undefined)
      engine.send({ id: sent.id, result: answered ? { data: ['alive'] } : nonsense });
  }
  return await result;
}

test.each([
  ['a turn', ofTurn],
  ['a goal', ofGoal],
  ['a compaction', ofCompaction],
])(
  `${numRuns} rows of messages with parameters of any kind, in %s: the client fails with a CodexError, or lives`,
  async (_name, begin) => {
    let alive = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 6 }), values, async (messages, nonsense) => {
        const host = await begin();
        for (const wait of host.waiting) wait.catch(() => {});
        for (const one of messages) if (!host.engine.peer.closed) host.engine.send(one);
        try {
          expect(await call(host, nonsense)).toEqual({ data: ['alive'] });
          alive += 1;
        } catch (error) {
          expect(error).toBeInstanceOf(CodexError);
        }
        if (!host.engine.peer.closed) host.engine.send(completed());
        await host.codex.close();
        await until(() => host.engine.peer.closed);
        for (const settled of await Promise.allSettled(host.waiting))
          if (settled.status === 'rejected') expect(settled.reason).toBeInstanceOf(CodexError);
        await new Promise((resolve) => setImmediate(resolve));
        expect(unhandled.splice(0)).toEqual([]);
      }),
      { numRuns },
    );
    // A client that no message leaves alive is not tried.
    expect(alive).toBeGreaterThan(numRuns / 3);
  },
  120_000,
);
