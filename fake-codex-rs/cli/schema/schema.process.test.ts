import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../exact-json.ts';
import { buildFake } from '../../test-fixtures/run-fake.ts';
import { type SideRuns, sideRuns } from '../../test-fixtures/run-side.ts';
import { wholeContract } from './play-schema.ts';
import { schemaFiles } from './schema-files.ts';

let runs: SideRuns;
let out: string;
beforeAll(buildFake);
beforeEach(() => {
  out = join(mkdtempSync(join(tmpdir(), 'fake-schema-')), 'deep', 'out');
  runs = sideRuns();
});
afterEach(async () => {
  await runs.dispose();
  rmSync(join(out, '../..'), { recursive: true, force: true });
});

const generate = (script: JsonObject[], ...flags: string[]) =>
  runs.run({ script }, ['app-server', 'generate-json-schema', ...flags, '--out', out], '').ended;
const read = (name: string) => JSON.parse(readFileSync(join(out, name), 'utf8')) as { properties: JsonObject };
const fields = (name: string) => Object.keys(read(`v2/${name}.json`).properties);

test('writes every type that a message has, with what is experimental only where it is asked for', async () => {
  expect(await generate([])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  expect(fields('TurnStartParams')).not.toContain('collaborationMode');
  expect(existsSync(join(out, 'v2/ThreadSearchParams.json'))).toBe(false);
  expect(await generate([], '--experimental')).toMatchObject({ code: 0 });
  expect(fields('TurnStartParams')).toEqual(expect.arrayContaining(['collaborationMode', 'toolOutput', 'threadId']));
  expect(fields('ThreadForkParams')).toContain('excludeTurns');
  expect(existsSync(join(out, 'v2/ThreadSearchParams.json'))).toBe(true);
  expect(readdirSync(out)).toEqual(expect.arrayContaining(['v1', 'v2', 'ServerRequest.json', 'JSONRPCError.json']));
  const { definitions } = read('codex_app_server_protocol.schemas.json') as unknown as { definitions: JsonObject };
  expect(definitions).toMatchObject({
    ClientRequest: { oneOf: expect.any(Array) },
    v2: { Thread: { type: 'object' } },
  });
});

const lock = new URL('../../../native/engine.lock.json', import.meta.url);
const { engines } = JSON.parse(readFileSync(lock, 'utf8')) as { engines: object };

test.each(Object.keys(engines))(
  'a fake of engine %s says its version and writes its contract',
  async (engineVersion) => {
    const run = (...argv: string[]) => runs.run({ script: [], engineVersion }, argv, '').ended;
    expect(await run('--version')).toMatchObject({ code: 0, stdout: `codex-cli ${engineVersion}\n` });
    const argv = ['app-server', 'generate-json-schema', '--experimental', '--out', out];
    expect(await run(...argv)).toMatchObject({ code: 0 });
    // The source reads the committed contracts; the bundle has them as differences.
    const files = schemaFiles(wholeContract(engineVersion), true);
    expect(files.size).toBeGreaterThan(400);
    for (const [name, value] of files) expect(read(name), name).toEqual(value);
  },
);

test('a script takes fields away, or has it fail, run by run', async () => {
  const script = [
    { schema: 'none', says: 'broken', code: 3 },
    { schema: { text: '[]' } },
    { schema: 'pinned', without: { TurnStartParams: ['toolOutput'] } },
  ];
  expect(await generate(script)).toMatchObject({ code: 3, stderr: 'broken\n' });
  expect(existsSync(out)).toBe(false);
  expect(await generate(script)).toMatchObject({ code: 0 });
  expect(read('v2/TurnStartParams.json')).toEqual([]);
  expect(await generate(script)).toMatchObject({ code: 0 });
  expect(fields('TurnStartParams')).toContain('turnTrigger');
  expect(fields('TurnStartParams')).not.toContain('toolOutput');
  const odd = [{ schema: 'pinned', without: { TurnStartParams: ['tooloutput'] } }];
  expect(await generate(odd)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('expected a field of TurnStartParams, got tooloutput.'),
  });
});

test('a run for the schema is no start of the server', async () => {
  await generate([]);
  const server = await runs.run({ script: [{ exit: 7 }] }, ['app-server'], '').ended;
  expect([server.code, runs.marks()]).toEqual([
    0,
    [expect.stringContaining('the script still waits at step handshake (expect initialize)')],
  ]);
});
