import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { resolveEngine } from '../../../native/index.ts';
import { Codex } from '../../../sdk/index.ts';
import {
  clientRequestMethods,
  rpcMethods,
  serverNotificationMethods,
  serverRequestMethods,
} from '../../../sdk/protocol/index.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function client(experimentalApi: boolean): Promise<Codex> {
  const home = await mkdtemp(path.join(tmpdir(), 'engine-names-'));
  ends.push(() => rm(home, { recursive: true, force: true, maxRetries: 3 }));
  const codex = new Codex({
    codexBin: (await resolveEngine()).path,
    env: { CODEX_HOME: home, HOME: home },
    experimentalApi,
  });
  ends.push(() => codex.close());
  return codex;
}

/** Names that the engine says it does not know. */
async function unknown(codex: Codex, names: readonly string[]): Promise<string[]> {
  const known = await Promise.all(names.map((name) => codex.supports(name)));
  return names.filter((_, index) => !known[index]);
}

test('the pinned engine knows every method of the SDK, and the fields that are checked before they are sent', async () => {
  const codex = await client(true);
  const fields = ['toolOutput', 'turnTrigger', 'serviceTierForTurn'].map((field) => `TurnStartParams.${field}`);
  const requests = [...Object.values(rpcMethods), ...Object.keys(serverRequestMethods)];
  expect(await unknown(codex, [...requests, ...fields, 'ThreadForkParams.excludeTurns'])).toEqual([]);
  expect(await unknown(codex, ['thread/rollback', 'TurnStartParams.nothing'])).toHaveLength(2);
  // Two notifications are sent and not listed in the engine's own schema.
  const unlisted = await unknown(codex, Object.keys(serverNotificationMethods));
  expect(unlisted.every((method) => method.startsWith('rawResponse'))).toBe(true);
});

test('without the experimental API the experimental methods are not there', async () => {
  const codex = await client(false);
  const experimental = Object.entries(clientRequestMethods).filter(([, { stability }]) => stability === 'experimental');
  const names = experimental.map(([method]) => method);
  expect(await unknown(codex, names)).toEqual(names);
  expect(await unknown(codex, ['thread/start', 'review/start'])).toEqual([]);
});

test('a typed request reaches the engine, and its refusals are typed', async () => {
  const codex = await client(true);
  const { data } = await codex.rpc.modelList({ limit: 1 }, { timeoutMs: 30_000 });
  expect(data).toHaveLength(1);
  expect((await codex.rpc.threadLoadedList()).data).toEqual([]);
  const reading = codex.rpc.threadRead({ threadId: '00000000-0000-7000-8000-000000000000' });
  await expect(reading).rejects.toMatchObject({ name: 'InvalidRequestError', code: -32600 });
});
