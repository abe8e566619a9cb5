import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { childEngine } from './test-fixtures/child-engine.ts';

const entry = new URL('../exec.ts', import.meta.url).href;

test.each([
  ['process.exit(5)', 5],
  ['setImmediate(() => { throw new Error(); })', 1],
])('a program that ends in a turn with %s leaves neither engine nor file', async (ends, expected) => {
  const folder = await mkdtemp(join(tmpdir(), 'host-end-'));
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The engine keeps this connection for as long as it lives.
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const options = childEngine([
    { connect: (server.address() as AddressInfo).port },
    { say: { type: 'turn.started' } },
    { hang: true },
  ]);
  const program = `
    import { readdirSync } from 'node:fs';
    import { tmpdir } from 'node:os';
    import { Codex } from ${JSON.stringify(entry)};
    const { events } = await new Codex(${JSON.stringify(options)}).startThread().runStreamed('hi', { outputSchema: {} });
    await events.next();
    console.log(readdirSync(tmpdir()).filter((name) => name.startsWith('codex-')).length);
    ${ends}`;
  const host = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  host.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const [engine] = await connected;
  const gone = once(engine.on('error', () => {}).resume(), 'close');
  const [code] = await once(host, 'close');
  await gone;
  expect([code, text.trim()]).toEqual([expected, '1']);
  expect((await readdir(folder)).filter((name) => name.startsWith('codex-'))).toEqual([]);
  server.close();
  await rm(folder, { recursive: true });
});
