import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { EngineError } from '../../../native/engine-error.mjs';
import { resolveEngine } from '../../../native/index.ts';
import { Codex } from '../../../sdk/index.ts';
import {
  clientRequestMethods,
  protocolVersion,
  protocolVersions,
  type Span,
  serverNotificationMethods,
  serverRequestMethods,
} from '../../../sdk/protocol/index.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Undefined if the engine is not on this machine: a test brings none. */
async function engineOf(version: string): Promise<string | undefined> {
  try {
    return (await resolveEngine({ version })).path;
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'missing') return undefined;
    throw error;
  }
}

async function client(experimentalApi: boolean, codexBin?: string): Promise<Codex> {
  const home = await mkdtemp(path.join(tmpdir(), 'engine-names-'));
  ends.push(() => rm(home, { recursive: true, force: true, maxRetries: 3 }));
  const codex = new Codex({
    codexBin: codexBin ?? (await resolveEngine()).path,
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

/** The methods of a table that the SDK says this engine lacks. */
function lacking(table: Readonly<Record<string, Span>>, version: string): string[] {
  const place = (of: string) => protocolVersions.indexOf(of);
  const lacks = ({ since = version, until = version }: Span) =>
    place(since) > place(version) || place(until) < place(version);
  return Object.keys(table).filter((method) => lacks(table[method] ?? {}));
}

test.for(protocolVersions)(
  'engine %s knows the methods that the SDK says it has, and no others',
  { timeout: 60_000 },
  async (version, { skip }) => {
    const codexBin = await engineOf(version);
    if (codexBin === undefined) return skip(`engine ${version} is not on this machine`);
    const codex = await client(true, codexBin);
    const fields = ['toolOutput', 'turnTrigger', 'serviceTierForTurn'].map((field) => `TurnStartParams.${field}`);
    for (const table of [clientRequestMethods, serverRequestMethods])
      expect(await unknown(codex, Object.keys(table))).toEqual(lacking(table, version));
    expect(await unknown(codex, [...fields, 'ThreadForkParams.excludeTurns'])).toEqual([]);
    expect(await unknown(codex, ['thread/rollback', 'TurnStartParams.nothing'])).toHaveLength(2);
    // Two notifications are sent and not listed in the engine's own schema.
    const unlisted = await unknown(codex, Object.keys(serverNotificationMethods));
    const raw = Object.keys(serverNotificationMethods).filter((method) => method.startsWith('rawResponse'));
    expect(unlisted.sort()).toEqual([...lacking(serverNotificationMethods, version), ...raw].sort());
    // What it lacks, it refuses, and the error says which engine has it.
    for (const method of lacking(clientRequestMethods, version)) {
      const message = new RegExp(
        `^JSON-RPC error -32600: codex ${version} has no ${method}: it (came with|was removed after) `,
      );
      await expect(codex.request(method as never, {} as never)).rejects.toThrow(message);
    }
  },
);

test('without the experimental API the experimental methods are not there', async () => {
  const codex = await client(false);
  const experimental = Object.entries(clientRequestMethods).filter(([, { stability }]) => stability === 'experimental');
  const missing = lacking(clientRequestMethods, protocolVersion);
  const names = experimental.map(([method]) => method).filter((method) => !missing.includes(method));
  expect(await unknown(codex, names)).toEqual(names);
  expect(await unknown(codex, ['thread/start', 'review/start'])).toEqual([]);
  const refused = codex.rpc.collaborationModeList();
  await expect(refused).rejects.toThrow(
    'requires experimentalApi capability. Set CodexConfig.experimentalApi to true.',
  );
});

test('a typed request reaches the engine, and its refusals are typed', async () => {
  const codex = await client(true);
  const { data } = await codex.rpc.modelList({ limit: 1 }, { timeoutMs: 30_000 });
  expect(data).toHaveLength(1);
  expect((await codex.rpc.threadLoadedList()).data).toEqual([]);
  const reading = codex.rpc.threadRead({ threadId: '00000000-0000-7000-8000-000000000000' });
  await expect(reading).rejects.toMatchObject({ name: 'InvalidRequestError', code: -32600 });
});
