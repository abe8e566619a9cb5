import { expect, test } from 'vitest';
import { Codex } from './codex.ts';
import { install } from './install/install.ts';
import { installRules } from './install/install-options.ts';
import { authJsonRules, loginWithAuthJson } from './login-with-auth-json.ts';
import { deviceCodeRules, loginWithDeviceCode } from './login-with-device-code.ts';
import { codexRules, turnRules } from './options.ts';

const wrong: readonly unknown[] = [0n, Symbol('x'), () => {}, new AbortController(), [7], 'text', 7, true];
const engine = { codexPathOverride: '/not/there/codex' };
const form = /^Reading [^:]+: expected .+, got .+\.$/;

test('a wrong option of a client is refused when it is made, null being none', () => {
  for (const [name, { accepts }] of Object.entries(codexRules)) {
    for (const value of wrong.filter((one) => !accepts(one)))
      expect(() => new Codex({ ...engine, [name]: value } as never), name).toThrow(TypeError);
  }
  expect(() => new Codex('codex' as never)).toThrow(form);
  const codex = new Codex(engine);
  expect(() => codex.startThread(7 as never)).toThrow(form);
  expect(() => codex.resumeThread('th', null as never)).toThrow(form);
});

test('a login without an object of options says so, before it says what is wrong in them', async () => {
  for (const one of ['codex', null, undefined])
    await expect(loginWithDeviceCode(one as never)).rejects.toThrow(
      /^Reading the argument options: expected an object, got /,
    );
});

test('a wrong option of a call is refused before anything starts or is written', async () => {
  const thread = new Codex(engine).startThread();
  const calls: [Record<string, { accepts(value: unknown): boolean }>, (options: object) => Promise<unknown>][] = [
    [turnRules, (options) => thread.run('hi', options as never)],
    [installRules, (options) => install({ version: '1', baseUrl: 'file:///x', installDir: '/x', ...options })],
    [authJsonRules, (options) => loginWithAuthJson(options)],
    [deviceCodeRules, (options) => loginWithDeviceCode({ executablePath: '/not/there/codex', ...options })],
  ];
  for (const [rules, call] of calls) {
    for (const [name, { accepts }] of Object.entries(rules)) {
      for (const value of wrong.filter((one) => !accepts(one))) {
        const error = await call({ [name]: value }).catch((reason: unknown) => reason);
        expect(error, `${name}: ${String(value)}`).toBeInstanceOf(TypeError);
        expect((error as Error).message).toMatch(form);
      }
    }
  }
  for (const call of [install, loginWithDeviceCode, loginWithAuthJson] as ((options: never) => Promise<unknown>)[])
    for (const value of ['text', null, []]) await expect(call(value as never)).rejects.toThrow(form);
  // The next right call gets as far as it can without an engine.
  await expect(thread.run('hi', { signal: new AbortController().signal })).rejects.toThrow('ENOENT');
});
