import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Codex } from '../client/codex.ts';

const program = fileURLToPath(new URL('../test-fixtures/scripted-engine.mjs', import.meta.url));
const megabyte = 1024 * 1024;

test.each([
  ['ends when it is asked to', {}],
  ['ignores that too', { ignoreEnd: true }],
])(
  'an engine that stops reading and %s: what waits for it is bounded, callers are told, close ends it',
  async (_, more) => {
    const script = JSON.stringify({ stop: [{ stopReading: true, ...more }, { result: {} }] });
    const codex = new Codex({ launchArgsOverride: [process.execPath, program, script], unsentLimit: megabyte });
    await codex.request('stop');
    const text = 'x'.repeat(100_000);
    const kinds: Record<string, number> = {};
    const calls = Array.from({ length: 500 }, () =>
      codex.threadArchive(text).catch((error: { kind: string }) => {
        kinds[error.kind] = (kinds[error.kind] ?? 0) + 1;
      }),
    );
    await expect(codex.models()).rejects.toMatchObject({ kind: 'not-reading', limitBytes: megabyte });
    await codex.close();
    await Promise.all(calls);
    // Twelve lines go beyond a megabyte; the engine's pipe and its own buffers hold a few more.
    expect(kinds['transport-closed']).toBeGreaterThanOrEqual(11);
    expect(kinds['transport-closed']).toBeLessThan(30);
    expect(kinds['not-reading']).toBe(500 - (kinds['transport-closed'] ?? 0));
  },
);

test('an engine that reads gets all of many large requests, one after the other', async () => {
  const script = JSON.stringify({ echo: [{ echo: true }] });
  await using codex = new Codex({ launchArgsOverride: [process.execPath, program, script], unsentLimit: megabyte });
  const text = 'x'.repeat(2 * megabyte);
  for (let times = 0; times < 5; times += 1)
    expect(await codex.request('echo', { text })).toEqual({ params: { text } });
});
