import { expect, test } from 'vitest';
import { execEnv } from './exec-env.ts';

test('without an environment given, the whole of this process’s is passed (258)', () => {
  expect(execEnv({}, [])).toEqual({ ...process.env, CODEX_INTERNAL_ORIGINATOR_OVERRIDE: 'codex_sdk_ts' });
});

test('with one given, that alone, with the key, and the folders first on its PATH (258, 260)', () => {
  const given = { PATH: '/bin', CODEX_INTERNAL_ORIGINATOR_OVERRIDE: 'mine' };
  expect(execEnv({ env: given, apiKey: 'k', baseUrl: 'http://h' }, ['/engine'])).toEqual({
    PATH: process.platform === 'win32' ? '/engine;/bin' : '/engine:/bin',
    CODEX_INTERNAL_ORIGINATOR_OVERRIDE: 'mine',
    CODEX_API_KEY: 'k',
  });
  expect(given).toEqual({ PATH: '/bin', CODEX_INTERNAL_ORIGINATOR_OVERRIDE: 'mine' });
});

test('an empty name of the client is none: it gets that of the official one', () => {
  expect(execEnv({ env: { CODEX_INTERNAL_ORIGINATOR_OVERRIDE: '' } }, [])).toEqual({
    CODEX_INTERNAL_ORIGINATOR_OVERRIDE: 'codex_sdk_ts',
  });
});
