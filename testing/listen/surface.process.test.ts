import { createHash } from 'node:crypto';
import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listen } from './listen.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'listen-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** An engine that tells how it was started and listens where it is told to, but answers nobody. @param does before it listens */
async function engine(does = ''): Promise<string> {
  const file = join(folder, 'codex');
  const program = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const net = require('node:net');
appendFileSync(${JSON.stringify(join(folder, 'starts'))}, JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), of: process.env.OF_TEST, pid: process.pid }) + '\\n');
${does}
const url = process.argv[process.argv.indexOf('--listen') + 1];
const server = net.createServer();
if (url.startsWith('unix://')) server.listen(url.slice(7));
else server.listen(0, '127.0.0.1', () => process.stderr.write('listening on: ws://127.0.0.1:' + server.address().port + '\\n'));
`;
  await writeFile(file, program);
  await chmod(file, 0o755);
  return file;
}
const starts = async () =>
  (await readFile(join(folder, 'starts'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { args: string[]; cwd: string; of?: string; pid: number });
const isAlive = (pid: number | undefined) => {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
};

test.skipIf(process.platform === 'win32')(
  'it is started with its configuration, over a socket in a folder that goes with it',
  async () => {
    const codexBin = await engine();
    const server = await listen({ codexBin, cwd: folder, env: { OF_TEST: 'yes', PATH: String(process.env['PATH']) } });
    const [start] = await starts();
    expect(start).toMatchObject({ of: 'yes', pid: server.pid, cwd: folder });
    expect(start?.args.slice(-3)).toEqual(['app-server', '--listen', `unix://${server.address}`]);
    expect(isAlive(server.pid)).toBe(true);
    await server.close();
    await server.close();
    expect(isAlive(start?.pid)).toBe(false);
    await expect(access(dirname(server.address))).rejects.toThrow('ENOENT');
  },
);

test.skipIf(process.platform === 'win32')(
  'a path of its own is where it listens, and what it leaves there is removed before it starts again',
  async () => {
    const path = join(folder, 'own.sock');
    await using server = await listen({ codexBin: await engine() }, { path });
    expect(server.address).toBe(path);
    const first = server.pid;
    await server.stop('SIGKILL');
    expect(isAlive(first)).toBe(false);
    await server.start();
    expect(server.address).toBe(path);
    expect(server.pid).not.toBe(first);
  },
);

test.skipIf(process.platform === 'win32')(
  'over WebSocket it has the port that it says, which it keeps; its token is on the command line as a hash',
  async () => {
    await using server = await listen({ codexBin: await engine() }, { over: 'ws', token: 'open' });
    expect(server.address).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    const [first] = await starts();
    expect(first?.args.slice(-7)).toEqual([
      ...['app-server', '--listen', 'ws://127.0.0.1:0', '--ws-auth', 'capability-token', '--ws-token-sha256'],
      createHash('sha256').update('open').digest('hex'),
    ]);
    await server.stop();
    const { address } = server;
    await server.start();
    expect((await starts())[1]?.args).toContain(address);
  },
);

test.skipIf(process.platform === 'win32')(
  'one that ends before it listens says what it said, and leaves nothing',
  async () => {
    vi.stubEnv('TMPDIR', folder);
    const codexBin = await engine("process.stderr.write('no port'); process.exit(3);");
    await expect(listen({ codexBin }, { over: 'ws' })).rejects.toThrow(
      /expected one that listens, got the end of its process: no port/,
    );
    await expect(listen({ codexBin: join(folder, 'missing') })).rejects.toThrow();
  },
);
