import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sessionOf } from '../../sdk/client/engine-client.ts';
import { inUse } from '../../sdk/client/lazy-session.ts';
import { type Made, methods, oneOfEach } from '../../sdk/test-fixtures/every-method.ts';
import { heldBy } from './held.ts';
import { notOver, remembered } from './remembered.ts';
import { type World, world } from './test-fixtures/world.ts';

/** Two would show what each leaves. More in the weekly job: `TWINPROOF_ROUNDS=200 npx vitest run --project unit testing/held/every-operation`. */
const rounds = Number(process.env.TWINPROOF_ROUNDS ?? 20);
const outcomes = ['done', 'failed', 'aborted', 'timed out', 'engine dead'] as const;
type Outcome = (typeof outcomes)[number];

const home = mkdtempSync(join(tmpdir(), 'every-operation-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Lets what is due happen. */
async function turns(count = 3): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** How an operation is made, and how the engine can answer it. */
interface Row {
  /** What a handle's operation is called on; made while turns stay open. */
  prepare?: 'turn' | 'goal' | 'login' | 'mcp login';
  /** Waits for what the engine tells by itself; this tells it. */
  told?: (world: World, made: unknown) => void;
  /** What does not apply, and why. */
  not?: Partial<Record<Outcome, string>>;
  /** Outcomes at which it ends as it does otherwise, and no error. */
  ends?: readonly Outcome[];
  /** Rejects where others resolve, and why. */
  rejects?: string;
}

const plain: Row = {};
const reads = 'reading has no timeout';
const asksNothing = 'it sends no request, so nothing of it can be refused';
const waiting = { failed: asksNothing, 'timed out': reads };
const completed = ({ engine }: World) => engine.completeTurn('th');
const ofTurn: Row = { prepare: 'turn', told: completed, not: waiting };
const ofGoal: Row = { prepare: 'goal', told: ({ engine }) => engine.completeGoal('th'), not: waiting };
const connects = 'it is connected already';

/** Every operation of what a program holds. */
const rows: Readonly<Record<string, Row>> = {
  'Codex.connect': {
    not: { failed: connects, aborted: connects, 'timed out': connects, 'engine dead': connects },
  },
  'Codex.request': plain,
  'Codex.supports': {
    rejects: 'an engine in this program has no schema',
    not: { aborted: asksNothing, 'timed out': asksNothing },
  },
  'Codex.requestWithRetryOnOverload': plain,
  'Codex.notifications': { told: ({ engine }) => engine.notify('configWarning', { summary: 'w' }), not: waiting },
  'Codex.events': { told: ({ engine }) => engine.notify('configWarning', { summary: 'w' }), not: waiting },
  'Codex.nextNotification': { told: ({ engine }) => engine.notify('configWarning', { summary: 'w' }), not: waiting },
  'Codex.waitForTurnCompleted': ofTurn,
  'Codex.waitForLoginCompleted': {
    told: ({ engine }) => engine.notify('account/login/completed', { loginId: 'l', success: true }),
    not: waiting,
  },
  'Codex.loginApiKey': plain,
  'Codex.loginChatgpt': plain,
  'Codex.loginChatgptDeviceCode': plain,
  'Codex.account': plain,
  'Codex.logout': plain,
  'Codex.threadStart': plain,
  'Codex.threadResume': plain,
  'Codex.threadFork': plain,
  'Codex.threadList': plain,
  'Codex.threads': plain,
  'Codex.loadedThreads': plain,
  'Codex.threadDelete': plain,
  'Codex.threadArchive': plain,
  'Codex.threadUnarchive': plain,
  'Codex.models': plain,
  'Codex.attachmentOwners': plain,
  'Files.stage': {
    not: { failed: asksNothing, aborted: 'it is there at once', 'timed out': reads, 'engine dead': asksNothing },
  },
  'rpc.modelList': plain,
  'rpc.accountLogout': plain,
  'Mcp.status': plain,
  'Mcp.reload': plain,
  'Mcp.login': plain,
  'Mcp.readResource': plain,
  'Mcp.callTool': plain,
  'Mcp.events': {
    told: ({ engine }) => engine.notify('mcpServer/startupStatus/updated', { name: 'docs', status: 'ready' }),
    not: waiting,
  },
  'McpLoginHandle.wait': {
    prepare: 'mcp login',
    told: ({ engine }) => engine.notify('mcpServer/oauthLogin/completed', { name: 'docs', success: true }),
    not: waiting,
  },
  'Thread.run': plain,
  'Thread.autoRun': { not: { 'timed out': 'its own limit is not one of its requests' } },
  'Thread.turn': plain,
  'Thread.streamText': plain,
  'Thread.review': plain,
  'Thread.startGoal': plain,
  'Thread.runGoal': plain,
  'Thread.attach': {
    prepare: 'turn',
    not: { failed: asksNothing, aborted: 'it is there at once', 'timed out': reads, 'engine dead': asksNothing },
  },
  'Thread.read': plain,
  'Thread.turns': plain,
  'Thread.items': plain,
  'Thread.revert': plain,
  'Thread.attachments': plain,
  'Thread.addAttachment': plain,
  'Thread.removeAttachment': plain,
  'Thread.updateSettings': plain,
  'Thread.updateMetadata': plain,
  'Thread.setName': plain,
  'Thread.compact': plain,
  'Thread.updateMetadata.metadata': {
    not: { aborted: 'see Thread.updateMetadata', 'timed out': 'see Thread.updateMetadata' },
  },
  'TurnHandle.stream': ofTurn,
  'TurnHandle.run': ofTurn,
  'TurnHandle.text': ofTurn,
  'TurnHandle.items': ofTurn,
  'TurnHandle.toReadableStream': ofTurn,
  'TurnHandle.result': ofTurn,
  'TurnHandle.states': { ...ofTurn, ends: ['engine dead'] },
  'TurnHandle.steer': { prepare: 'turn' },
  'TurnHandle.interrupt': { prepare: 'turn' },
  'GoalHandle.stream': ofGoal,
  'GoalHandle.run': ofGoal,
  'GoalHandle.text': ofGoal,
  'GoalHandle.items': ofGoal,
  'GoalHandle.toReadableStream': ofGoal,
  'GoalHandle.result': ofGoal,
  'GoalHandle.steer': { prepare: 'goal' },
  'GoalHandle.interrupt': { prepare: 'goal' },
  'GoalHandle.pause': { prepare: 'goal' },
  'GoalHandle.clear': { prepare: 'goal' },
  'LoginHandle.wait': {
    prepare: 'login',
    told: ({ engine }, made) =>
      engine.notify('account/login/completed', { loginId: (made as Made['login']).loginId, success: true }),
    not: waiting,
  },
  'LoginHandle.cancel': { prepare: 'login' },
};

test('the table has every operation', async () => {
  vi.useRealTimers();
  const made = await oneOfEach();
  expect(Object.keys(rows).sort()).toEqual(Object.keys(methods(made)).sort());
  await made.codex.close();
});

/** What this round calls, in its own world. */
async function operationOf(name: string, { prepare }: Row, at: World) {
  const { engine, codex, thread } = at;
  engine.mode = 'leaves turns open';
  const handle = prepare === 'turn' ? await thread.turn('hi') : undefined;
  const goal = prepare === 'goal' ? await thread.startGoal('win') : undefined;
  const login = prepare === 'login' ? await codex.loginChatgptDeviceCode() : undefined;
  const mcpLogin = prepare === 'mcp login' ? await codex.mcp.login('docs') : undefined;
  const none = { text: () => {} };
  const made = { codex, thread, handle, goal, login, mcpLogin } as unknown as Made;
  const table = methods({
    ...made,
    handle: handle ?? none,
    goal: goal ?? none,
    login: login ?? none,
    mcpLogin: mcpLogin ?? none,
  } as never);
  const method = table[name];
  if (!method) throw new Error(`no method ${name}`);
  const args = name === 'Codex.waitForTurnCompleted' || name === 'Thread.attach' ? [handle?.id] : method.good;
  const call = (options: object) => method.call(...([...args, { ...method.options, ...options }] as never[]));
  return { call, rules: method.rules ?? {}, made: handle ?? goal ?? login ?? mcpLogin, handle, goal };
}

/** Waits for what a call gives, and reads it to its end, or one event of what has none. */
async function used(value: unknown, endless: boolean): Promise<unknown> {
  const made = await value;
  if (made instanceof ReadableStream) {
    for await (const _ of made);
    return undefined;
  }
  if (typeof made !== 'object' || made === null || !(Symbol.asyncIterator in made)) return made;
  const stream = made as AsyncGenerator<unknown, unknown, void>;
  if (endless) {
    await stream.next();
    await stream.return(undefined);
    return undefined;
  }
  for (let next = await stream.next(); !next.done; next = await stream.next());
  return undefined;
}

const endless = ['Codex.notifications', 'Codex.events', 'Mcp.events'];

async function round(name: string, row: Row, outcome: Outcome, at: World, lasting: AbortController): Promise<void> {
  const { engine } = at;
  const { call, rules, made, handle, goal } = await operationOf(name, row, at);
  const controller = outcome === 'aborted' ? new AbortController() : lasting;
  const options = {
    ...('signal' in rules && { signal: controller.signal }),
    ...(outcome === 'timed out' && { timeoutMs: 1000 }),
  };
  engine.mode =
    outcome === 'done'
      ? row.prepare
        ? 'leaves turns open'
        : 'answers'
      : outcome === 'failed'
        ? 'refuses'
        : 'is silent';
  const using = used(call(options), endless.includes(name)).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (row.told) await turns();
  else if (engine.mode === 'is silent' && !row.rejects) await engine.silence();
  if (outcome === 'done') row.told?.(at, made);
  else if (outcome === 'aborted') controller.abort(new Error('enough'));
  else if (outcome === 'timed out') await vi.advanceTimersByTimeAsync(2000);
  else if (outcome === 'engine dead') engine.die();
  if (outcome === 'aborted' || outcome === 'timed out') {
    await turns();
    engine.catchUp();
  }
  const ended = await using;
  const where = `${name}, ${outcome}: ${'error' in ended ? String(ended.error) : 'no error'}`;
  if (outcome === 'done' && !row.rejects) expect('value' in ended, where).toBe(true);
  else expect('error' in ended, where).toBe(!row.ends?.includes(outcome));
  if (outcome === 'aborted') expect(ended, where).toMatchObject({ error: { name: 'AbortError' } });
  if (outcome === 'timed out') expect(ended, where).toMatchObject({ error: { kind: 'timeout' } });
  // What the engine had not answered, it answers now; what is open, ends.
  engine.catchUp();
  await turns();
  engine.completeGoal('th');
  engine.completeTurn('th');
  const value = 'value' in ended ? ended.value : undefined;
  if (typeof value === 'object' && value !== null && 'release' in value) await (value.release as () => Promise<void>)();
  for (const one of [handle, goal, value])
    if (typeof one === 'object' && one !== null && 'run' in one && 'steer' in one)
      await (one as NonNullable<typeof handle>).run().catch(() => {});
  if (outcome === 'engine dead') await at.codex.close();
  expect(
    getEventListeners(controller.signal, 'abort').length,
    `${name}, ${outcome}: listeners on the caller's signal`,
  ).toBe(0);
}

const cases = Object.entries(rows).flatMap(([name, row]) =>
  outcomes.filter((outcome) => row.not?.[outcome] === undefined).map((outcome) => [name, outcome, row] as const),
);

test.each(cases)('%s, %s: many rounds leave everything as it was', async (name, outcome, row) => {
  const lasting = new AbortController();
  let at = await world(home);
  const listeners = () => process.eventNames().reduce((sum, event) => sum + process.listenerCount(event), 0);
  const before = { timers: vi.getTimerCount(), inUse: inUse.size, listeners: listeners() };
  for (let count = 0; count < rounds; count += 1) {
    const roots = outcome === 'engine dead' ? [await sessionOf(at.codex).ready()] : [];
    await round(name, row, outcome, at, lasting);
    if (outcome !== 'engine dead') continue;
    if (count === 0 || count === rounds - 1)
      expect(notOver(heldBy([...roots, sessionOf(at.codex)])), `${count}`).toEqual({});
    at = await world(home);
  }
  expect(notOver(heldBy([sessionOf(at.codex)]))).toEqual({});
  await at.codex.close();
  expect({ timers: vi.getTimerCount(), inUse: inUse.size, listeners: listeners() }).toEqual(before);
});

test('what is remembered stays within its bounds, however long a client lives', async () => {
  const { engine, codex } = await world(home);
  for (let count = 0; count < 1100; count += 1) {
    const thread = await codex.threadResume(`thread ${count}`);
    engine.mode = count % 2 === 0 ? 'answers' : 'leaves turns open';
    // Of every other turn, nobody reads anything, and the engine never tells its end.
    const turn = await thread.turn('hi');
    if (count % 2 === 0) await turn.run();
    else await turn.stream().return();
    const usage = { totalTokens: 1, inputTokens: 1, outputTokens: 0 };
    const told = { threadId: `thread ${count}`, turnId: `of others ${count}` };
    engine.notify('thread/tokenUsage/updated', { ...told, tokenUsage: { total: usage, last: usage } });
    engine.notify('account/login/completed', { loginId: `login ${count}`, success: true });
  }
  const held = heldBy([sessionOf(codex)]);
  for (const [name, { most }] of Object.entries(remembered))
    if ((held[name] ?? 0) > most) expect.unreachable(`${name} has ${held[name]}, more than ${most}`);
  // Those that are small enough are full.
  const full = Object.entries(remembered).filter(([name, { most }]) => held[name] === most);
  expect(full.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'TurnStops.#turns',
      'TurnRouter.#foreign',
      'TurnUsageMeter.#threads',
      'LoginCompletions.#completions',
    ]),
  );
  await codex.close();
});
