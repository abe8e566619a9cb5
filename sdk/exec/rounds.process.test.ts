import { getEventListeners } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { Codex } from './codex.ts';
import type { TurnOptions } from './options.ts';
import {
  type Action,
  childEngine,
  completed,
  message,
  ownTemporaryFolder,
  rejection,
  started,
} from './test-fixtures/child-engine.ts';
import type { Thread } from './thread.ts';

/** Two would show what each leaves. More in the weekly job, as in `testing/held/every-operation.test.ts`. */
const rounds = Math.min(200, Number(process.env.TWINPROOF_ROUNDS ?? 2));
const folder = ownTemporaryFolder();

const outputSchema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] };

/** Whatever a thread can be asked to do. */
const operations: Readonly<Record<string, (thread: Thread, options: TurnOptions) => Promise<unknown>>> = {
  run: (thread, options) => thread.run('hi', options),
  'run with a schema': (thread, options) => thread.run('hi', { ...options, outputSchema }),
  'a stream read to its end': async (thread, options) => {
    for await (const _ of (await thread.runStreamed('hi', { ...options, outputSchema })).events);
  },
  'a stream left after its first event': async (thread, options) => {
    for await (const _ of (await thread.runStreamed('hi', { ...options, outputSchema })).events) return;
  },
  'a typed stream and its result': async (thread, options) => {
    const { events, result } = await thread.runStreamed('hi', { ...options, output: outputSchema });
    // Both tell of a failure.
    const [read] = await Promise.allSettled([events.next(), result()]);
    await events.return(undefined);
    if (read.status === 'rejected') throw read.reason;
  },
};

const answer = message('{"a":1}');
const outcomes: Readonly<Record<string, readonly Action[]>> = {
  done: [started, answer, completed],
  'a failed turn': [started, { say: { type: 'turn.failed', error: { message: 'no luck' } } }],
  'another exit code': [started, { stderr: 'broken\n' }, { exit: 3 }],
  'not JSON': [started, { say: '{' }],
  'killed engine': [started, { kill: 'SIGKILL' }],
  aborted: [started, { hang: true }],
  'no engine': [],
};

/** What keeps a process alive or hears of it. */
function resources(signal: AbortSignal) {
  const alive = process.getActiveResourcesInfo();
  const count = (name: string) => alive.filter((one) => one === name).length;
  return {
    ...{ processes: count('ProcessWrap'), pipes: count('PipeWrap'), sockets: count('TCPSocketWrap') },
    listeners: process.eventNames().reduce((sum, event) => sum + process.listenerCount(event), 0),
    ofSignal: getEventListeners(signal, 'abort').length,
    files: folder.names(),
  };
}

async function round(operation: string, outcome: string, lasting: AbortController): Promise<void> {
  const controller = outcome === 'aborted' ? new AbortController() : lasting;
  const missing = outcome === 'no engine' && { codexPathOverride: '/nope/codex' };
  const thread = new Codex({ ...childEngine(outcomes[outcome] ?? []), ...missing }).startThread();
  const ended = rejection(operations[operation]?.(thread, { signal: controller.signal }) ?? Promise.reject());
  if (outcome === 'aborted') {
    while (thread.id === null) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('enough'));
  }
  const error = await ended;
  if (outcome === 'done') expect(error).toBeUndefined();
  if (outcome === 'no engine') expect(error).toMatchObject({ name: 'LaunchError' });
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
}

const leaves = 'a stream left after its first event';
const cases = Object.keys(operations).flatMap((operation) =>
  Object.keys(outcomes)
    // It ends before the engine does, in whatever way that would have ended.
    .filter((outcome) => operation !== leaves || outcome === 'done')
    .map((outcome) => [operation, outcome] as const),
);

test.each(cases)(
  '%s, %s: many rounds leave everything as it was',
  { timeout: 20_000 + rounds * 1000 },
  async (operation, outcome) => {
    const lasting = new AbortController();
    const before = resources(lasting.signal);
    for (let count = 0; count < rounds; count += 1) await round(operation, outcome, lasting);
    // Node closes the handles of a process that has ended in its next turns.
    for (let turn = 0; turn < 50 && !isDeepStrictEqual(resources(lasting.signal), before); turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect(resources(lasting.signal)).toEqual(before);
  },
);
