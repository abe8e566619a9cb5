import { autoRunRules } from '../client/auto-run/options.ts';
import type { Codex } from '../client/codex.ts';
import { compactRules } from '../client/compaction.ts';
import type { CodexConfig } from '../client/config.ts';
import { eventsRules } from '../client/event-tap.ts';
import { stageRules } from '../client/files.ts';
import { goalRules } from '../client/goal-control.ts';
import { mcpCallRules, mcpLoginRules, mcpResourceRules, mcpStatusRules } from '../client/mcp.ts';
import { readableStreamRules } from '../client/stream-options.ts';
import type { Thread } from '../client/thread.ts';
import { attachmentListRules, attachmentOwnerRules } from '../client/thread-attachments.ts';
import { itemListRules, metadataRules, reviewRules, settingsRules, turnListRules } from '../client/thread-life.ts';
import { threadForkRules, threadListRules, threadResumeRules, threadStartRules } from '../client/thread-options.ts';
import { interruptRules } from '../client/turn-handle.ts';
import { turnRules } from '../client/turn-options.ts';
import { retryRules } from '../errors/retry-on-overload.ts';
import type { Rules } from '../options/check-options.ts';
import { callRules, signalRules } from '../rpc/limits.ts';
import { startTurn, withThread } from './connected-client.ts';

type Call = (options: never) => unknown;
/** Right arguments before the options; the rules of the options, where it has some. */
export interface Method {
  call: (...args: never[]) => unknown;
  good: readonly unknown[];
  rules?: Rules;
  /** Right options, where it needs some. */
  options?: object;
}

const neededOptions: Readonly<Record<string, object>> = {
  'Thread.autoRun': { input: 'hi', until: () => true },
  'Mcp.callTool': { threadId: 't' },
};

/** One of everything that a program holds, connected. */
export async function oneOfEach(config: CodexConfig = {}) {
  const { engine, codex, thread } = await withThread(config);
  const { handle } = await startTurn(engine, thread);
  const starting = codex.loginChatgptDeviceCode();
  await engine.answer({ type: 'chatgptDeviceCode', loginId: 'l', verificationUrl: 'u', userCode: 'c' });
  const login = await starting;
  const mcpStarting = codex.mcp.login('docs');
  await engine.answer({ authorizationUrl: 'u' });
  const mcpLogin = await mcpStarting;
  const other = await resumed(codex, engine, 'other');
  const goalStarting = other.startGoal('win');
  await engine.answer({ thread: { id: 'other', status: { type: 'idle' }, path: '/x' } });
  await engine.answer({});
  await engine.answer({});
  engine.notify('turn/started', { threadId: 'other', turn: { id: 'g' } });
  const goal = await goalStarting;
  return { engine, codex, thread, handle, login, mcpLogin, goal };
}
export type Made = Awaited<ReturnType<typeof oneOfEach>>;

async function resumed(codex: Codex, engine: Made['engine'], id: string): Promise<Thread> {
  const [thread] = await Promise.all([codex.threadResume(id), engine.answer({ thread: { id } })]);
  return thread;
}

/** Every method that takes something, by its class. Those without are in `withoutArguments`. */
export function methods({ codex, thread, handle, login, mcpLogin, goal }: Made): Record<string, Method> {
  const of = <T extends object>(name: string, target: T, table: Record<string, [Rules | undefined, ...unknown[]]>) =>
    Object.entries(table).map(([method, [rules, ...good]]): [string, Method] => [
      `${name}.${method}`,
      {
        call: (target as Record<string, Call>)[method]?.bind(target) as Call,
        good,
        options: neededOptions[`${name}.${method}`] ?? {},
        ...(rules ? { rules } : {}),
      },
    ]);
  const turnHandle = {
    stream: [signalRules],
    run: [signalRules],
    text: [signalRules],
    items: [signalRules],
    toReadableStream: [readableStreamRules],
    steer: [callRules, 'x'],
    interrupt: [interruptRules],
  };
  return Object.fromEntries([
    ...of('Codex', codex, {
      connect: [callRules],
      request: [callRules, 'model/list', {}],
      supports: [callRules, 'x'],
      requestWithRetryOnOverload: [{ ...callRules, ...retryRules }, 'model/list', {}],
      notifications: [signalRules],
      events: [eventsRules],
      nextNotification: [signalRules],
      waitForTurnCompleted: [signalRules, 't'],
      waitForLoginCompleted: [signalRules, 'l'],
      loginApiKey: [callRules, 'key'],
      loginChatgpt: [callRules],
      loginChatgptDeviceCode: [callRules],
      account: [callRules],
      logout: [callRules],
      threadStart: [threadStartRules],
      threadResume: [threadResumeRules, 'th'],
      threadFork: [threadForkRules, 'th'],
      threadList: [threadListRules],
      threads: [threadListRules],
      loadedThreads: [callRules],
      threadDelete: [callRules, 'th'],
      threadArchive: [callRules, 'th'],
      threadUnarchive: [callRules, 'th'],
      models: [callRules],
      attachmentOwners: [attachmentOwnerRules, { attachmentType: 'a', identityKey: 'k' }],
    }),
    ...of('Files', codex.files, { stage: [stageRules, new Uint8Array(3)] }),
    ...of('rpc', codex.rpc, { modelList: [callRules, {}], accountLogout: [callRules] }),
    ...of('Mcp', codex.mcp, {
      status: [mcpStatusRules],
      reload: [callRules],
      login: [mcpLoginRules, 'docs'],
      readResource: [mcpResourceRules, 'docs', 'x://y'],
      events: [eventsRules],
    }),
    ...of('Mcp', { callTool: (server: never, given: never) => codex.mcp.callTool(server, 'x', given) } as never, {
      callTool: [mcpCallRules, 'docs'],
    }),
    ...of('McpLoginHandle', mcpLogin, { wait: [signalRules] }),
    ...of('Thread', thread, {
      run: [turnRules, 'hi'],
      autoRun: [autoRunRules],
      turn: [turnRules, 'hi'],
      streamText: [turnRules, 'hi'],
      review: [reviewRules, { type: 'uncommittedChanges' }],
      startGoal: [goalRules, 'win'],
      runGoal: [goalRules, 'win'],
      attach: [signalRules, 't'],
      read: [callRules],
      turns: [turnListRules],
      items: [itemListRules],
      revert: [callRules, 't'],
      attachments: [attachmentListRules],
      addAttachment: [callRules, { attachmentType: 'a', identityKey: 'k', payload: 1 }],
      removeAttachment: [callRules, { attachmentType: 'a', identityKey: 'k' }],
      updateSettings: [settingsRules],
      updateMetadata: [callRules, {}],
      setName: [callRules, 'name'],
      compact: [compactRules],
    }),
    ...of(
      'Thread.updateMetadata',
      { metadata: (given: never) => thread.updateMetadata(given) },
      { metadata: [metadataRules] },
    ),
    ...of('TurnHandle', handle, { ...turnHandle, result: [signalRules], states: [signalRules] } as never),
    ...of('GoalHandle', goal, {
      ...turnHandle,
      result: [signalRules],
      pause: [callRules],
      clear: [callRules],
    } as never),
    ...of('LoginHandle', login, { wait: [signalRules], cancel: [callRules] }),
  ]);
}
