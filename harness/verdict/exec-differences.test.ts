import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { clientFacts } from '../clients/clients.ts';
import { readLedger } from './ledger.ts';

const at = (file: string) => new URL(`../../${file}`, import.meta.url);

test('docs/exec-differences.md names every difference of the exec clients, and no other', async () => {
  const ledger = await readLedger(fileURLToPath(at('fixtures/known-differences.yaml')));
  const own = ledger.filter(({ clients }) => clients.some((client) => clientFacts(client).family === 'exec'));
  const named = (await readFile(at('docs/exec-differences.md'), 'utf8')).match(/`exec-[A-Za-z0-9-]+`/g) ?? [];
  expect([...new Set(named)].sort()).toEqual(own.map(({ id }) => `\`${id}\``).sort());
});
