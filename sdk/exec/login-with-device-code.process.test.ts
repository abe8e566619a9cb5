import { expect, test } from 'vitest';
import { Codex } from './codex.ts';
import { CodexAuthError } from './exec-errors.ts';
import { loginWithDeviceCode } from './login-with-device-code.ts';
import { type Action, childEngine, childEnv } from './test-fixtures/child-engine.ts';

async function login(actions: Action[], signal?: AbortSignal): Promise<{ code: number; text: string }> {
  let text = '';
  const onOutput = (more: string) => {
    text += more;
  };
  const code = await loginWithDeviceCode({
    executablePath: process.execPath,
    env: childEnv(actions),
    onOutput,
    ...(signal ? { signal } : {}),
  });
  return { code, text };
}

test('the engine’s words are passed on, those on stderr too, and its exit code (304)', async () => {
  expect(await login([{ raw: 'open http://x and say CODE\n' }, { exit: 4 }])).toEqual({
    code: 4,
    text: 'open http://x and say CODE\n',
  });
  expect(await login([{ stderr: 'no' }])).toEqual({ code: 0, text: 'no' });
});

test('a client uses its own engine and environment, and what it runs is the login (304)', async () => {
  let text = '';
  const codex = new Codex(childEngine([{ report: true }], { apiKey: 'k' }));
  await codex.loginWithDeviceCode({
    onOutput: (more) => {
      text += more;
    },
  });
  expect(JSON.parse(text)).toMatchObject({ args: ['login', '--device-auth'], env: { CODEX_API_KEY: 'k' } });
});

test('a missing engine, a signal of its own, an abort', async () => {
  await expect(loginWithDeviceCode({ executablePath: '/nope/codex' })).rejects.toThrow(
    new CodexAuthError('Codex CLI not found at /nope/codex'),
  );
  await expect(loginWithDeviceCode({ executablePath: `${process.execPath}/codex` })).rejects.toBeInstanceOf(
    CodexAuthError,
  );
  if (process.platform !== 'win32') expect((await login([{ kill: 'SIGTERM' }])).code).toBe(-15);
  const early = new AbortController();
  const never = loginWithDeviceCode({
    executablePath: process.execPath,
    env: childEnv([{ hang: true }]),
    signal: early.signal,
  });
  early.abort();
  await expect(never).rejects.toMatchObject({ name: 'AbortError' });
  const controller = new AbortController();
  const codex = new Codex(childEngine([{ raw: 'waiting' }, { hang: true }]));
  const waiting = codex.loginWithDeviceCode({ signal: controller.signal, onOutput: () => controller.abort() });
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('a reader of the words that throws ends the login, and the engine with it', async () => {
  const codex = new Codex(childEngine([{ raw: 'waiting' }, { hang: true }]));
  const onOutput = (text: string) => {
    throw new Error(`no code in ${text}`);
  };
  await expect(codex.loginWithDeviceCode({ onOutput })).rejects.toThrow('no code in waiting');
});
