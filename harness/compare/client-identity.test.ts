import { expect, test } from 'vitest';
import type { JsonObject } from '../../testing/json/json.ts';
import { normalise } from '../normalise/normalise.ts';
import type { ClientIdentity, ObservationBody } from '../observation/types.ts';
import { compare } from './compare.ts';

const python: ClientIdentity = { name: 'codex_python_sdk', title: 'Codex Python SDK', version: '0.163.0' };
const ours: ClientIdentity = { name: 'codex_typescript_sdk', title: 'Codex TypeScript SDK', version: '0.1.0' };
const paths = { root: '/c', workspace: '/c/ws', home: '/c/h', codexHome: '/c/ch', tmp: '/c/t', launcher: '/c/codex' };

/** A run of a client that is declared to be `declared`, says that it is `said`, and is told to be `repeated`. */
function run(declared: ClientIdentity | undefined, said: ClientIdentity, repeated: ClientIdentity = said) {
  const system = repeated === python ? '(Debian 13.0.0; x86_64) xterm' : '(Mac OS 15.1; arm64) vscode/1.2';
  const rest = `0.163.0 ${system} (${repeated.name}; ${repeated.version})`;
  const userAgent = `${repeated.name}/${rest}`;
  const lines: ObservationBody[] = [
    { ch: 'wire.out', msg: { id: 'a', method: 'initialize', params: { clientInfo: { ...said } as JsonObject } } },
    { ch: 'wire.in', msg: { id: 'a', result: { userAgent } } },
    { ch: 'wire.in', msg: { method: 'thread/started', params: { thread: { originator: repeated.name } } } },
    { ch: 'result', lane: 'm', op: 'codex.metadata', value: { serverInfo: { name: repeated.name, version: rest } } },
    {
      ch: 'model.request',
      n: 1,
      method: 'POST',
      path: '/v1/responses',
      headers: { 'user-agent': userAgent, originator: repeated.name },
      body: {},
    },
  ];
  const header = {
    kind: 'observation' as const,
    schemaVersion: 1 as const,
    scenario: 's/s',
    client: 'ts' as const,
    clientVersion: '1',
    ...(declared && { clientInfo: declared }),
    engine: 'real' as const,
    engineVersion: '0.163.0',
    engineSha256: '',
    platform: '',
    paths,
  };
  return normalise({ header, lines: lines.map((line, t) => ({ t, ...line })) });
}

const golden = run(python, python);
const differing = (other: ReturnType<typeof run>) => compare(golden, other).map(({ path }) => path);

test('clients that say what their drivers declare are equal, wherever the engine repeats it', () => {
  expect(differing(run(ours, ours))).toEqual([]);
  expect(JSON.stringify(golden.lines)).not.toMatch(/python|0\.163\.0|Debian/i);
});

test.each<keyof ClientIdentity>(['name', 'title', 'version'])('a client that lies about its %s shows', (key) => {
  expect(differing(run(ours, { ...ours, [key]: python[key] as string }))).toContain(
    `wire.out:initialize/msg/params/clientInfo/${key}`,
  );
});

test('so does one of which nothing is declared, and an engine that repeats another name or version', () => {
  expect(differing(run(undefined, ours))).toHaveLength(9);
  const everywhere = [
    'wire.in:answer initialize/msg/result/userAgent',
    'wire.in:thread/started/msg/params/thread/originator',
    'result:codex.metadata/value/serverInfo/name',
    'result:codex.metadata/value/serverInfo/version',
    'model.request:/v1/responses/headers/originator',
    'model.request:/v1/responses/headers/user-agent',
  ];
  expect(differing(run(ours, ours, python)).sort()).toEqual(everywhere.sort());
  expect(differing(run(ours, ours, { ...ours, version: '0.2.0' }))).toHaveLength(3);
});
