import { expect, test } from 'vitest';
import { setUp, until } from '../test-fixtures/connected-client.ts';

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
