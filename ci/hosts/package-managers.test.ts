import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { overrides, shim } from './package-managers.ts';

test('the page shows the stand-in that the table of hosts tries', () => {
  const page = readFileSync(new URL('../../docs/from-codex-sdk.md', import.meta.url), 'utf8');
  for (const [name, text] of Object.entries(shim)) {
    expect(page).toContain(`\`${name}\``);
    expect(page).toContain(text);
  }
  expect(page).toContain(
    `"overrides": ${JSON.stringify(overrides).replace('{', '{ ').replace('}', ' }').replace('":"', '": "')}`,
  );
});
