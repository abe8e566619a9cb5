import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('scripted scenarios are recorded on the fake, and so its bundle is made before', () => {
  expect(readFileSync(new URL('record.mjs', import.meta.url), 'utf8')).toMatch(/needs: \[[^\]]*'fake'/);
});
