import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const program = `
  import { claimStdout } from ${JSON.stringify(fileURLToPath(new URL('protocol-stdio.ts', import.meta.url)))};
  const write = claimStdout();
  console.log('stray');
  write({ type: 'done', run: '\\u2028' });
`;

test('a stray print goes to stderr', async () => {
  const ended = await execa(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]);
  expect(ended.stdout).toBe('{"type":"done","run":"\u2028"}');
  expect(ended.stderr).toBe('stray');
});

const unheard = `
  import { claimStdout } from ${JSON.stringify(fileURLToPath(new URL('protocol-stdio.ts', import.meta.url)))};
  const write = claimStdout();
  process.on('uncaughtException', (error) => write({ type: 'failed', run: '', message: error.message }));
  process.stdin.on('end', () => write({ type: 'done', run: '' })).resume();
  setInterval(() => undefined, 60_000);
`;

test('a driver whose harness is gone ends, also while it tells of uncaught errors', async () => {
  const child = execa(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', unheard], {
    reject: false,
    buffer: false,
  });
  child.stdout.destroy();
  await new Promise((resolve) => child.stdout.once('close', resolve));
  child.stdin.end();
  expect(await child).toMatchObject({ exitCode: 1 });
});
