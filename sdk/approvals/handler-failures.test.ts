import { expect, test } from 'vitest';
import type { CodexConfig } from '../client/config.ts';
import { completed, startTurn, until, withThread } from '../test-fixtures/connected-client.ts';
import type { HandlerContext } from './handlers.ts';

const ids = { threadId: 'th', turnId: 't', itemId: 'i' };
const declined = { decision: 'decline' };
const noForm = { action: 'decline', content: null, _meta: null };
const elicitation = (meta: object | null) => ({
  method: 'mcpServer/elicitation/request',
  params: { threadId: 'th', turnId: 't', serverName: 's', mode: 'form', message: 'm', _meta: meta },
});

/** Every request that has a handler: the option, the request, its safe answer, and whether it belongs to a turn. */
const requests: Record<string, { option: string; request: object; safe: unknown; ofTurn?: false }> = {
  'a command': {
    option: 'approvals',
    request: { method: 'item/commandExecution/requestApproval', params: { ...ids, command: 'a', commandActions: [] } },
    safe: declined,
  },
  'a file change': {
    option: 'approvals',
    request: { method: 'item/fileChange/requestApproval', params: ids },
    safe: declined,
  },
  'permissions for approvals': {
    option: 'approvals',
    request: { method: 'item/permissions/requestApproval', params: { ...ids, permissions: {} } },
    safe: { permissions: {}, scope: 'turn' },
  },
  'a tool of an MCP server': {
    option: 'approvals',
    request: elicitation({ codex_approval_kind: 'mcp_tool_call' }),
    safe: noForm,
  },
  'a question': {
    option: 'onUserInput',
    request: { method: 'item/tool/requestUserInput', params: { ...ids, questions: [] } },
    safe: { answers: {} },
  },
  'a form': { option: 'onElicitation', request: elicitation(null), safe: noForm },
  permissions: {
    option: 'onPermissions',
    request: { method: 'item/permissions/requestApproval', params: { ...ids, permissions: {} } },
    safe: { permissions: {}, scope: 'turn' },
  },
  tokens: {
    option: 'onTokenRefresh',
    request: { method: 'account/chatgptAuthTokens/refresh', params: { reason: 'unauthorized' } },
    safe: undefined,
    ofTurn: false,
  },
  'anything else': {
    option: 'onServerRequest',
    request: { method: 'item/later/request', params: ids },
    safe: undefined,
  },
};
const all = Object.entries(requests);
const broken = new Error('broken');

/** A client with a running turn, whose handler is asked once; what goes wrong with it is collected. */
async function asking(option: string, given: unknown, request: object) {
  const errors: unknown[] = [];
  const config: CodexConfig = { [option]: given, onServerRequestError: (error) => void errors.push(error) };
  const { engine, codex, thread } = await withThread(config);
  const { handle } = await startTurn(engine, thread);
  engine.send({ id: 7, ...request });
  return { engine, codex, thread, handle, errors };
}

test.each(all)('%s: a handler that fails gets its request the safe answer, and is told of', async (_, one) => {
  const { option, request, safe } = one;
  const timed = { handler: () => new Promise(() => {}), timeoutMs: 1 };
  const failures: [unknown, unknown][] = [
    [
      () => {
        throw broken;
      },
      broken,
    ],
    [() => Promise.reject(broken), broken],
    [() => Symbol('nonsense'), expect.any(TypeError)],
    // The catch-all has no time.
    ...(option === 'onServerRequest'
      ? []
      : [[timed, expect.objectContaining({ name: 'TimeoutError' })] as [unknown, unknown]]),
  ];
  for (const [given, told] of failures) {
    const { engine, codex, handle, errors } = await asking(option, given, request);
    const { result, error } = await engine.next();
    if (safe === undefined) expect(error).toMatchObject({ code: expect.any(Number) });
    else expect(result).toEqual(safe);
    expect(errors).toEqual([told]);
    engine.send(completed());
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    await codex.close();
  }
});

const ends = ['the engine resolves it', 'the turn is interrupted', 'the engine dies', 'the client closes'] as const;

test.each(all.flatMap(([name, one]) => ends.map((end) => [name, end, one] as const)))(
  '%s: a handler that waits hears that %s; its late answer does no harm',
  async (_, end, { option, request, ofTurn }) => {
    if (end === 'the turn is interrupted' && ofTurn === false) return;
    let context: HandlerContext | undefined;
    let answer: (value: unknown) => void = () => {};
    const handler = (_request: unknown, given: HandlerContext) => {
      context = given;
      return new Promise((resolve) => {
        answer = resolve;
      });
    };
    const { engine, codex, thread, handle, errors } = await asking(option, handler, request);
    await until(() => context !== undefined);
    expect(context?.signal.aborted).toBe(false);
    const ended = handle.result().catch((error: Error) => error.name);
    if (end === 'the engine resolves it') engine.notify('serverRequest/resolved', { threadId: 'th', requestId: 7 });
    else if (end === 'the turn is interrupted') engine.send(completed('t', 'interrupted'));
    else if (end === 'the engine dies') engine.peer.end();
    else await codex.close();
    await until(() => context?.signal.aborted === true);
    expect(context?.signal.reason).toBeInstanceOf(Error);
    answer(undefined);
    if (end === 'the engine resolves it') engine.send(completed());
    expect(await ended).toBeDefined();
    expect(errors).toEqual([]);
    // The connection, or the next one, is good for a turn.
    if (end === 'the engine resolves it' || end === 'the turn is interrupted') {
      engine.peer.received.splice(0);
      await startTurn(engine, thread);
    }
    await codex.close();
  },
);
