import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { Codex } from '../index.ts';
import { startTurn, until } from '../test-fixtures/connected-client.ts';
import { MemoryEngine } from '../test-fixtures/memory-engine.ts';

/** The iterators of arrays, maps and sets, and the methods of arrays that walk them. */
const iterators = [[], new Map(), new Set()].map(
  (one) => Object.getPrototypeOf(one[Symbol.iterator]()) as { next: () => unknown },
);
const walks = ['filter', 'find', 'findLast', 'forEach', 'indexOf', 'map', 'some', 'slice', 'splice'] as const;

/** Counts each step that a loop over a collection takes while `work` runs. */
async function steps(work: () => unknown): Promise<number> {
  let count = 0;
  const undo: (() => void)[] = [];
  const replace = (target: object, key: string, make: (original: (...args: unknown[]) => unknown) => unknown) => {
    const original = Reflect.get(target, key) as (...args: unknown[]) => unknown;
    Reflect.set(target, key, make(original));
    undo.push(() => Reflect.set(target, key, original));
  };
  for (const iterator of iterators)
    replace(iterator, 'next', (original) => {
      return function counted(this: unknown) {
        count += 1;
        return original.call(this);
      };
    });
  for (const name of walks)
    replace(Array.prototype, name, (original) => {
      return function counted(this: unknown[], ...args: unknown[]) {
        count += this.length;
        return original.apply(this, args);
      };
    });
  for (const type of [Map, Set])
    replace(type.prototype, 'forEach', (original) => {
      return function counted(this: Map<unknown, unknown>, ...args: unknown[]) {
        count += this.size;
        return original.apply(this, args);
      };
    });
  try {
    await work();
  } finally {
    for (const back of undo) back();
  }
  return count;
}

const asked = { method: 'item/commandExecution/requestApproval', params: { threadId: 'th', turnId: 't' } };
const delta = { method: 'item/agentMessage/delta', params: { threadId: 'th', turnId: 't', itemId: 'i', delta: 'x' } };

/** A client with as many other threads, turns, readers, requests and logins as given, and one thread whose turn runs. */
async function crowd(others: number) {
  const engine = new MemoryEngine();
  const codex = new Codex({ ...engine.config, onServerRequest: () => ({ decision: 'decline' }) });
  const connecting = codex.connect();
  await until(() => engine.peers.length > 0);
  await engine.greet();
  await connecting;
  const waiting: Promise<unknown>[] = [];
  for (let at = 0; at < others; at += 1) {
    const [thread] = await Promise.all([codex.threadResume(`th${at}`), engine.answer({ thread: { id: `th${at}` } })]);
    const starting = thread.turn('hi');
    await engine.answer({ turn: { id: `t${at}` } });
    const turn = await starting;
    waiting.push(
      turn.stream().next(),
      turn.states().next(),
      turn.result(),
      codex.events({ threadId: `th${at}` }).next(),
    );
    waiting.push(codex.waitForLoginCompleted(`l${at}`), thread.turn('pending'));
    await engine.next();
    // A turn of somebody else, and a request that nobody has answered yet.
    engine.notify('turn/started', { threadId: `f${at}`, turn: { id: `f${at}`, items: [], status: 'inProgress' } });
  }
  for (const one of waiting) one.catch(() => {});
  const [thread] = await Promise.all([codex.threadResume('th'), engine.answer({ thread: { id: 'th' } })]);
  const { handle } = await startTurn(engine, thread);
  return { engine, codex, thread, handle };
}

type Crowd = Awaited<ReturnType<typeof crowd>>;
const drained = () => new Promise((resolve) => setImmediate(resolve));

const paths: Record<string, (crowd: Crowd) => unknown> = {
  'an event that waits is read': async ({ engine, handle }) => {
    engine.send(delta);
    await handle.stream().next();
  },
  'an event is delivered to a reader that waits': async ({ engine, handle }) => {
    const next = handle.stream().next();
    engine.send(delta);
    await next;
  },
  'a turn starts, runs and ends': async ({ engine, codex }) => {
    const [thread] = await Promise.all([codex.threadResume('new'), engine.answer({ thread: { id: 'new' } })]);
    const running = thread.run('hi');
    await engine.answer({ turn: { id: 'u' } });
    engine.notify('turn/completed', { threadId: 'new', turn: { id: 'u', items: [], status: 'completed' } });
    await running;
  },
  'the text of a turn is read': async ({ engine, codex }) => {
    const [thread] = await Promise.all([codex.threadResume('new'), engine.answer({ thread: { id: 'new' } })]);
    const id = randomUUID();
    const texts = thread.streamText('hi');
    const first = texts.next();
    await engine.answer({ turn: { id } });
    engine.notify('item/agentMessage/delta', { ...delta.params, threadId: 'new', turnId: id });
    await first;
    const last = texts.next();
    engine.notify('turn/completed', { threadId: 'new', turn: { id, items: [], status: 'completed' } });
    await last;
  },
  'a turn is stopped by its signal': async ({ engine, codex }) => {
    const [thread] = await Promise.all([codex.threadResume('new'), engine.answer({ thread: { id: 'new' } })]);
    const id = randomUUID();
    const controller = new AbortController();
    const starting = thread.turn('hi', { signal: controller.signal });
    await engine.answer({ turn: { id } });
    const turn = await starting;
    engine.notify('turn/started', { threadId: 'new', turn: { id, items: [], status: 'inProgress' } });
    controller.abort();
    await engine.answer({});
    engine.notify('turn/completed', { threadId: 'new', turn: { id, items: [], status: 'interrupted' } });
    await turn.result();
  },
  'a request of the engine is answered': async ({ engine }) => {
    engine.send({ id: 1, ...asked });
    await drained();
    await engine.next();
    engine.notify('serverRequest/resolved', { threadId: 'th', requestId: 1 });
  },
  'a handle is attached and given up': async ({ thread }) => {
    await (await thread.attach('t')).stream().return();
  },
  'a reader of all events comes and goes': async ({ engine, codex }) => {
    const events = codex.events();
    engine.send(delta);
    await events.next();
    await events.return();
  },
  'a login ends': ({ engine }) => {
    engine.notify('account/login/completed', { loginId: 'nobody', success: true });
  },
  'a call is made': async ({ engine, codex }) => {
    const call = codex.models();
    await engine.answer({ data: [] });
    await call;
  },
};

test.each(Object.entries(paths))('%s in as many steps whatever else goes on', async (_, path) => {
  const counts = [];
  for (const others of [3, 300]) {
    const one = await crowd(others);
    // Once before, so that what is made at the first time is there.
    await path(one);
    await drained();
    // The test runner may loop over something of its own meanwhile, which only adds: the least is what the path takes.
    const measured = [];
    for (let round = 0; round < 3; round += 1) {
      measured.push(await steps(() => path(one)));
      await drained();
    }
    counts.push(Math.min(...measured));
    await one.codex.close();
  }
  expect(counts[1]).toBe(counts[0]);
});
