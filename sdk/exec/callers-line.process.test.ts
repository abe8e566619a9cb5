import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failureOf, wrongStack } from '../test-fixtures/callers-line.ts';
import { Codex } from './codex.ts';
import { install } from './install/install.ts';
import { loginWithAuthJson } from './login-with-auth-json.ts';
import { loginWithDeviceCode } from './login-with-device-code.ts';
import type { TurnOptions } from './options.ts';
import { type Action, childEngine, ownTemporaryFolder, started } from './test-fixtures/child-engine.ts';

const folder = ownTemporaryFolder();

const nowhere = '/nowhere/codex';
const aborted = AbortSignal.abort(new Error('the reason'));
const failed: Action = { say: { type: 'turn.failed', error: { message: 'broke' } } };

/** What makes a turn fail. */
const turns: Record<
  string,
  { actions?: readonly Action[]; codexPathOverride?: string; input?: unknown; turn?: TurnOptions }
> = {
  'wrong input': { input: [{ type: 'song' }] },
  'wrong options': { turn: { signal: 7 as never } },
  'a wrong schema': { turn: { outputSchema: 7 as never } },
  'an engine that cannot be started': { codexPathOverride: nowhere },
  'an aborted signal': { turn: { signal: aborted } },
  'an exit code': { actions: [started, { stderr: 'wrong' }, { exit: 2 }] },
  'a signal': { actions: [started, { kill: 'SIGKILL' }] },
  'a line that is no event': { actions: [started, { raw: 'garbage\n' }] },
  'a failed turn': { actions: [started, failed, { exit: 1 }] },
};

test.each(Object.entries(turns))('run() and its stream show the line of their caller: %s', async (_, one) => {
  const options = childEngine(one.actions ?? [{ hang: true }], {});
  const codex = new Codex({ ...options, ...(one.codexPathOverride && { codexPathOverride: one.codexPathOverride }) });
  const input = (one.input ?? 'hi') as string;
  const errors = [
    await failureOf(() => codex.startThread().run(input, one.turn)),
    await failureOf(async () => (await codex.startThread().runStreamed(input, one.turn)).events),
  ];
  expect(errors.map(wrongStack)).toEqual([undefined, undefined]);
});

test('an abort in the middle of a turn shows the line of the caller, not of whoever aborts', async () => {
  const codex = new Codex(childEngine([started, { hang: true }]));
  const abort = new AbortController();
  const thread = codex.startThread();
  const run = failureOf(() => thread.run('hi', { signal: abort.signal }));
  const until = (condition: () => boolean): Promise<void> | undefined =>
    condition() ? undefined : new Promise<void>((resolve) => setImmediate(resolve)).then(() => until(condition));
  await until(() => thread.id !== null);
  abort.abort();
  expect(wrongStack(await run)).toBeUndefined();
});

test.each<[string, () => Promise<unknown>]>([
  ['install', () => install({ version: '', baseUrl: 'x', installDir: folder.path })],
  ['install from nowhere', () => install({ version: '1', baseUrl: 'file:///nowhere', installDir: folder.path })],
  ['install with wrong options', () => install(7 as never)],
  ['Codex.install', () => Codex.install({ version: '', baseUrl: 'x', installDir: folder.path })],
  ['loginWithAuthJson', () => loginWithAuthJson({ authJson: 'no JSON', path: join(folder.path, 'a') })],
  ['loginWithAuthJson to nowhere', () => loginWithAuthJson({ authJson: '{}', path: '/dev/null/a' })],
  ['loginWithDeviceCode', () => loginWithDeviceCode({ executablePath: nowhere })],
  ['loginWithDeviceCode, aborted', () => loginWithDeviceCode({ executablePath: nowhere, signal: aborted })],
  ['Codex.loginWithDeviceCode', () => new Codex({ codexPathOverride: nowhere }).loginWithDeviceCode()],
])('%s shows the line of its caller', async (_, call) => {
  expect(wrongStack(await failureOf(call))).toBeUndefined();
});
