import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadContract } from '../../harness/contract/load-contract.ts';
import { staleFiles } from '../generate/publish-folder.ts';
import { protocolFiles } from './protocol-files.ts';

test('the committed types are those of the committed contract', async () => {
  const folder = fileURLToPath(new URL('../../sdk/protocol', import.meta.url));
  expect(await staleFiles(folder, protocolFiles(await loadContract()))).toEqual([]);
});
