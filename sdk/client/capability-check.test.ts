import { expect, test } from 'vitest';
import { setUp, until } from '../test-fixtures/connected-client.ts';
import { isSupportedRuntime, unsupportedRuntime } from './capability-check.ts';
import { runtimeVersion } from './engine-version.ts';

// Each verdict is that of Python's `require_runtime_version`, asked for the same text.
test.each([
  '0.151.0',
  '0.151',
  '0.152.0-dev',
  '0.152.0.dev3',
  '0.154.0-alpha.1',
  '0.154.0-alpha.1.2',
  '0.151.0.post1',
  '0.151.0-1',
  '0.151.0.post1.dev2',
  'v0.160.0',
  '0.160.0+local',
  '0.151.0+local.7',
  '0.151.0.0.1',
  '1.0',
  '1!0.1',
  '0.152.0RC_1',
])('%s is supported', (version) => expect(isSupportedRuntime(version)).toBe(true));

test.each([
  '0.150.9',
  '0.151.0-alpha.6',
  '0.151.0-beta.1',
  '0.151.0-alpha.1.2',
  '0.151.0rc1.post1',
  '0.151.0.dev1',
  '0.151.0-preview',
  '0.0.0',
  '0.160.0-foo',
  '0.160.0-alpha.1.2.3',
  '0.160.0+',
  'main',
  '',
  undefined,
])('%s is not', (version) => expect(isSupportedRuntime(version)).toBe(false));

test('the first word counts; without one the version is unknown', () => {
  expect(runtimeVersion(' 0.151.0 (Linux; x86_64) xterm')).toBe('0.151.0');
  expect(runtimeVersion(' ')).toBeUndefined();
  const start = 'Codex CLI 0.151.0 or newer is required; reported version is';
  expect(unsupportedRuntime(undefined)).toBe(`${start} 'unknown'`);
  expect(unsupportedRuntime('0.1')).toBe(`${start} '0.1'`);
});

async function connectedTo(userAgent: string, serverInfo?: object) {
  const { engine, codex } = setUp();
  const connecting = codex.connect();
  await until(() => engine.peers.length === 1);
  await engine.answer({ userAgent, ...(serverInfo ? { serverInfo } : {}) });
  await engine.next();
  await connecting;
  return { engine, codex };
}

test('an old engine gets no request with an option that it would ignore; false counts, null does not', async () => {
  const { engine, codex } = await connectedTo('engine/0.150.9 (Linux)');
  const end =
    "0.151.0 or newer is required; reported version is '0.150.9'. Configure CodexConfig.codexBin with a supported CLI.";
  const start = { threadId: 'th', input: [], serviceTierForTurn: 'x', toolOutput: { name: 'n', output: '' } };
  await expect(codex.request('turn/start', start)).rejects.toThrow(
    `turn/start with toolOutput, serviceTierForTurn: Codex CLI ${end}`,
  );
  for (const includeTurns of [true, false]) {
    const message = `thread/fork with excludeTurns: Codex CLI ${end}`;
    await expect(codex.threadFork('th', { includeTurns })).rejects.toThrow(message);
  }
  expect(engine.peer.received).toEqual([]);
  const plain = codex.request('turn/start', { threadId: 'th', input: [], turnTrigger: null });
  expect((await engine.answer({ turn: {} })).params).toEqual({ threadId: 'th', input: [], turnTrigger: null });
  await plain;
});

test('the version of serverInfo wins over that of the user agent', async () => {
  const { codex } = await connectedTo('engine/0.163.0', { name: 'n', version: '0.1' });
  await expect(codex.threadResume('th', { includeTurns: true })).rejects.toThrow("version is '0.1'");
});

test('a transport of the program’s own to an unversioned engine cannot be asked', async () => {
  const { codex } = await connectedTo('engine/0.0.0');
  await expect(codex.threadResume('th', { includeTurns: true })).rejects.toThrow('with a custom launch command');
});
