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
