import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canMount, onSmallDisk } from '../test-fixtures/small-disk.ts';

const root = join(import.meta.dirname, '../..');
const staging = new URL('./staging.ts', import.meta.url).href;
let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staging-'));
  home = join(folder, 'home');
  mkdirSync(home);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const runs = () => readdirSync(join(home, 'artifacts'));

/** A program that has `staging` and `home`; `say` writes a line of JSON. */
function program(code: string, { command = [process.execPath] }: { command?: string[] } = {}) {
  const text = `
    import { Staging } from ${JSON.stringify(staging)};
    const home = ${JSON.stringify(home)};
    const staging = new Staging(home);
    const say = (value) => console.log(JSON.stringify(value));
    ${code}`;
  const [bin = '', ...args] = [...command, '--import', 'tsx', '--input-type=module', '--eval', text];
  const child = spawn(bin, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'exit');
  return { child, ended, next: async () => JSON.parse((await lines.next()).value ?? 'null') as unknown };
}

test('a large file goes in flat memory', async () => {
  // Sparse: it takes no room until it is copied.
  const source = join(folder, 'large');
  writeFileSync(source, '');
  const size = 768 * 1024 * 1024;
  truncateSync(source, size);
  const { next, ended } = program(`
    await staging.stage(Buffer.from('warm'), {});
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    let most = before;
    const look = setInterval(() => { most = Math.max(most, process.memoryUsage.rss()); }, 5);
    const staged = await staging.stage(${JSON.stringify(source)}, {});
    clearInterval(look);
    say({ size: staged.size, sha256: staged.sha256, grown: most - before });
    await staging.close();`);
  const { grown, ...facts } = (await next()) as { grown: number };
  await ended;
  expect(facts).toEqual({ size, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(grown).toBeLessThan(64 * 1024 * 1024);
  expect(runs()).toEqual([]);
}, 120_000);

test('what a killed program has left is swept by the next one; that of a living one, of a link and of strangers stays', async () => {
  const stage = `say((await staging.stage(Buffer.from('x'), {})).path); process.stdin.resume();`;
  const [killed, living] = [program(stage), program(stage)];
  const [left, kept] = [(await killed.next()) as string, (await living.next()) as string];
  killed.child.kill('SIGKILL');
  await killed.ended;
  const outside = join(folder, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'precious'), '');
  const dead = runs().find((name) => left.includes(name)) ?? '';
  const strangers = ['notes', dead.replace(/^run-\d+-[0-9a-f]{12}/, 'run-1-000000000000')];
  for (const name of strangers) mkdirSync(join(home, 'artifacts', name));
  const link = `${dead.slice(0, -1)}${dead.endsWith('0') ? '1' : '0'}`;
  symlinkSync(outside, join(home, 'artifacts', link));
  // Links within what is removed are not followed either.
  symlinkSync(outside, join(home, 'artifacts', dead, 'link'));
  const next = program(`await staging.stage(Buffer.from('y'), {}); say('done'); await staging.close();`);
  expect(await next.next()).toBe('done');
  await next.ended;
  expect(existsSync(left)).toBe(false);
  expect(existsSync(kept)).toBe(true);
  expect(readdirSync(outside)).toEqual(['precious']);
  expect(runs().sort()).toEqual([...strangers, link, runs().find((name) => kept.includes(name))].sort());
  living.child.stdin.end();
  living.child.kill();
  await living.ended;
});

test.each(['process.exit()', "throw new Error('x')"])('a program that ends by %s leaves nothing', async (end) => {
  const { ended, next, child } = program(
    `process.on('uncaughtException', () => process.exit(1)); say((await staging.stage(Buffer.from('x'), {})).path); process.stdin.once('data', () => { ${end} });`,
  );
  expect(existsSync((await next()) as string)).toBe(true);
  child.stdin.write('go');
  await ended;
  expect(runs()).toEqual([]);
});

test.skipIf(!(await canMount()))(
  'a full disk is an error that says so, nothing half staged stays, and with room again it works',
  async () => {
    const { next, ended } = program(
      `
    const { readdirSync } = await import('node:fs');
    const { join } = await import('node:path');
    const { reason, retryable, message } = await staging.stage(new Uint8Array(2_000_000), { name: 'big' }).catch((error) => error);
    const [run] = readdirSync(join(home, 'artifacts'));
    say({ reason, retryable, message, left: readdirSync(join(home, 'artifacts', run)) });
    say((await staging.stage(new Uint8Array(500_000), {})).size);
    await staging.close();`,
      { command: [...onSmallDisk(home), process.execPath] },
    );
    expect(await next()).toEqual({
      reason: 'no-room',
      retryable: true,
      message: expect.stringMatching(/^Staging big: expected room in the engine's home, got ENOSPC.*\. Free some room/),
      left: [],
    });
    expect(await next()).toBe(500_000);
    await ended;
  },
);
