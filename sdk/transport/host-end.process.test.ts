import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lifelines } from '../test-fixtures/lifelines.ts';

const program = fileURLToPath(new URL('../test-fixtures/scripted-engine.mjs', import.meta.url));

// In one file, since what loads TypeScript in a program does not do so in its workers.
let folder: string;
let sdk: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twinproof-host-'));
  const outfile = join(folder, 'sdk.mjs');
  const entry = fileURLToPath(new URL('../index.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  sdk = pathToFileURL(outfile).href;
});
afterAll(async () => await rm(folder, { recursive: true }));

let lifelines: Lifelines;
beforeEach(async () => {
  lifelines = await Lifelines.listen();
});
const hosts: ChildProcess[] = [];
afterEach(() => {
  for (const child of hosts.splice(0)) child.kill('SIGKILL');
  lifelines.close();
});

/** Code that makes a connected client `codex`. A stubborn engine ends neither with its stdin nor by SIGTERM. */
function connects(stubborn = false): string {
  const script = { start: [{ lifeline: lifelines.port }, ...(stubborn ? [{ ignoreEnd: true }] : [])], never: [] };
  const launch = [process.execPath, program, JSON.stringify(script)];
  return `
    const { Codex } = await import(${JSON.stringify(sdk)});
    const codex = new Codex({ launchArgsOverride: ${JSON.stringify(launch)} });
    await codex.connect();`;
}

/** A program with the SDK at hand. */
function host(code: string, ...flags: string[]) {
  const args = [...flags, '--input-type=module', '-e', code];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  hosts.push(child);
  const said: string[] = [];
  for (const pipe of [child.stdout, child.stderr])
    pipe.setEncoding('utf8').on('data', (text: string) => said.push(text));
  return { child, said, end: once(child, 'close') };
}

test.each([
  ['an uncaught error', 'setImmediate(() => { throw new Error("host"); });', [1, null]],
  ['an unhandled rejection', 'void Promise.reject(new Error("host"));', [1, null]],
  ['process.exit', 'process.exit(3);', [3, null]],
  ['nothing left to do', '', [0, null]],
  [
    'nothing left to do but a request that is never answered, given up',
    "void codex.request('never', {}, { signal: AbortSignal.abort() }).catch(() => {});",
    [0, null],
  ],
] as const)('a host that ends by %s takes a stubborn engine with it', async (_, code, end) => {
  const { end: ended, said } = host(connects(true) + code);
  expect(await ended, said.join('')).toEqual(end);
  await lifelines.started(1);
  await lifelines.ended();
});

test.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'the engine ends with a host that gets %s',
  async (signal) => {
    // A request that waits keeps the host.
    const { child, end } = host(`${connects()} await codex.request('never');`);
    await lifelines.started(1);
    child.kill(signal);
    expect(await end).toEqual([null, signal]);
    await lifelines.ended();
  },
);

test.each([
  ['terminated, a request under way', "parentPort.postMessage('go'); await codex.request('never');", false],
  ['terminated in a busy loop', "parentPort.postMessage('go'); for (;;);", false],
  ['that ends by itself', "parentPort.postMessage('go');", true],
  ['that exits', "parentPort.postMessage('go'); process.exit();", true],
])('the engine ends with a worker %s, while the host lives', async (_, code, stubborn) => {
  const worker = `import { parentPort } from 'node:worker_threads';${connects(stubborn)}${code}`;
  const { child, end, said } = host(`
    import { Worker } from 'node:worker_threads';
    const source = new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker)}));
    const worker = new Worker(source, { execArgv: [] });
    worker.on('error', (error) => {
      console.error(error);
      process.exit(1);
    });
    worker.once('message', () => void (${stubborn} || worker.terminate()));
    setInterval(() => {}, 1000);`);
  await Promise.race([lifelines.started(1), end.then(() => expect.unreachable(said.join('')))]);
  await lifelines.ended();
  child.kill('SIGKILL');
  expect(await end).toEqual([null, 'SIGKILL']);
});

test('a hot reload: the module twice, its first client dropped; the engine of the first ends, that of the second lives', async () => {
  const { child, said, end } = host(
    `
    const load = async (times) => {${connects().replace('sdk.mjs"', 'sdk.mjs?" + times')} return codex; };
    await load(1);
    const codex = await load(2);
    console.log('loaded');
    // A stream and a wait hold the second client, though nothing else does.
    globalThis.notification = codex.notifications().next();
    setInterval(() => void gc(), 1);`,
    '--expose-gc',
  );
  await Promise.race([lifelines.started(2), end.then(() => expect.unreachable(said.join('')))]);
  await lifelines.first();
  expect(lifelines.alive).toBe(1);
  child.kill('SIGKILL');
  await end;
  await lifelines.ended();
});
