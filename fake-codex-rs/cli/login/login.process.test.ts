import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildFake } from '../../test-fixtures/run-fake.ts';
import { type SideRuns, sideRuns } from '../../test-fixtures/run-side.ts';

let runs: SideRuns;
let home: string;
beforeAll(buildFake);
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fake-login-'));
  runs = sideRuns({ CODEX_HOME: home });
});
afterEach(async () => {
  await runs.dispose();
  rmSync(home, { recursive: true, force: true });
});

const key = 'sk-test-abcdefgh12345678';
const unchecked = 'Authentication is checked when you send a request.';
const run = async (argv: string[], stdin = '', script = []) => {
  const { code, stderr } = await runs.run({ script }, argv, stdin).ended;
  return [code, stderr.trimEnd().split('\n').at(-1)];
};

test('logs in and out as the engine does, and no key is written anywhere', async () => {
  expect(await run(['login', 'status'])).toEqual([1, 'Not logged in']);
  expect(await run(['login', '--with-api-key'], `${key}\n`)).toEqual([0, `API key saved. ${unchecked}`]);
  expect(await run(['login', 'status'])).toEqual([0, unchecked]);
  expect(await run(['logout'])).toEqual([0, 'Successfully logged out']);
  expect(await run(['logout'])).toEqual([0, 'Not logged in']);
  expect(await run(['login', '--device-auth'])).toEqual([0, 'Successfully logged in']);
  expect(await run(['login', 'status'])).toEqual([0, 'Logged in using ChatGPT']);
  await run(['login', '--with-api-key'], `${key}\n`);
  expect(await run(['login', '--api-key', key])).toEqual([
    1,
    expect.stringMatching(/^The --api-key flag is no longer/),
  ]);
  expect(await run(['login', `--api-key=${key}`])).toEqual([1, expect.any(String)]);
  const files = readdirSync(home).map((name) => readFileSync(join(home, name), 'utf8'));
  expect(files).toHaveLength(1);
  for (const text of [runs.log(), ...files]) {
    expect(text).not.toBe('');
    expect(text).not.toContain(key);
  }
  expect(runs.marks()).toEqual([]);
});

test('refuses what the engine refuses', async () => {
  expect(await run(['login', '--with-api-key'], ' \n')).toEqual([1, 'No API key provided via stdin.']);
  expect(await run(['login', '--with-api-key', '--with-access-token'])).toEqual([
    1,
    'Choose one login credential source: --with-api-key or --with-access-token.',
  ]);
  const { code, stderr } = await runs.run({}, ['login', 'bogus'], '').ended;
  expect([code, stderr]).toEqual([
    2,
    "error: unrecognized subcommand 'bogus'\n\nUsage: codex login [OPTIONS] [COMMAND]\n\nFor more information, try '--help'.\n",
  ]);
});

test('a script says otherwise, run by run', async () => {
  const script = [
    { login: 'status', says: 'Logged in using ChatGPT' },
    { login: 'status', says: 'Expired', code: 4 },
    { login: 'device-auth', prints: 'go there', says: 'no network', code: 1 },
  ];
  const options = { script };
  expect(await runs.run(options, ['login', 'status'], '').ended).toMatchObject({
    code: 0,
    stderr: 'Logged in using ChatGPT\n',
  });
  expect(await runs.run(options, ['login', '--device-auth'], '').ended).toMatchObject({
    code: 1,
    stdout: 'go there\n',
  });
  for (const _again of [2, 3])
    expect(await runs.run(options, ['login', 'status'], '').ended).toMatchObject({ code: 4, stderr: 'Expired\n' });
});
