import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import type { startLoopbackServer } from '../../sdk/host/loopback-server.ts';
import { scriptedModel } from '../model/scripted-model.ts';
import { fakeEngine } from '../play/fake-engine.ts';
import { replay } from '../play/replay.ts';
import { record } from '../record/record.ts';

/** Fails at the nth step of this machine's that an opener takes: a folder, a file, a port. */
const machine = vi.hoisted(() => ({ taken: 0, failAt: 0, step: () => {} }));
machine.step = () => {
  machine.taken += 1;
  if (machine.taken === machine.failAt) throw new Error(`step ${machine.taken}: no space left on the device`);
};
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const failing =
    (work: (...args: never[]) => Promise<unknown>) =>
    async (...args: never[]) => {
      machine.step();
      return work(...args);
    };
  const { mkdtemp, mkdir, realpath, writeFile, chmod, rm } = real;
  const wrapped = Object.entries({ mkdtemp, mkdir, realpath, writeFile, chmod, rm }).map(([name, work]) => [
    name,
    failing(work as never),
  ]);
  return { ...real, ...Object.fromEntries(wrapped) };
});
vi.mock('../../sdk/host/loopback-server.ts', async (original) => {
  const real = await original<typeof import('../../sdk/host/loopback-server.ts')>();
  return {
    ...real,
    startLoopbackServer: async (...args: Parameters<typeof startLoopbackServer>) => {
      machine.step();
      return real.startLoopbackServer(...args);
    },
  };
});

const temp = mkdtempSync(join(tmpdir(), 'nothing-left-'));
vi.stubEnv('TMPDIR', temp);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(temp, { recursive: true });
});

/** What a program would keep: folders, servers, listeners of the process. */
const held = async () => {
  // A server's handle goes at the end of a turn of the event loop, behind its immediates.
  await setImmediate();
  await setImmediate();
  return {
    folders: readdirSync(temp),
    servers: process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length,
    listeners: ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name)),
  };
};
beforeEach(() => {
  machine.taken = 0;
  machine.failAt = 0;
});

const recording = new URL('../../examples/with-vitest/recordings/rain.jsonl', import.meta.url).pathname;
const openers: readonly (readonly [name: string, steps: number, open: () => Promise<{ close(): Promise<void> }>])[] = [
  ['fakeEngine', 9, () => fakeEngine([{ auto: ['thread/start'] }])],
  ['replay', 8, () => replay(recording)],
  ['record', 8, () => record({ file: join(temp, 'x.jsonl'), codexBin: process.execPath })],
  ['scriptedModel', 10, () => scriptedModel([], { workspace: { 'a/b.md': 'text' }, codexBin: process.execPath })],
];

test.each(openers)('%s leaves nothing at whichever of its %i steps it fails', async (_name, steps, open) => {
  const before = await held();
  for (let failAt = 1; failAt <= steps; failAt += 1) {
    Object.assign(machine, { taken: 0, failAt });
    await expect(open(), `step ${failAt}`).rejects.toThrow(`step ${failAt}`);
    expect(await held()).toEqual(before);
  }
  Object.assign(machine, { taken: 0, failAt: 0 });
  const opened = await open();
  // The list is whole: it takes no step that was not tried.
  expect(machine.taken).toBe(steps);
  await opened.close();
  expect(await held()).toEqual(before);
});

test.each(openers)('%s releases the rest when one release fails, and says which did', async (_name, steps, open) => {
  const before = await held();
  const opened = await open();
  expect(machine.taken).toBe(steps);
  machine.failAt = steps + 1;
  await expect(opened.close()).rejects.toThrow('no space left');
  expect({ ...(await held()), folders: [], listeners: [] }).toEqual({ ...before, folders: [], listeners: [] });
  for (const folder of readdirSync(temp)) rmSync(join(temp, folder), { recursive: true });
});

test.each([
  ['a workspace file that leads out', () => scriptedModel([], { workspace: { '../x': '' } })],
  ['a configuration that would reach out', () => scriptedModel([], { config: 'analytics.enabled = true' })],
  ['a script with a mistake', () => fakeEngine([{ nothing: 1 } as never])],
  ['a recording that is not there', () => replay(join(temp, 'none.jsonl'))],
  ['an engine that is not there', () => record({ file: join(temp, 'x.jsonl'), codexBin: join(temp, 'none') })],
])('%s is refused and leaves nothing', async (_name, open) => {
  const before = await held();
  await expect(open()).rejects.toThrow();
  expect(await held()).toEqual(before);
});
