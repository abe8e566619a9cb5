import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JsonObject } from '../protocol/index.ts';
import type { McpEvent } from './events.ts';
import type { RestartPolicy } from './restart.ts';
import { McpSupervisor } from './supervisor.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function settle(): Promise<void> {
  for (let round = 0; round < 10; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}

type Asked = { method: string; params: object | undefined; answer(result: JsonObject): void; refuse(): void };
const fast: RestartPolicy = { max: 3, backoffMs: 0, checkEveryMs: 0 };

/** A supervisor, what it has told, and what it asks the engine. */
function supervising() {
  const told: McpEvent[] = [];
  const asked: Asked[] = [];
  const supervisor = new McpSupervisor({
    tell: (event) => void told.push(event),
    request: (method, params) =>
      new Promise((resolve, reject) => {
        asked.push({ method, params, answer: resolve, refuse: () => reject(new Error('no such thread')) });
      }),
  });
  const see = (type: 'ready' | 'failed', server = 'lab', threadId = 'th') =>
    supervisor.see('mcpServer/startupStatus/updated', { threadId }, { type, server, threadId } as McpEvent);
  const watch = (policies: Record<string, Partial<RestartPolicy>> = { lab: {} }, threadId = 'th') =>
    supervisor.watch(
      threadId,
      new Map(Object.entries(policies).map(([name, policy]) => [name, { ...fast, ...policy }])),
    );
  /** Answers the oldest question how the servers are. */
  const say = async (runtimeStatus: string, name = 'lab', more: JsonObject = {}) => {
    const one = asked.shift();
    expect(one?.method).toBe('mcpServerStatus/list');
    one?.answer({ data: [{ name, runtimeStatus }], nextCursor: null, ...more });
    await settle();
  };
  const types = () => told.splice(0).map(({ type }) => type);
  const methods = () => asked.splice(0).map(({ method }) => method);
  return { supervisor, told, asked, see, watch, say, types, methods };
}

test.each([
  ['ready', ['crashed', 'restarting']],
  ['failed', []],
] as const)('a start that ended as %s before the thread was known counts', async (how, after) => {
  const { supervisor, see, watch, say, types } = supervising();
  see(how);
  watch();
  // Another start of the thread's servers begins anew.
  see(how, 'lab', 'another');
  supervisor.suspect('th');
  await say('failed');
  expect(types()).toEqual(after);
});

test('what is watched anew has no timer of before, and is asked as often as it says now', async () => {
  const { asked, watch, methods, supervisor } = supervising();
  watch({ lab: { checkEveryMs: 1000 } });
  watch({ lab: { checkEveryMs: 5000 }, db: { checkEveryMs: 3000 }, docs: { checkEveryMs: 0 } });
  await pass(2999);
  expect(methods()).toEqual([]);
  await pass(1);
  expect(asked).toMatchObject([{ method: 'mcpServerStatus/list', params: { threadId: 'th' } }]);
  asked.splice(0).map(({ answer }) => answer({ data: [] }));
  await settle();
  await pass(3000);
  expect(asked).toHaveLength(1);
  supervisor.close();
  expect(vi.getTimerCount()).toBe(0);
});

test.each(['thread/closed', 'thread/deleted', 'thread/archived'])(
  '%s ends the watch: no timer is left, and nothing is asked or started',
  async (method) => {
    const { supervisor, see, watch, say, types, methods } = supervising();
    watch({ lab: { checkEveryMs: 1000, backoffMs: 500 } });
    see('ready');
    supervisor.suspect('th');
    await say('failed');
    expect(types()).toEqual(['crashed', 'restarting']);
    supervisor.see(method, { threadId: 'another' }, undefined);
    expect(vi.getTimerCount()).toBe(2);
    supervisor.see(method, { threadId: 'th' }, undefined);
    expect(vi.getTimerCount()).toBe(0);
    supervisor.suspect('th');
    await pass(10_000);
    expect([types(), methods()]).toEqual([[], []]);
  },
);

