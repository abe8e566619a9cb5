import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clientRequestMethods, protocolVersions, type RequestTraits } from '../protocol/index.ts';
import { connected } from '../test-fixtures/connected-client.ts';
import { compareVersion, explainRefusal, warnIfUnproven } from './engine-version.ts';

// The verdicts at 0.151.0 are in `capability-check.test.ts`.
test.each([
  ['0.163.0', '0.163.0', 0],
  ['0.171.1', '0.171.0', 1],
  ['0.171.0-alpha.1', '0.171.0', -1],
  ['0.9.0', '0.163.0', -1],
  ['1.0', '0.171.0', 1],
  ['main', '0.171.0', undefined],
  [undefined, '0.171.0', undefined],
])('%s to %s: %s', (version, release, order) => expect(compareVersion(version, release)).toBe(order));

const unknownVariant = (method: string) => ({
  code: -32600,
  text: `Invalid request: unknown variant \`${method}\`, expected one of \`initialize\`, \`thread/start\``,
});
const [oldest, newest] = [protocolVersions[0] ?? '', protocolVersions.at(-1) ?? ''];

test.each(
  Object.entries<RequestTraits>(clientRequestMethods).flatMap(([method, { since, until }]) => [
    ...(since === undefined
      ? []
      : [[method, oldest, `it came with ${since}. Use that engine or a newer one.`] as const]),
    ...(until === undefined
      ? []
      : [[method, newest, `it was removed after ${until}. Use that engine or an older one.`] as const]),
  ]),
)('a refused %s on %s names the engines that have it', (method, version, reason) => {
  const text = `codex ${version} has no ${method}: ${reason}`;
  expect(explainRefusal(method, unknownVariant(method), `${version} (Linux; x86_64) xterm`)).toBe(text);
  expect(explainRefusal(method, { code: -32601, text: 'Method not found' }, version)).toBe(text);
});

test.each([
  ['a method of all engines', 'thread/start', unknownVariant('thread/start'), oldest],
  ['a method of no engine', 'toString', unknownVariant('toString'), oldest],
  ['an engine that should have it', 'thread/sample', unknownVariant('thread/sample'), '0.166.0'],
  ['an engine without a version', 'thread/sample', unknownVariant('thread/sample'), undefined],
  ['a refusal for another reason', 'thread/sample', { code: -32600, text: 'thread not found' }, oldest],
  ['another code', 'thread/sample', { ...unknownVariant('thread/sample'), code: -32603 }, oldest],
])('%s: the engine has the word', (_, method, refusal, version) => {
  expect(explainRefusal(method, refusal, version)).toBeUndefined();
});

test('what needs the experimental API says what to set', () => {
  const refusal = { code: -32600, text: 'thread/start.permissions requires experimentalApi capability' };
  const text = `${refusal.text}. Set CodexConfig.experimentalApi to true.`;
  expect(explainRefusal('thread/start', refusal, newest)).toBe(text);
});

test('a typed call of a method that the engine lacks: the error of the same class, with the engine’s own text beside it', async () => {
  const { codex, engine } = await connected({}, 'fake/0.163.0');
  const refusal = unknownVariant('thread/sample');
  const call = codex.rpc.threadSample({ threadId: 't', prompt: 'x', expectedTurnId: 'u' });
  await engine.refuse(refusal.code, refusal.text);
  await expect(call).rejects.toMatchObject({
    name: 'InvalidRequestError',
    kind: 'invalid-request',
    message:
      'JSON-RPC error -32600: codex 0.163.0 has no thread/sample: it came with 0.166.0. Use that engine or a newer one.',
    rpcMessage: refusal.text,
    action: 'thread/sample',
  });
});

const warnings = vi.spyOn(process, 'emitWarning').mockReturnValue();
beforeEach(() => warnings.mockClear());
afterEach(() => Reflect.deleteProperty(globalThis, Symbol.for('twinproof.warnedEngines')));

test('an engine outside the proven range: one warning for each version', async () => {
  for (const version of ['0.162.9', '0.172.0 (Linux)', '0.172.0 (Mac)', '0.171.0-beta.1', '0.172.0-alpha.1'])
    warnIfUnproven(version);
  const named = warnings.mock.calls.map(([text, options]) => [/codex (\S+),/.exec(String(text))?.[1], options]);
  const options = { type: 'TwinproofWarning', code: 'TWINPROOF_ENGINE_VERSION' };
  expect(named).toEqual([
    ['0.162.9', options],
    ['0.172.0', options],
    ['0.172.0-alpha.1', options],
  ]);
  expect(warnings.mock.calls[0]?.[0]).toContain(`is proven with ${oldest} to ${newest}.`);
});

test.each([...protocolVersions, '0.167.3', '0.0.0', '1.0', 'main', '', undefined])('%s: no warning', (version) => {
  warnIfUnproven(version);
  expect(warnings).not.toHaveBeenCalled();
});

test('a connection warns of the engine that it has reached, unless it is told not to', async () => {
  await connected({ engineCheck: 'off' }, 'codex_typescript_sdk/0.198.0 (Debian 12.0.0)');
  expect(warnings).not.toHaveBeenCalled();
  await connected({}, 'codex_typescript_sdk/0.199.0 (Debian 12.0.0; x86_64) xterm (codex_typescript_sdk; 0.1.0)');
  await connected({}, 'other/0.199.0');
  expect(warnings).toHaveBeenCalledOnce();
});
