import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { fakeEngine } from '../play/fake-engine.ts';
import { record } from '../record/record.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'node-options-'));
  await writeFile(join(folder, 'loud.cjs'), "console.log('setup loaded');");
  await writeFile(
    join(folder, 'engine.mjs'),
    `#!/usr/bin/env node
    import { writeFileSync } from 'node:fs';
    writeFileSync(${JSON.stringify(join(folder, 'env.json'))}, JSON.stringify(process.env));
    process.stdin.on('data', (line) => console.log(JSON.stringify({ id: JSON.parse(line).id, result: { userAgent: 'e/1.0.0', codexHome: '/', platformFamily: 'unix', platformOs: 'linux' } })));
    `,
    { mode: 0o755 },
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

/** What a test's own process has, and a program of its own must not. */
const variables = (): Record<string, string> => ({
  NODE_OPTIONS: `--require ${join(folder, 'loud.cjs')}`,
  NODE_V8_COVERAGE: join(folder, 'coverage'),
  NODE_PATH: folder,
  NODE_DEBUG: 'module,net',
  NODE_REDIRECT_WARNINGS: join(folder, 'warnings.txt'),
  NODE_TEST_CONTEXT: 'child-v8',
  NODE_EXTRA_CA_CERTS: join(folder, 'not-there.pem'),
  NODE_A_VARIABLE_OF_TOMORROW: 'x',
  OPENSSL_CONF: join(folder, 'not-there.cnf'),
});

test('the host’s settings of Node are none of the fake engine’s', async () => {
  for (const [name, value] of Object.entries(variables())) vi.stubEnv(name, value);
  const engine = await fakeEngine([{ auto: ['thread/start'] }]);
  await engine.codex({ cwd: '/' }).threadStart();
  await engine.finish();
  expect((await readdir(folder)).sort()).toEqual(['engine.mjs', 'loud.cjs']);
});

test('a preload by a relative path does not keep it from starting', async () => {
  vi.stubEnv('NODE_OPTIONS', '--require ./not-there.cjs');
  const engine = await fakeEngine([{ auto: ['thread/start'] }]);
  await engine.codex({ cwd: '/' }).threadStart();
  await engine.finish();
});

test('nor are they the tee’s, but the engine that is recorded has all of them', async () => {
  const given = {
    ...variables(),
    NODE_OPTIONS: '--no-deprecation',
    NODE_V8_COVERAGE: '',
    NODE_DEBUG: '',
    OPENSSL_CONF: '',
  };
  for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value);
  const recorder = await record({ file: join(folder, 'a.jsonl'), codexBin: join(folder, 'engine.mjs') });
  await recorder.codex({ env: { NODE_FROM_THE_CLIENT: 'a b "c"' } }).connect();
  await recorder.finish();
  const seen = JSON.parse(await readFile(join(folder, 'env.json'), 'utf8'));
  expect(seen).toMatchObject({ ...given, NODE_FROM_THE_CLIENT: 'a b "c"' });
  // The client's own mark; see `EngineProcesses`.
  expect(Object.keys(seen).filter((name) => name.startsWith('TWINPROOF'))).toEqual(['TWINPROOF_ENGINE']);
});
