import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Codex } from '../client/codex.ts';

const program = fileURLToPath(new URL('../test-fixtures/scripted-engine.mjs', import.meta.url));

test('requests that are written at once are whole lines, also those that are larger than a pipe', async () => {
  const script = JSON.stringify({ echo: [{ echo: true }] });
  await using codex = new Codex({ launchArgsOverride: [process.execPath, program, script] });
  await codex.connect();
  const texts = Array.from({ length: 60 }, (_, n) => `${n}é`.repeat(n % 3 === 0 ? 40_000 : 3));
  const answers = await Promise.all(texts.map((text) => codex.request('echo', { text })));
  expect(answers).toEqual(texts.map((text) => ({ params: { text } })));
});
