import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { redact } from '../../testing/record/redact.ts';
import { writeObservation } from './observation-file.ts';
import type { Observation } from './types.ts';

const secrets = [
  'sk-proj-0123456789abcdefghij',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r',
  'ghp_0123456789abcdefghijABCDEFGHIJ',
  'Zm9vYmFyYmF6cXV4',
];

it('takes secrets out by key and by form, at any depth, and leaves the rest', () => {
  const value = {
    params: {
      apiKey: secrets[3] as string,
      list: [`Bearer ${secrets[3]}`, `key ${secrets[0]}`],
      usage: { totalTokens: 15 },
    },
    headers: { Authorization: 'x', 'user-agent': 'codex' },
    text: `${secrets[1]} and ${secrets[2]}`,
  };
  const out = JSON.stringify(redact(value));
  for (const secret of secrets) expect(out).not.toContain(secret);
  expect(out).toContain('"totalTokens":15');
  expect(out).toContain('"user-agent":"codex"');
});

it('writes no secret into a raw observation', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'observation-'));
  try {
    const file = path.join(folder, 'raw.jsonl');
    const lines = secrets.map((secret, t) => ({
      t,
      ch: 'wire.out' as const,
      msg: { method: 'account/login/start', params: { type: 'apiKey', apiKey: secret, note: `Bearer ${secret}` } },
    }));
    await writeObservation(file, { header: { kind: 'observation' }, lines } as unknown as Observation);
    const text = await readFile(file, 'utf8');
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text.trimEnd().split('\n')).toHaveLength(secrets.length + 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
