import { afterEach, expect, test, vi } from 'vitest';
import { Codex } from './codex.ts';

afterEach(() => void vi.unstubAllEnvs());

test('without a temporary folder a schema is refused, and an engine is not installed, in words of this SDK', async () => {
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, '/not/there');
  const thread = new Codex({ codexPathOverride: process.execPath }).startThread();
  await expect(thread.run('hi', { outputSchema: {} })).rejects.toMatchObject({
    name: 'LaunchError',
    kind: 'launch',
    message: expect.stringMatching(
      /^Making a temporary folder: expected a writable \/not\/there, got .*\. Set TMPDIR\.$/,
    ),
    cause: { code: 'ENOENT' },
  });
  const options = { version: '1', baseUrl: 'file:///nowhere', installDir: '/nowhere' };
  await expect(Codex.install(options)).rejects.toMatchObject({ name: 'CodexInstallError', kind: 'install' });
});
