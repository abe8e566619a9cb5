import { expect, test } from 'vitest';
import { connected } from '../test-fixtures/connected-client.ts';

const browser = { type: 'chatgpt', loginId: 'l', authUrl: 'a' };
const completion = (loginId: string | null) => ({ loginId, success: true, error: null });

/** A client with a login in the browser under way. */
async function withLogin() {
  const { engine, codex } = await connected();
  const [login, request] = await Promise.all([codex.loginChatgpt(), engine.answer(browser)]);
  return { engine, codex, login, request };
}

test('a login by key is one request; its completion names no attempt, and is told to all', async () => {
  const { engine, codex } = await connected();
  const [nothing, request] = await Promise.all([codex.loginApiKey('not-a-key'), engine.answer({ type: 'apiKey' })]);
  expect(nothing).toBeUndefined();
  expect(request).toMatchObject({
    method: 'account/login/start',
    params: { type: 'apiKey', apiKey: 'not-a-key' },
  });
  engine.notify('account/login/completed', completion(null));
  expect(await codex.nextNotification()).toMatchObject({
    method: 'account/login/completed',
    payload: { loginId: null },
  });
});

test('a login in the browser has its id and its page', async () => {
  const { login, request } = await withLogin();
  expect(request.params).toEqual({ type: 'chatgpt' });
  expect(login).toMatchObject({ loginId: 'l', authUrl: 'a' });
});

test.each([
  ['loginChatgpt', { ...browser, authUrl: 5 }, 'unexpected ChatGPT login response: '],
  ['loginChatgpt', { ...browser, type: 'chatgptDeviceCode' }, 'unexpected ChatGPT login response: '],
  ['loginChatgptDeviceCode', browser, 'unexpected device-code login response: '],
] as const)('%s is refused an answer of another kind (%j)', async (method, answer, message) => {
  const { engine, codex } = await connected();
  await Promise.all([expect(codex[method]()).rejects.toThrow(message), engine.answer(answer)]);
});

test('a login that is cancelled says so to the engine, and the answer is what it says; a second time it may be another', async () => {
  const { engine, login } = await withLogin();
  for (const status of ['canceled', 'notFound']) {
    const [answer, request] = await Promise.all([login.cancel(), engine.answer({ status })]);
    expect(request).toMatchObject({ method: 'account/login/cancel', params: { loginId: 'l' } });
    expect(answer).toEqual({ status });
  }
});

test('the outcome of another attempt is not this one’s', async () => {
  const { engine, login } = await withLogin();
  const waiting = login.wait();
  for (const id of ['another', 'l']) engine.notify('account/login/completed', completion(id));
  expect(await waiting).toEqual(completion('l'));
});

test('the end of the connection fails who waits for a login, and who asks for its outcome later; one that came is kept', async () => {
  const { engine, codex, login } = await withLogin();
  engine.notify('account/login/completed', completion('early'));
  const waiting = login.wait();
  engine.peer.end();
  for (const wait of [waiting, login.wait()]) {
    await expect(wait).rejects.toMatchObject({ name: 'TransportClosedError', action: 'waiting for the login l' });
  }
  expect(await codex.waitForLoginCompleted('early')).toEqual(completion('early'));
});

test('the account is read without a new token unless one is asked for', async () => {
  const { engine, codex } = await connected();
  for (const [options, params] of [
    [{}, { refreshToken: false }],
    [{ refreshToken: true }, { refreshToken: true }],
  ] as const) {
    const [, request] = await Promise.all([codex.account(options), engine.answer({})]);
    expect(request).toMatchObject({ method: 'account/read', params });
  }
});
