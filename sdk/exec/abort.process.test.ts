import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AbortError } from '../errors/codex-error.ts';
import { Codex } from './codex.ts';
import {
  type Action,
  childEngine,
  completed,
  isAlive,
  message,
  ownTemporaryFolder,
  running,
  started,
} from './test-fixtures/child-engine.ts';

const folder = ownTemporaryFolder();

const threadOf = (...actions: Action[]) => new Codex(childEngine(actions)).startThread();

test('a signal that has fired before: nothing starts (291)', async () => {
  const signal = AbortSignal.abort('too late');
  const thread = new Codex({ codexPathOverride: '/nope/codex' }).startThread();
  const error = await thread.run('hi', { signal, outputSchema: {} }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AbortError);
  expect(error).toMatchObject({
    name: 'AbortError',
    message: 'The operation was aborted',
    code: 'ABORT_ERR',
    cause: 'too late',
  });
  const { events } = await thread.runStreamed('hi', { signal });
  await expect(events.next()).rejects.toThrow(AbortError);
  expect(thread.id).toBeNull();
});

test('an abort ends a run that waits, its engine and its files (288, 292)', async () => {
  const controller = new AbortController();
  const { events, report } = await running(threadOf({ report: true }, { hang: true }), { signal: controller.signal });
  expect(existsSync(report.schema?.path ?? '')).toBe(true);
  const next = events.next();
  controller.abort();
  await expect(next).rejects.toThrow(AbortError);
  expect(isAlive(report.pid)).toBe(false);
  expect(folder.names()).toEqual([]);
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

test('an abort between events: none of those that wait are shown, and the id stays (293)', async () => {
  const controller = new AbortController();
  // At once, so that they wait here, not in the pipe.
  const event = { type: 'item.updated', item: { id: 'i', type: 'reasoning', text: 't' } };
  const thread = threadOf(started, { raw: `${JSON.stringify(event)}\n`, times: 50 }, { hang: true });
  const { events } = await thread.runStreamed('hi', { signal: controller.signal });
  for (let count = 0; count < 5; count += 1) await events.next();
  controller.abort(new Error('enough'));
  await expect(events.next()).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
  expect(thread.id).toBe('thread-1');
});

test('a signal that never fires changes nothing, and is let go of (295)', async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const counted = new Proxy(signal, {
    get(target, key) {
      if (key === 'addEventListener') listeners += 1;
      if (key === 'removeEventListener') listeners -= 1;
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  expect((await threadOf(message('ok'), completed).run('hi', { signal: counted })).finalResponse).toBe('ok');
  expect(listeners).toBe(0);
});

test('a reader who leaves ends the engine and its files (283)', async () => {
  const { events, report } = await running(threadOf({ report: true }, { hang: true }));
  await events.return(undefined);
  expect(isAlive(report.pid)).toBe(false);
  expect(folder.names()).toEqual([]);
});

test.each([
  ['', 0],
  [', which takes it a while on a busy machine', 1500],
])('the engine is asked first, so that it can end what it has started%s', async (_, worksMs) => {
  const asked = join(folder.path, 'asked');
  const { events } = await running(threadOf({ onSigint: asked, worksMs }, { report: true }, { hang: true }));
  await events.return(undefined);
  // Windows knows no such question.
  expect(existsSync(asked)).toBe(process.platform !== 'win32');
  await rm(asked, { force: true });
});

test('an engine that will not end is killed', async () => {
  const { events, report } = await running(threadOf({ ignoreSignals: true }, { report: true }, { hang: true }));
  await events.return(undefined);
  expect(isAlive(report.pid)).toBe(false);
});

test('an engine with much left to say is let say it, to nobody', async () => {
  const said = join(folder.path, 'said');
  const rest: Action = { raw: 'x'.repeat(1000), times: 5000 };
  const { events } = await running(threadOf({ ignoreSignals: true }, { report: true }, rest, { mark: said }));
  await events.return(undefined);
  // There, the first signal kills.
  expect(existsSync(said)).toBe(process.platform !== 'win32');
  await rm(said, { force: true });
});

test('an engine that never reads a prompt larger than a pipe is ended by an abort, and nothing waits for its stdin', async () => {
  const controller = new AbortController();
  const thread = threadOf(started, { hang: true });
  const { events } = await thread.runStreamed('x'.repeat(5_000_000), { signal: controller.signal });
  await events.next();
  controller.abort('enough');
  await expect(events.next()).rejects.toMatchObject({ name: 'AbortError', cause: 'enough' });
});
