import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { CodexConfig } from '../client/config.ts';
import { ended } from '../test-fixtures/ended.ts';

const program = fileURLToPath(new URL('../test-fixtures/scripted-engine.mjs', import.meta.url));
const connected = `
  const { pid } = await codex.request('launch');
  console.log(pid);`;

/** Runs a program with a client of an engine of this script, or with these settings, as `codex`; returns what it wrote. */
function host(script: object, code: string, config: CodexConfig = {}): string {
  const launch = [process.execPath, program, JSON.stringify(script)];
  const head = `
    import { Codex } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
    const codex = new Codex(${JSON.stringify({ launchArgsOverride: launch, ...config })});`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', head + code];
  const { stdout, stderr, error } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
  expect(error, stderr).toBeUndefined();
  return stdout;
}

test.each([
  ['forgets to close', ''],
  ['dies of an error', 'setImmediate(() => { throw new Error("host"); });'],
  ['exits', 'process.exit(0);'],
])('a host that %s leaves no process', async (_, end) => {
  const pid = Number(host({ start: [{ ignoreEnd: true }], launch: [{ launch: true }] }, connected + end));
  expect(pid).toBeGreaterThan(0);
  expect(await ended(pid)).toBe(true);
});

test('an aborted start that is never answered does not keep the host', () => {
  const script = {
    launch: [{ launch: true }],
    'thread/start': [{ result: { thread: { id: 'th' } } }],
    'turn/start': [{ notify: 'got/it', params: {} }],
  };
  const stdout = host(
    script,
    // Kept: a client that is garbage ends its engine, whatever still waits for it.
    `${connected}
    globalThis.kept = codex;
    const controller = new AbortController();
    const turn = (await codex.threadStart()).turn('hi', { signal: controller.signal }).catch(({ name }) => console.log(name));
    for await (const { method } of codex.notifications()) if (method === 'got/it') break;
    controller.abort();
    await turn;`,
  );
  expect(stdout).toContain('AbortError');
});

test('a call that is aborted while the engine does not even greet does not keep the host', () => {
  const stdout = host(
    { initialize: [] },
    `
    globalThis.kept = codex;
    const controller = new AbortController();
    const call = codex.models({ signal: controller.signal }).catch(({ name }) => console.log(name));
    controller.abort();
    await call;`,
  );
  expect(stdout).toContain('AbortError');
});

test('a question for the schema that is aborted does not keep the host, and leaves no folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stdio-'));
  const log = join(folder, 'log');
  await writeFile(log, '');
  const env = { PROBE_LOG: log, PROBE: JSON.stringify({ hang: true }), TMPDIR: folder, TMP: folder };
  const cwd = fileURLToPath(new URL('../test-fixtures/checkout', import.meta.url));
  const stdout = host(
    {},
    `
    import { readFileSync } from 'node:fs';
    globalThis.kept = codex;
    Object.assign(process.env, ${JSON.stringify(env)});
    const controller = new AbortController();
    const call = codex.supports('x', { signal: controller.signal }).catch(({ name }) => console.log(name));
    while (readFileSync(${JSON.stringify(log)}, 'utf8') === '') await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await call;`,
    { launchArgsOverride: null, codexBin: process.execPath, cwd, env },
  );
  expect(stdout).toContain('AbortError');
  expect(await readdir(folder)).toEqual(['log']);
  await rm(folder, { recursive: true });
});
