import { expect, test } from 'vitest';
import type { ClientId } from '../../clients/clients.ts';
import type { ObservationHeader } from '../../observation/types.ts';
import { settingNames } from './setting-names.ts';

function compared(client: ClientId, message: string): string {
  const line = { ch: 'error', lane: 'main', op: 't.run', error: { class: 'CodexError', message } } as const;
  const read = settingNames.apply(line, { header: { client } as ObservationHeader });
  return read?.ch === 'error' ? read.error.message : message;
}

test("Python's settings are compared by the names that they have in ours", () => {
  const message = 'Configure CodexConfig.codex_bin; see CodexConfig.cwd.';
  for (const client of ['python', 'python-async'] as const)
    expect(compared(client, message)).toBe('Configure CodexConfig.codexBin; see CodexConfig.cwd.');
});

test('other texts are left as they are, and so is a name that a user of ours would not find', () => {
  expect(compared('python', 'codex_bin is wrong')).toBe('codex_bin is wrong');
  expect(compared('ts', 'Configure CodexConfig.codex_bin.')).toBe('Configure CodexConfig.codex_bin.');
});

test('an error that was tampered with is no error of the rule', () => {
  const header = { client: 'python' } as ObservationHeader;
  for (const error of [undefined, { class: 'CodexError' }]) {
    const line = { ch: 'error', lane: 'main', op: 't.run', error } as never;
    expect(settingNames.apply(line, { header })).toBeUndefined();
  }
});
