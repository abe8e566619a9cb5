import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Codex } from '../client/codex.ts';
import type { EngineExitError } from '../errors/connection-errors.ts';

const program = fileURLToPath(new URL('../test-fixtures/scripted-engine.mjs', import.meta.url));

test.each([
  ['a short line', 1],
  ['a line of 20 MB', 20_000_000],
])('a death in the middle of %s is told as any death, with its exit code and stderr', async (_, times) => {
  const half = [{ raw: '{"method":"n","params":{"a":"' }, { raw: 'x', times }];
  const script = { die: [...half, { stderr: 'out of memory\n' }, { exit: 101 }] };
  await using codex = new Codex({ launchArgsOverride: [process.execPath, program, JSON.stringify(script)] });
  for (const [action, call] of Object.entries({ die: codex.request('die'), waiting: codex.request('waiting') })) {
    const error = await call.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'EngineExitError',
      action,
      exitCode: 101,
      retryable: true,
      reason: 'it panicked',
    });
    expect(error).toMatchObject({ message: expect.stringContaining('. Its last words: out of memory') });
    expect((error as EngineExitError).stderrTail).toBe('out of memory');
    const { cause } = error as { cause: Error };
    expect(cause.message).toMatch(
      /^Invalid JSON-RPC line: '\{"method":"n","params":\{"a":"xx*(… \(20000029 bytes\))?'$/,
    );
  }
});
