import { expect, test, vi } from 'vitest';
import { TransportClosedError } from '../errors/connection-errors.ts';
import type { KeepAlive } from '../rpc/condition.ts';
import { mcpEvent } from './events.ts';
import { McpWatch } from './mcp-watch.ts';
import { restartPolicy } from './restart.ts';

const keepAlive: KeepAlive = { hold: () => {}, release: () => {} } as never;
const cause = new TransportClosedError('the engine is gone');
const login = (server: string, more: object = {}) => ({ name: server, success: true, ...more });
const ended = 'mcpServer/oauthLogin/completed';
const state = (name: string, status: string, more: object = {}) => ({ name, status, threadId: 'th', ...more });
const told = 'mcpServer/startupStatus/updated';

test('a reader has what was told before the end, and then the cause, with what it was about; so has a later one', () => {
  const watch = new McpWatch(keepAlive);
  const reader = watch.read(undefined);
  watch.see(told, state('docs', 'ready') as never);
  watch.fail(cause);
  expect(reader.poll()).toMatchObject({ value: { type: 'ready', server: 'docs' } });
  for (const one of [reader, watch.read(undefined)])
    expect(() => one.poll()).toThrow(expect.objectContaining({ action: 'reading the events of MCP servers' }));
});

test('what nobody reads any more, and a login that is over, are let go', async () => {
  const watch = new McpWatch(keepAlive);
  expect(watch.isUsed).toBe(false);
  const reader = watch.read('th');
  expect(watch.isUsed).toBe(true);
  reader.close();
  expect(watch.isUsed).toBe(false);

  const over = watch.expectLogin('docs');
  watch.see(ended, login('docs') as never);
  // Which attempt it is, is not known yet.
  expect(watch.isUsed).toBe(true);
  over.started('1');
  watch.see(ended, login('docs', { loginId: '1' }) as never);
  expect(watch.isUsed).toBe(false);
  expect(await over.wait(undefined)).toMatchObject({ name: 'docs' });

  const refused = watch.expectLogin('docs');
  watch.forget(refused);
  expect(watch.isUsed).toBe(false);
});

test('a login ends by a signal, and with the connection, whether that went before it was asked for or after', async () => {
  const watch = new McpWatch(keepAlive);
  const early = watch.expectLogin('docs');
  early.started('1');
  const stop = new AbortController();
  const aborted = expect(early.wait(stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  stop.abort();
  await aborted;
  const waiting = expect(early.wait(undefined)).rejects.toMatchObject({
    action: 'waiting for the login at the MCP server docs',
  });
  const supervisor = { see: vi.fn(), suspect: vi.fn(), close: vi.fn() };
  watch.supervisor = supervisor;
  watch.fail(cause);
  await waiting;
  expect(supervisor.close).toHaveBeenCalledOnce();
  const late = watch.expectLogin('docs');
  await expect(late.wait(undefined)).rejects.toThrow('the engine is gone');
});

test.each([
  ['12345', false],
  ['123456', true],
  ['a much longer value', true],
])('the value %j is hidden in errors, of servers and of logins: %s', (value, hidden) => {
  const watch = new McpWatch(keepAlive);
  watch.hide([value]);
  const reader = watch.read(undefined);
  const error = `it said ${value}; Bearer abcdefgh87654321`;
  watch.see(told, state('docs', 'failed', { error }) as never);
  watch.see(ended, login('docs', { success: false, error }) as never);
  const shown = `it said ${hidden ? '<redacted:secret>' : value}; Bearer <redacted>`;
  expect([reader.poll(), reader.poll()]).toMatchObject([
    { value: { type: 'failed', error: shown } },
    { value: { type: 'login', error: shown } },
  ]);
});

test('a thread that the engine does not name is null, and only the reason for it asks for a login', () => {
  const clean = (text: string) => text;
  const { threadId: _, ...unnamed } = state('docs', 'failed', { error: 'no' });
  expect(mcpEvent(told, unnamed as never, clean)).toEqual({
    ...{ type: 'failed', server: 'docs', threadId: null, error: 'no', reauthenticate: false },
  });
  for (const [failureReason, reauthenticate] of [
    ['reauthenticationRequired', true],
    ['of a later engine', false],
    [null, false],
  ])
    expect(mcpEvent(told, state('docs', 'failed', { failureReason }) as never, clean)).toMatchObject({
      reauthenticate,
    });
  expect(mcpEvent(ended, login('docs', { threadId: 5 }) as never, clean)).toMatchObject({
    threadId: null,
    error: null,
  });
});

test.each([
  ['never', { max: 0, backoffMs: 500, checkEveryMs: 5000 }],
  ['onCrash', { max: 3, backoffMs: 500, checkEveryMs: 5000 }],
  [{}, { max: 3, backoffMs: 500, checkEveryMs: 5000 }],
  [{ max: 0 }, { max: 0, backoffMs: 500, checkEveryMs: 5000 }],
  [
    { max: 1, backoffMs: 2, checkEveryMs: 3 },
    { max: 1, backoffMs: 2, checkEveryMs: 3 },
  ],
] as const)('the policy %j is %j', (option, policy) => expect(restartPolicy(option)).toEqual(policy));
