import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ControlServer, startControlServer } from './control-server.ts';

let root: string;
let workspace: string;
let wireLog: string;
let control: ControlServer;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'control-'));
  workspace = join(root, 'workspace');
  wireLog = join(root, 'wire.jsonl');
  await mkdir(workspace);
  control = await startControlServer({ answers: [{ message: 'm', hold: 'go' }], workspace, wireLog });
});
afterEach(async () => {
  await control.close();
  await rm(root, { recursive: true, force: true });
});

async function ask(method: string, path: string): Promise<[number, string]> {
  const response = await fetch(`${control.url}${path}`, { method });
  return [response.status, (await response.text()).trim()];
}
const seen = () => control.lines.map(({ t, ...line }) => line);

test('a release is marked before those who wait go on', async () => {
  const waited = ask('GET', '/latch/a%20b/wait').then(() => seen());
  expect(await ask('POST', '/latch/a%20b/release')).toEqual([200, 'ok']);
  expect(await waited).toEqual([{ ch: 'mark', mark: 'released a b' }]);
});

test('model requests are written down and counted; a held answer goes on with its latch', async () => {
  const first = ask('GET', '/model/requests?atLeast=1');
  const second = ask('GET', '/model/requests?atLeast=2');
  const answer = fetch(`${control.url}/v1/responses`, { method: 'POST', body: '{"model":"m"}' });
  expect(await first).toEqual([200, 'ok']);
  expect(seen()).toMatchObject([{ ch: 'model.request', n: 1, path: '/v1/responses', body: { model: 'm' } }]);
  expect(control.unconsumed()).toEqual([]);
  await ask('POST', '/latch/go/release');
  expect(await (await answer).text()).toContain('response.completed');
  await ask('POST', '/model/reached?n=2');
  expect(await second).toEqual([200, 'ok']);
});

test('a file of the workspace is observed, one outside refused', async () => {
  await writeFile(join(workspace, 'a.txt'), 'text');
  await writeFile(join(root, 'secret'), 'no');
  await symlink(join(root, 'secret'), join(workspace, 'link'));
  await ask('POST', '/check?file=a.txt');
  await ask('POST', '/check?file=missing/b.txt');
  expect(seen()).toEqual([
    { ch: 'file', path: 'a.txt', content: 'text' },
    { ch: 'file', path: 'missing/b.txt', content: null },
  ]);
  for (const file of ['../secret', '/etc/hosts', 'link', '']) {
    expect((await ask('POST', `/check?file=${encodeURIComponent(file)}`))[0]).toBe(400);
  }
  expect(seen()).toHaveLength(2);
});

test('kill ends the engine that runs, and answers once it is gone', async () => {
  const tiny = fileURLToPath(new URL('../../testing/engine/test-fixtures/tiny-engine.mjs', import.meta.url));
  const engine = execa(process.execPath, [tiny, 'trap'], { reject: false });
  const exit = once(engine, 'exit');
  await once(engine.stdout as NodeJS.ReadableStream, 'data');
  const record = (record: object) => appendFile(wireLog, `${JSON.stringify({ t: 1, ...record })}\n`);
  await record({ ch: 'spawn', pid: engine.pid, argv: [], env: {} });
  expect(await ask('POST', '/kill?signal=SIGNOTHING')).toEqual([
    400,
    expect.stringContaining('expected SIGKILL, SIGTERM or another signal, got "SIGNOTHING"'),
  ]);
  expect(await ask('POST', '/kill?signal=SIGKILL')).toEqual([200, 'ok']);
  expect(await exit).toEqual([null, 'SIGKILL']);
  expect(seen()).toEqual([{ ch: 'mark', mark: 'killed SIGKILL' }]);
  expect(await ask('POST', '/kill')).toEqual([400, expect.stringContaining('none of the 1 engines')]);
});

test('an unknown path says so, and close ends those who wait', async () => {
  expect(await ask('GET', '/latch/a/release')).toEqual([404, expect.stringContaining('no GET /latch/a/release')]);
  expect(await ask('GET', '/model/requests?atLeast=x')).toEqual([
    400,
    expect.stringContaining('expected a whole number'),
  ]);
  const waiting = ask('GET', '/latch/never/wait');
  await ask('POST', '/model/reached?n=1');
  await control.close();
  await expect(waiting).rejects.toThrow('fetch failed');
});
