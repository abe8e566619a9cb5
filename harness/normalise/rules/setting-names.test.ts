import { expect, test } from 'vitest';
import type { ObservationHeader } from '../../observation/types.ts';
import type { ClientId } from '../../scenario/types.ts';
import { settingNames } from './setting-names.ts';

function compared(client: ClientId, message: string): string {
  const line = { ch: 'error', lane: 'main', op: 't.run', error: { class: 'CodexError', message } } as const;
  const read = settingNames.apply(line, { header: { client } as ObservationHeader });
  return read?.ch === 'error' ? read.error.message : message;
}

test('settings are compared by the names that Python has for them', () => {
  expect(compared('ts', 'Configure CodexConfig.codexBin; see CodexConfig.cwd.')).toBe(
    'Configure CodexConfig.codex_bin; see CodexConfig.cwd.',
  );
});

test('a name that a user of ours would not find shows', () => {
  expect(compared('ts', 'Configure CodexConfig.codex_bin.')).not.toBe('Configure CodexConfig.codex_bin.');
});

test('other texts, and other clients, are left as they are', () => {
  expect(compared('ts', 'codexBin is wrong')).toBe('codexBin is wrong');
  expect(compared('python', 'Configure CodexConfig.codexBin.')).toBe('Configure CodexConfig.codexBin.');
});