test('the end of the connection leaves no timer, of no thread', async () => {
  const { supervisor, see, watch, say } = supervising();
  for (const threadId of ['th', 'other']) watch({ lab: { checkEveryMs: 1000, backoffMs: 500 } }, threadId);
  see('ready');
  supervisor.suspect('th');
  await say('failed');
  expect(vi.getTimerCount()).toBe(3);
  supervisor.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('a server that is up again before its start is due is not started', async () => {
  const { supervisor, see, watch, say, methods } = supervising();
  watch({ lab: { backoffMs: 500 } });
  see('ready');
  supervisor.suspect('th');
  await say('failed');
  see('ready');
  expect(vi.getTimerCount()).toBe(0);
  await pass(1000);
  expect(methods()).toEqual([]);
});

test.each([
  ['a start of a turn', { checkEveryMs: 1000 }, 1],
  ['a start of a turn', { checkEveryMs: 0 }, 0],
])('%s, with %j, has the engine asked %i times', async (_, policy, times) => {
  const { supervisor, watch, asked } = supervising();
  watch({ lab: policy });
  supervisor.see('turn/started', { threadId: 'th' }, undefined);
  expect(asked).toHaveLength(times);
});

test('whatever asks while the engine is asked already has it asked once more, and only once', async () => {
  const { supervisor, see, watch, say, asked, types } = supervising();
  watch();
  see('ready');
  for (let time = 0; time < 3; time += 1) supervisor.suspect('th');
  expect(asked).toHaveLength(1);
  await say('connected');
  expect(asked).toHaveLength(1);
  await say('failed');
  expect(types()).toEqual(['crashed', 'restarting']);
  // And later again.
  expect(asked.shift()?.method).toBe('config/mcpServer/reload');
  supervisor.suspect('th');
  expect(asked).toHaveLength(1);
});

test('a thread that was watched anew learns nothing of what was asked before', async () => {
  const { supervisor, see, watch, say, types } = supervising();
  watch();
  see('ready');
  supervisor.suspect('th');
  watch();
  await say('failed');
  expect(types()).toEqual([]);
});

test('pages are read to their end, and a page that comes again is the end', async () => {
  const { supervisor, watch, say, asked, types } = supervising();
  watch({ lab: {}, db: {} });
  supervisor.suspect('th');
  expect(asked[0]?.params).toEqual({ threadId: 'th', detail: 'toolsAndAuthOnly' });
  await say('connected', 'lab', { nextCursor: 'two' });
  expect(asked[0]?.params).toMatchObject({ cursor: 'two' });
  await say('failed', 'db', { nextCursor: 'two' });
  expect(types()).toEqual(['crashed', 'restarting']);
  expect(asked.map(({ method }) => method)).toEqual(['config/mcpServer/reload']);
});

test('an engine that does not know the question, or refuses a reload, is left alone from then on', async () => {
  for (const refused of ['mcpServerStatus/list', 'config/mcpServer/reload']) {
    const { supervisor, see, watch, say, asked } = supervising();
    watch({ lab: { checkEveryMs: 1000 } });
    see('ready');
    supervisor.suspect('th');
    if (refused !== 'mcpServerStatus/list') await say('failed');
    expect(asked[0]?.method).toBe(refused);
    asked.shift()?.refuse();
    await settle();
    expect(vi.getTimerCount(), refused).toBe(0);
    supervisor.suspect('th');
    expect(asked, refused).toEqual([]);
  }
});

test.each([0, 1, 2])(
  'max %i: so many starts in a row, then it is given up; a call that succeeds begins anew',
  async (max) => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { supervisor, see, watch, say, told, types, methods } = supervising();
    watch({ lab: { max } });
    see('ready');
    const call = (status: string, server = 'lab') =>
      supervisor.see('item/completed', { threadId: 'th', item: { type: 'mcpToolCall', server, status } }, undefined);
    const round = async () => {
      supervisor.suspect('th');
      await say('failed');
      for (let start = 0; start < max; start += 1) {
        expect(methods()).toEqual(['config/mcpServer/reload']);
        see('failed');
      }
      expect(methods()).toEqual([]);
    };
    await round();
    const restarts = Array.from({ length: max }, () => 'restarting');
    expect(types()).toEqual(['crashed', ...restarts, ...(max > 0 ? ['givenUp'] : [])]);
    see('ready');
    call('completed', 'another');
    call('completed');
    await round();
    expect(told.filter(({ type }) => type === 'restarting')).toMatchObject(
      restarts.map((_, at) => ({ attempt: at + 1, delayMs: 0 })),
    );
  },
);

test('the waits before starts double, to a minute', async () => {
  const { supervisor, see, watch, say, told } = supervising();
  watch({ lab: { max: 20, backoffMs: 500 } });
  see('ready');
  supervisor.suspect('th');
  await say('failed');
  for (let start = 0; start < 8; start += 1) {
    await pass(60_000);
    see('failed');
  }
  const waits = told.flatMap((event) => (event.type === 'restarting' ? [event.delayMs] : []));
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
});
