import { expect, test } from 'vitest';
import { isSupportedRuntime, runtimeVersion, unsupportedRuntime } from './runtime-version.ts';

// Each verdict is that of Python's `require_runtime_version`, asked for the same text.
test.each([
  '0.151.0',
  '0.151',
  '0.152.0-dev',
  '0.152.0.dev3',
  '0.154.0-alpha.1',
  '0.154.0-alpha.1.2',
  '0.151.0.post1',
  '0.151.0-1',
  '0.151.0.post1.dev2',
  'v0.160.0',
  '0.160.0+local',
  '0.151.0+local.7',
  '0.151.0.0.1',
  '1.0',
  '1!0.1',
  '0.152.0RC_1',
])('%s is supported', (version) => expect(isSupportedRuntime(version)).toBe(true));

test.each([
  '0.150.9',
  '0.151.0-alpha.6',
  '0.151.0-beta.1',
  '0.151.0-alpha.1.2',
  '0.151.0rc1.post1',
  '0.151.0.dev1',
  '0.151.0-preview',
  '0.0.0',
  '0.160.0-foo',
  '0.160.0-alpha.1.2.3',
  '0.160.0+',
  'main',
  '',
  undefined,
])('%s is not', (version) => expect(isSupportedRuntime(version)).toBe(false));

test('the first word counts; without one the version is unknown', () => {
  expect(runtimeVersion(' 0.151.0 (Linux; x86_64) xterm')).toBe('0.151.0');
  expect(runtimeVersion(' ')).toBeUndefined();
  const start = 'Codex CLI 0.151.0 or newer is required; reported version is';
  expect(unsupportedRuntime(undefined)).toBe(`${start} 'unknown'`);
  expect(unsupportedRuntime('0.1')).toBe(`${start} '0.1'`);
});
