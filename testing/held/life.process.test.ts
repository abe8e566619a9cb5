import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sessionOf } from '../../sdk/client/engine-client.ts';
import { type Made, methods } from '../../sdk/test-fixtures/every-method.ts';
import { gc } from '../../sdk/test-fixtures/gc.ts';
import { heldBy } from './held.ts';
import { notOver } from './remembered.ts';
import type { Autopilot } from './test-fixtures/autopilot.ts';
import { type World, world } from './test-fixtures/world.ts';

const home = mkdtempSync(join(tmpdir(), 'life-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Lets the collector and its finalizers work, until the condition holds or nothing more can come of it. */
async function collected(condition: () => boolean, most = 30): Promise<boolean> {
  for (let round = 0; round < most; round += 1) {
    if (condition()) return true;
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
  return condition();
}

/** A connected client whose turns stay open. */
async function openWorld(): Promise<World> {
  const made = await world(home);
  made.engine.mode = 'leaves turns open';
  return made;
}

interface Kind {
  /** Makes one; nothing else of the world is held afterwards. */
  make(world: World): unknown;
  /** Whether holding it keeps the client, and so its engine. */
  keeps: boolean;
  /** Whether holding it keeps the connection's tables once the client is closed, and why. */
  afterClose?: string;
}

const turnOf = ({ thread }: World) => thread.turn('hi');
const goalOf = ({ thread }: World) => thread.startGoal('win');
const begun = async <T extends AsyncGenerator<unknown>>(stream: T): Promise<T> => {
  await stream.next();
  return stream;
};
const asks = 'it asks its own connection, of which it says that it is gone';
const removes = 'its release() removes it';
const reads = 'what has come can still be read';

/** Everything that a program may hold of a client. */
const kinds: Readonly<Record<string, Kind>> = {
  Codex: { make: ({ codex }) => codex, keeps: true },
  Thread: { make: ({ thread }) => thread, keeps: true },
  Files: { make: ({ codex }) => codex.files, keeps: true },
  Mcp: { make: ({ codex }) => codex.mcp, keeps: true },
  rpc: { make: ({ codex }) => codex.rpc, keeps: true },
  TurnHandle: { make: turnOf, keeps: true, afterClose: asks },
  GoalHandle: { make: goalOf, keeps: true, afterClose: asks },
  LoginHandle: { make: ({ codex }) => codex.loginChatgptDeviceCode(), keeps: true, afterClose: asks },
  McpLoginHandle: { make: ({ codex }) => codex.mcp.login('docs'), keeps: true, afterClose: reads },
  'a turn of others': {
    make: async (at) => at.thread.attach((await turnOf(at)).id),
    keeps: true,
    afterClose: asks,
  },
  'a staged file': { make: ({ codex }) => codex.files.stage(new Uint8Array(3)), keeps: false, afterClose: removes },
  'a result': {
    make: async (at) => {
      const turn = await turnOf(at);
      at.engine.completeTurn('th');
      return await turn.run();
    },
    keeps: false,
  },
  'what the engine says of itself': { make: ({ codex }) => codex.metadata, keeps: false },
  'a call that waits': {
    make: ({ engine, codex }) => {
      engine.mode = 'is silent';
      const call = codex.models();
      call.catch(() => {});
      return { call };
    },
    keeps: true,
  },
  'a stream that has been read to its end': {
    make: async (at) => {
      const stream = (await turnOf(at)).stream();
      at.engine.completeTurn('th');
      for await (const _ of stream);
      return stream;
    },
    keeps: false,
    afterClose: reads,
  },
  'a stream that was left, of a turn whose result is still gathered': {
    make: async (at) => {
      const stream = (await turnOf(at)).stream();
      await stream.next();
      await stream.return();
      return stream;
    },
    keeps: true,
    afterClose: reads,
  },
  'Codex.notifications': { make: ({ codex }) => codex.notifications(), keeps: true },
  'Codex.events': { make: ({ codex }) => codex.events(), keeps: true, afterClose: reads },
  'Codex.events, begun': {
    make: async ({ engine, codex }) => {
      const events = codex.events();
      engine.notify('configWarning', { summary: 'w' });
      return await begun(events);
    },
    keeps: true,
    afterClose: reads,
  },
  'Codex.threads': { make: ({ codex }) => begun(codex.threads()), keeps: true },
  'Codex.loadedThreads': { make: ({ codex }) => begun(codex.loadedThreads()), keeps: true },
  'Codex.attachmentOwners': {
    make: ({ codex }) => begun(codex.attachmentOwners({ attachmentType: 'a', identityKey: 'k' })),
    keeps: true,
  },
  'Mcp.status': { make: ({ codex }) => begun(codex.mcp.status()), keeps: true },
  'Mcp.events': { make: ({ codex }) => codex.mcp.events(), keeps: true, afterClose: reads },
  'Thread.turns': { make: ({ thread }) => begun(thread.turns()), keeps: true },
  'Thread.items': { make: ({ thread }) => begun(thread.items()), keeps: true },
  'Thread.attachments': { make: ({ thread }) => begun(thread.attachments()), keeps: true },
  'Thread.streamText': { make: ({ thread }) => thread.streamText('hi'), keeps: true },
  'TurnHandle.stream': { make: async (at) => (await turnOf(at)).stream(), keeps: true, afterClose: reads },
  'TurnHandle.stream, begun': {
    make: async (at) => begun((await turnOf(at)).stream()),
    keeps: true,
    afterClose: reads,
  },
  'TurnHandle.text': { make: async (at) => (await turnOf(at)).text(), keeps: true, afterClose: reads },
  'TurnHandle.items': { make: async (at) => (await turnOf(at)).items(), keeps: true, afterClose: reads },
  'TurnHandle.states': { make: async (at) => (await turnOf(at)).states(), keeps: true, afterClose: reads },
  'TurnHandle.toReadableStream': {
    make: async (at) => (await turnOf(at)).toReadableStream(),
    keeps: true,
    afterClose: reads,
  },
  'GoalHandle.stream': { make: async (at) => (await goalOf(at)).stream(), keeps: true, afterClose: asks },
  'GoalHandle.text': { make: async (at) => (await goalOf(at)).text(), keeps: true, afterClose: asks },
  'GoalHandle.items': { make: async (at) => (await goalOf(at)).items(), keeps: true, afterClose: asks },
  'GoalHandle.toReadableStream': {
    make: async (at) => (await goalOf(at)).toReadableStream(),
    keeps: true,
    afterClose: asks,
  },
};

test('the table has every class that a program holds, and every stream', async () => {
  const at = await openWorld();
  const [handle, goal] = [await turnOf(at), await at.codex.threadResume('other').then((other) => other.startGoal('w'))];
  const login = await at.codex.loginChatgptDeviceCode();
  const mcpLogin = await at.codex.mcp.login('docs');
  const table = methods({ ...at, handle, goal, login, mcpLogin } as unknown as Made);
  const known = Object.keys(kinds);
  for (const [name, { call, good, options }] of Object.entries(table)) {
    const [owner = ''] = name.split('.');
    expect(known).toContain(owner);
    const value: unknown = call(...([...good, options ?? {}] as never[]));
    if (value instanceof Promise) value.catch(() => {});
    const streams = value instanceof ReadableStream || (typeof value === 'object' && value !== null && 'next' in value);
    if (streams) expect(known).toContain(name);
  }
  await at.codex.close();
});

/** What is held, in a place that can be emptied. */
interface Holder {
  made?: unknown;
}

/** Makes one and drops everything else. */
async function alone(kind: Kind, holder: Holder): Promise<Autopilot> {
  const at = await openWorld();
  holder.made = await kind.make(at);
  return at.engine;
}

test.each(Object.entries(kinds))('%s alone: the engine lives or ends with it', async (_, kind) => {
  const holder: Holder = {};
  const engine = await alone(kind, holder);
  if (kind.keeps) {
    await collected(() => engine.isClosed, 6);
    expect(engine.isClosed, 'while it is held').toBe(false);
    // A call that waits is not dropped by whoever does not wait for it.
    engine.catchUp();
    delete holder.made;
  }
  expect(await collected(() => engine.isClosed), 'once nothing is held').toBe(true);
});

/** Makes one of a client that stays, and drops it. */
async function dropped(kind: Kind, at: World): Promise<WeakRef<object>> {
  return new WeakRef((await kind.make(at)) as object);
}

const droppable = Object.entries(kinds).filter(([name]) => !['Codex', 'rpc', 'Mcp', 'Files'].includes(name));

test.each(droppable)('%s dropped: its client keeps nothing of it', async (name, kind) => {
  const at = await openWorld();
  const session = await sessionOf(at.codex).ready();
  if (name === 'Thread' || name === 'what the engine says of itself') return void (await at.codex.close());
  const made = await dropped(kind, at);
  at.engine.catchUp();
  expect(await collected(() => made.deref() === undefined), 'collected').toBe(true);
  // Nobody reads what comes now.
  at.engine.tell('th');
  await collected(() => session.turns.retained.events === 0);
  expect(session.turns.retained.events, 'events').toBe(0);
  at.engine.completeGoal('th');
  at.engine.completeTurn('th');
  await collected(() => Object.keys(notOver(heldBy([sessionOf(at.codex)]))).length === 0);
  expect(notOver(heldBy([sessionOf(at.codex)]))).toEqual({});
  await at.codex.close();
});

/** Makes one, closes its client and drops that. */
async function closed(kind: Kind, holder: Holder): Promise<WeakRef<object>> {
  const at = await openWorld();
  holder.made = await kind.make(at);
  const session = await sessionOf(at.codex).ready();
  await at.codex.close();
  return new WeakRef(session);
}

test.each(Object.entries(kinds))('%s of a closed client: the connection and its tables go', async (_, kind) => {
  const holder: Holder = {};
  const session = await closed(kind, holder);
  if (kind.afterClose === undefined) {
    expect(await collected(() => session.deref() === undefined), 'while it is held').toBe(true);
    expect(holder.made).toBeDefined();
  } else delete holder.made;
  expect(await collected(() => session.deref() === undefined), 'once nothing is held').toBe(true);
});
