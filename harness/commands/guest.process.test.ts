import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readChecked } from '../data/schemas.ts';
import { guestCheck } from '../run/machine-checks.ts';
import { readRunResult } from '../run/run-result.ts';
import { diff } from './diff.ts';
import { rerun } from './rerun.ts';
import { run } from './run.ts';
import { saidTerminal } from './test-fixtures/said-terminal.ts';

const scenario = 'turns/plain-message';
const of = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const mini = `python3 '${of('../../examples/driver/driver.py')}'`;
const bad = (way: string) => `'${process.execPath}' '${of('../driver/test-fixtures/bad-guest.mjs')}' ${way}`;

let out: string;
beforeEach(async () => {
  out = await mkdtemp(path.join(tmpdir(), 'guest-'));
});
afterEach(() => rm(out, { recursive: true }));

describe('a client that joins by its driver', () => {
  test('runs beside the others, and what it left is read without it', async () => {
    const { terminal, out: lines } = saidTerminal();
    const args = { driver: mini, scenario, offline: true, out };
    expect(await run(args, terminal), lines.join('\n')).toBe(0);
    const { clients, results } = await readRunResult(out);
    expect(clients.at(-1)).toEqual({ id: 'mini', version: '0.1.0' });
    // What is written for others names it, too.
    await readChecked(path.join(out, 'summary.json'), 'summary');
    expect(results.map(({ client, verdict }) => [client, verdict])).toEqual([
      ['ts', 'match'],
      ['bare', 'not-applicable'],
      ['mini', 'match'],
    ]);
    expect(await diff({ scenario, client: 'mini', engine: 'fake', out }, terminal)).toBe(0);
    await expect(diff({ scenario, client: 'maxi', engine: 'fake', out }, terminal)).rejects.toThrow('got "maxi"');
  });

  test('is rerun by its address, with its driver', async () => {
    const { terminal, out: lines } = saidTerminal();
    const cell = `${scenario}/mini/fake`;
    expect(await rerun({ cell, driver: mini, offline: true }, terminal), lines.join('\n')).toBe(0);
    expect(lines.at(-1)).toBe(`match  ${scenario}  mini on fake`);
    await expect(rerun({ cell, offline: true }, terminal)).rejects.toThrow(`there is no scenario ${cell}`);
    const other = rerun({ cell: `${scenario}/ts/fake`, driver: mini, offline: true }, terminal);
    await expect(other).rejects.toThrow('expected mini, the client of --driver, got ts');
  });

  test('is a difference where it does not do what the golden shows', async () => {
    const { terminal, out: lines } = saidTerminal();
    const args = { driver: bad('idle'), client: 'guest', scenario, offline: true, out };
    expect(await run(args, terminal)).toBe(1);
    expect((await readRunResult(out)).results).toMatchObject([{ client: 'guest', verdict: 'mismatch' }]);
    expect(lines.join('\n')).toContain(`again: npm run parity -- rerun ${scenario}/guest/fake --driver '…'`);
  });
});

/** What differs between two runs of the same, as the page writes it. */
function settled(conversation: string): string {
  const ids: string[] = [];
  const id = (uuid: string) => `id-${(ids.includes(uuid) ? ids.indexOf(uuid) : ids.push(uuid) - 1) + 1}`;
  return (
    conversation
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, id)
      .replace(/"((?:started|completed)At(?:Ms)?|durationMs|t)": ?\d+/g, '"$1":0')
      // Longer on a crowded machine.
      .replace(/"deadlineMs":\d+/, '"deadlineMs":10000')
      .replace(/http:\/\/127\.0\.0\.1:\d+\/\w+/g, 'http://127.0.0.1:40000/secret')
      .replace(/"[^"]*\/\d+-\w{6}\//g, '"/cell/')
  );
}

const messages = (conversation: string) =>
  conversation
    .split(/^(?=[→←])/m)
    .filter((part) => /^[→←]/.test(part))
    .map((part) => [part[0], JSON.parse(part.slice(1))]);

test('the page begins with the conversation that the driver in 60 lines and the harness have', async () => {
  const { terminal } = saidTerminal();
  const file = path.join(out, 'conversation.txt');
  const copying = `'${process.execPath}' '${of('../driver/test-fixtures/copying-driver.mjs')}' ${file} ${mini}`;
  expect(await run({ driver: copying, client: 'mini', scenario, offline: true, out }, terminal)).toBe(0);
  expect((await readRunResult(out)).results.map(({ client }) => client)).toEqual(['mini']);
  const page = await readFile(new URL('../../docs/driver-protocol.md', import.meta.url), 'utf8');
  const [, block = ''] = /```text\n(←.*?)```/s.exec(page) ?? [];
  // The first hello is for the greeting, which ends at once.
  const [, , ...said] = messages(settled(await readFile(file, 'utf8')));
  expect(messages(block)).toEqual(said);
  const program = await readFile(new URL('../../examples/driver/driver.py', import.meta.url), 'utf8');
  expect(program.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(60);
});

describe('a driver that goes wrong costs its cell, and says how', () => {
  test.each([
    ['exits', 'driver guest exited with code 7; the end of its stderr:\nSegmentation fault'],
    ['prints', 'driver guest wrote to stdout what is not JSON: "starting the turn"; stdout is for messages alone'],
    ['part', 'driver guest wrote to stdout what is not JSON: "{\\"type\\":\\"line\\",\\"run\\":"'],
    ['wrong', 'driver guest wrote a line without lane of the channel call, a string'],
    ['fails', 'driver guest failed: no codex.models'],
  ])('%s', async (way, told) => {
    const { terminal } = saidTerminal();
    expect(await run({ driver: bad(way), client: 'guest', scenario, offline: true, out }, terminal)).toBe(1);
    const [cell] = (await readRunResult(out)).results;
    expect(cell).toMatchObject({ verdict: 'could-not-run' });
    expect(cell?.reason).toContain(told);
  });

  test('one that never says hello ends the run before it begins', async () => {
    const { terminal } = saidTerminal();
    const begin = (driver: string) => run({ driver, scenario, offline: true, out }, terminal);
    await expect(begin(bad('never'))).rejects.toMatchObject({
      message: 'The driver said no hello that can be used; the end of its stderr:\nno such module: sdk',
      cause: { message: expect.stringMatching(/^driver .*bad-guest\.mjs' never exited with code 3$/) },
    });
    await expect(begin('/no/such/driver')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('driver /no/such/driver could not be started') },
    });
    await expect(begin('"')).rejects.toThrow('Reading --driver: expected a program and its arguments');
  });

  test('the doctor hears its hello', async () => {
    expect(await guestCheck(mini)).toBe('mini 0.1.0, of the family app-server, with sdk');
    await expect(guestCheck(bad('never'))).rejects.toThrow('no such module: sdk');
  });
});
