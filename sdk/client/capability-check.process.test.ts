import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { Codex } from './codex.ts';
import type { CodexConfig } from './config.ts';
import { ExternalMessage } from './inputs.ts';

const cwd = fileURLToPath(new URL('../test-fixtures/checkout', import.meta.url));
const all = {
  TurnStartParams: ['toolOutput', 'turnTrigger', 'serviceTierForTurn'],
  ThreadResumeParams: ['excludeTurns'],
  ThreadForkParams: ['excludeTurns'],
};
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A client of an engine without a version. `node` finds the program `app-server` in its folder, so this needs no script that the system can start. */
async function client(probe: object, config: CodexConfig = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'capability-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const log = join(folder, 'log');
  await writeFile(log, '');
  const env = { PROBE_LOG: log, PROBE: JSON.stringify(probe) };
  const codex = new Codex({ codexBin: process.execPath, cwd, env, ...config });
  ends.push(() => codex.close());
  const probes = async () => (await readFile(log, 'utf8')).split('\n').slice(0, -1);
  return { codex, probes };
}

test('the schema of an unversioned engine is asked for once, for all three methods', async () => {
  const { codex, probes } = await client({ fields: all });
  const thread = await codex.threadStart();
  expect(await probes()).toEqual([]);
  await thread.turn(new ExternalMessage('tool', 'x'), { source: 's', turnServiceTier: 'fast' });
  await codex.threadResume('th', { includeTurns: true });
  await codex.threadFork('th', { includeTurns: false });
  expect(await probes()).toEqual([JSON.stringify(['generate-json-schema', '--experimental', '--out'])]);
});

test('a field that the schema lacks is refused and not sent; what is missing is named in order', async () => {
  const { codex } = await client({ fields: { ...all, TurnStartParams: ['turnTrigger'] } });
  const thread = await codex.threadStart();
  const turn = thread.turn(new ExternalMessage('tool', 'x'), { source: 's', turnServiceTier: 'fast' });
  await expect(turn).rejects.toThrow(
    'turn/start with toolOutput, turnTrigger, serviceTierForTurn: The checkout does not support serviceTierForTurn, toolOutput. ' +
      'Configure CodexConfig.codexBin with a supported CLI.',
  );
  await thread.turn('x', { source: 's' });
});

test.each([
  ['an exit code', { fields: all, exit: 3 }, 'exit code 3'],
  ['a missing file', { fields: { TurnStartParams: [] } }, 'ENOENT'],
  ['text that is no JSON', { fields: all, text: '{' }, 'JSON'],
  ['a schema that is no object', { fields: all, text: '[]' }, 'the schema of TurnStartParams has no properties'],
])('a failed probe (%s) refuses the option and is not remembered', async (_, probe, reason) => {
  const { codex, probes } = await client(probe);
  for (const wanted of [1, 2]) {
    const fork = codex.threadFork('th', { includeTurns: false });
    await expect(fork).rejects.toMatchObject({
      message: expect.stringContaining("excludeTurns: Could not inspect the unversioned CLI's experimental schema."),
      cause: { message: expect.stringContaining(reason) },
    });
    expect(await probes()).toHaveLength(wanted);
  }
});

test('an abort or a close during the probe frees the caller, and nothing is sent', async () => {
  const { codex, probes } = await client({ fields: all, hang: true });
  const thread = await codex.threadStart();
  const controller = new AbortController();
  const aborted = thread.turn('x', { source: 's', signal: controller.signal });
  while ((await probes()).length === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  // The probe goes on, and nobody waits for it: the thread is free.
  expect((await thread.turn('x')).id).toBe('t');
  const closed = thread.turn('x', { source: 's' });
  await Promise.all([expect(closed).rejects.toThrow('Could not inspect'), codex.close()]);
});

test('an engine with a launch command of its own cannot be asked', async () => {
  const { codex } = await client({}, { launchArgsOverride: [process.execPath, join(cwd, 'app-server.js')] });
  await expect(codex.threadFork('th', { includeTurns: true })).rejects.toThrow(
    'thread/fork with excludeTurns: Cannot verify an unversioned CLI with a custom launch command. Configure',
  );
  await expect(codex.supports('thread/list')).rejects.toThrow('could not ask the engine whether it knows thread/list');
  expect((await codex.threadResume('th')).id).toBe('th');
});

test('supports: methods and fields, as the engine says them', async () => {
  const { codex, probes } = await client({ fields: all });
  const asked = ['thread/list', 'ThreadForkParams.excludeTurns', 'thread/nothing', 'ThreadForkParams.nothing'];
  expect(await Promise.all(asked.map((name) => codex.supports(name)))).toEqual([true, true, false, false]);
  expect(await probes()).toHaveLength(1);
});
